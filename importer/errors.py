"""Trouble with the run as a whole, each with what to do next.

Trouble with a row or a scope is never raised: it is a value in the report (`importer.Problem`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.model import ReadFacts


class ImporterError(Exception):
    """Trouble with the run. `str()` is one or two plain sentences: what is wrong and what to do.

    `code` is the catalogue's stable name for it; `exit_code` is what the command line ends with.
    """

    exit_code = 2

    def __init__(self, message: str, *, code: str = "run") -> None:
        super().__init__(message)
        self.code = code


class UsageError(ImporterError):
    """The call is wrong: an option, a setting or a missing credential. Nothing was sent."""


class FileError(ImporterError):
    """The file cannot be used. Nothing was sent. `read` holds what could be read, if anything."""

    def __init__(self, message: str, *, code: str = "file", read: ReadFacts | None = None) -> None:
        super().__init__(message, code=code)
        self.read = read


class StoppedError(ImporterError):
    """The run could not start sending, or had to stop at once: ledger, lock, network, tracker, key."""

    exit_code = 3


class InterruptedRun(ImporterError):  # noqa: N818 - the person's wish, not an error
    """The person stopped it before anything was sent."""

    exit_code = 130
