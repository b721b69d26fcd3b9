"""Bulk import of recommendation pins into Luigi's Box.

`check` and `run_import` take a file and the command line's options by name, and return a `Report`; `undo` takes a run
back. Trouble with the run raises `ImporterError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from importer.errors import FileError, ImporterError, StoppedError, UsageError
from importer.model import Result
from importer.version import __version__ as __version__

if TYPE_CHECKING:
    from importer.checking import Problem
    from importer.exporting import ExportReport, run_export
    from importer.options import Options
    from importer.pipeline import check, run_import
    from importer.reporting import Report
    from importer.season import CalendarReport, write_calendar
    from importer.undoing import undo

__all__ = [
    "CalendarReport",
    "ExportReport",
    "FileError",
    "ImporterError",
    "Options",
    "Problem",
    "Report",
    "Result",
    "StoppedError",
    "UsageError",
    "check",
    "run_export",
    "run_import",
    "undo",
    "write_calendar",
]


_ROOMS = {
    "CalendarReport": "importer.season",
    "ExportReport": "importer.exporting",
    "Options": "importer.options",
    "Problem": "importer.checking",
    "Report": "importer.reporting",
    "check": "importer.pipeline",
    "run_export": "importer.exporting",
    "run_import": "importer.pipeline",
    "undo": "importer.undoing",
    "write_calendar": "importer.season",
}


def __getattr__(name: str) -> Any:
    """Load the rooms behind a public name when it is first asked for: pandas alone costs half a second."""
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(room), name)
    return found


def __dir__() -> list[str]:
    """The public names, loaded or not, for `dir`, `help` and completion."""
    return [*__all__, "__version__"]
