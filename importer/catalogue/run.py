"""What can befall a run and its scopes: comments on outcomes, reasons to stop, run-level errors, notices."""

from __future__ import annotations

COMMENTS: dict[str, str] = {}

STOPS: dict[str, str] = {}

ERRORS: dict[str, str] = {}

NOTICES: dict[str, str] = {}
