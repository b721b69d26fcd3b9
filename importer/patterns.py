"""Regular expressions compiled when they are first used: a usual sheet needs few of many, and each costs time."""

from __future__ import annotations

import re
from functools import cached_property


class Pattern:
    """A regular expression, not yet compiled."""

    def __init__(self, text: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._text = text
        self._flags = flags

    @cached_property
    def re(self) -> re.Pattern[str]:
        """The compiled expression. Python keeps it only here."""
        return re.compile(self._text, self._flags)
