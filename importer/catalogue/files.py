"""What can be wrong with a file as a whole, and what is worth knowing about how it was read."""

from __future__ import annotations

REFUSALS: dict[str, str] = {
    "missing": "There is no file {file}. Check the name and the folder.",
}

NOTICES: dict[str, str] = {}
