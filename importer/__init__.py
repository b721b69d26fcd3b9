"""Bulk import of recommendation pins into Luigi's Box.

`check` and `run_import` take a file and the command line's options by name, and return a `Report`; trouble with the run
raises `ImporterError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.errors import FileError, ImporterError, StoppedError, UsageError
from importer.model import Problem, Report, Result

if TYPE_CHECKING:
    from importer.options import Options
    from importer.pipeline import check, run_import

__version__ = "0.1.0"

__all__ = [
    "FileError",
    "ImporterError",
    "Options",
    "Problem",
    "Report",
    "Result",
    "StoppedError",
    "UsageError",
    "check",
    "run_import",
]


def __getattr__(name: str) -> Any:
    """Load the rooms behind a public name when it is first asked for: pandas alone costs half a second."""
    if name in {"check", "run_import"}:
        from importer import pipeline  # noqa: PLC0415

        return getattr(pipeline, name)
    if name == "Options":
        from importer.options import Options  # noqa: PLC0415

        return Options
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
