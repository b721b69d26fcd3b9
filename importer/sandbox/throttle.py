"""A rate limit as a token bucket: one second's worth at once, then the rate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Throttle:
    """Counts calls against a rate. Times in seconds of one monotonic clock."""

    tokens: float = 0.0
    filled_at: float | None = None

    def wait(self, rate: float, now: float) -> float:
        """Take a place among `rate` calls a second: 0 if there is one, else the seconds until there is."""
        most = max(1.0, rate)
        if self.filled_at is None:
            self.tokens = most
        else:
            self.tokens = min(most, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / rate
