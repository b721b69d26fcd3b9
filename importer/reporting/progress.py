"""A progress bar with rate and remaining time, on stderr."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm

from importer.catalogue import screen


@contextlib.contextmanager
def bar(total: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """A bar for so many scopes; calling what it gives means that one more has its outcome."""
    with tqdm(total=total, desc=screen.SENDING, unit=screen.SCOPE, disable=not shown, file=sys.stderr) as drawn:

        def one_more() -> None:
            drawn.update()

        yield one_more
