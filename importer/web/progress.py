"""How far a run is (pure): counts, pace, and how long it still takes. Times are steady seconds."""

from __future__ import annotations

from collections import Counter, deque

LOOKS_BACK = 20.0
"""Seconds that the pace looks back: a service that throttles lets requests through in bursts."""
SAMPLED_EVERY = 0.5


class Progress:
    """The customizations of a run as they get their outcomes."""

    def __init__(self, now: float) -> None:
        self.began = now
        self.total: int | None = None
        """How many there are to send; `None` until that is known."""
        self.counts: Counter[str] = Counter()
        """How many have which word of `Import Result`."""
        self._samples: deque[tuple[float, int]] = deque([(now, 0)])

    @property
    def done(self) -> int:
        """How many have their outcome."""
        return self.counts.total()

    @property
    def share(self) -> int:
        """The percentage that is done, rounded down."""
        return 100 * self.done // self.total if self.total else 0

    def begin(self, total: int, now: float) -> None:
        """Begin to count: this number of customizations is sent from now on."""
        self.total, self.began = total, now
        self._samples = deque([(now, 0)])

    def add(self, result: str, now: float) -> None:
        """Count one more outcome."""
        self.counts[result] += 1
        if now - self._samples[-1][0] >= SAMPLED_EVERY:
            self._samples.append((now, self.done))
            while len(self._samples) > 2 and now - self._samples[1][0] > LOOKS_BACK:
                self._samples.popleft()

    def resume(self, now: float) -> None:
        """Go on after a pause, which does not count for the pace."""
        self._samples = deque([(now, self.done)])

    def pace(self, now: float) -> float | None:
        """Customizations a second in the last moments; `None` while that is not known."""
        then, before = self._samples[0]
        seconds, done = now - then, self.done - before
        return done / seconds if seconds >= 1 and done else None

    def left(self, now: float) -> float | None:
        """The seconds that the rest will take at this pace; `None` while that is not known."""
        pace = self.pace(now)
        return None if pace is None or self.total is None else max(0, self.total - self.done) / pace
