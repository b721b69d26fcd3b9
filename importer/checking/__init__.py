"""Sheet → Checked: cells become typed values, and every rule that a row or a scope breaks becomes a problem."""

from __future__ import annotations

from importer.checking.check import Checked, check, refuse_missing_columns
from importer.checking.problems import Group, Problem, Problems

__all__ = ["Checked", "Group", "Problem", "Problems", "check", "refuse_missing_columns"]
