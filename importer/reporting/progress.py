"""A progress bar with rate and remaining time, on stderr."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm

from importer.catalogue import screen

DRAWN_EVERY = 0.5
"""Seconds between two drawings, at least."""

SMOOTHING = 0.03
"""The share of the newest drawing in the rate shown, which so looks back over some fifteen seconds. A server that
throttles lets requests through in bursts with pauses of about a second: a shorter look would show those instead."""


@contextlib.contextmanager
def bar(total: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """A bar for so many scopes; calling what it gives means that one more has its outcome."""
    with tqdm(
        total=total,
        desc=screen.SENDING,
        unit=screen.SCOPE,
        disable=not shown,
        file=sys.stderr,
        mininterval=DRAWN_EVERY,
        miniters=1,
        smoothing=SMOOTHING,
    ) as drawn:

        def one_more() -> None:
            """Count one more."""
            drawn.update()

        yield one_more
