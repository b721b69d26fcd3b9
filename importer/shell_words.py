"""Words of a command line as they are typed into a shell (pure)."""

from __future__ import annotations

import os
import re
import shlex

_PLAIN_ON_WINDOWS = re.compile(r"[\w@%+=:,./\\~-]+")


def as_typed(word: str | os.PathLike[str], *, windows: bool = os.name == "nt") -> str:
    """A word to copy into a command, in quotes where a shell would take it for several words or for something else."""
    text = os.fspath(word)
    if not windows:
        # Letters beyond ASCII mean nothing to a shell: only what `shlex` would quote without them is quoted.
        return text if text and shlex.quote(re.sub(r"\w", "a", text)) == re.sub(r"\w", "a", text) else shlex.quote(text)
    return text if _PLAIN_ON_WINDOWS.fullmatch(text) else f'"{text}"'
