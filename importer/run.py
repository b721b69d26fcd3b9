"""What a run came to, and its counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

import numpy as np

from importer.model import (
    AlreadyCreated,
    Created,
    Failed,
    HeldBack,
    Notice,
    NotSent,
    Outcome,
    Ready,
    Refused,
    Result,
    RunFacts,
    Sheet,
    TargetType,
    Unknown,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.checking import Checked
    from importer.scopes import Scopes

RESULTS: tuple[Result, ...] = tuple(Result)
NUMBER: Mapping[Result, int] = {result: number for number, result in enumerate(RESULTS)}


@dataclass(frozen=True)
class Finished:
    """What a run came to. `outcomes` has one for each scope, by its number."""

    sheet: Sheet
    checked: Checked
    scopes: Scopes
    outcomes: Sequence[Outcome]
    facts: RunFacts

    @cached_property
    def scope_results(self) -> NDArray[np.int8]:
        """For each scope the place of its result in `RESULTS`."""
        return np.fromiter((NUMBER[result_of(outcome)] for outcome in self.outcomes), np.int8, len(self.outcomes))

    def labelled_outcomes(self) -> Iterator[tuple[str, TargetType, str, Outcome]]:
        """Model, target type, target and outcome of every scope, in the order of their first rows."""
        for number, outcome in enumerate(self.outcomes):
            yield (*self.scopes.label(number), outcome)


@dataclass(frozen=True)
class Tally:
    """The counts of a run. `row_results` add up to `rows`, `scope_results` to `scopes`; zeros are left out."""

    rows: int
    scopes: int
    row_results: Mapping[Result, int]
    scope_results: Mapping[Result, int]
    problems: int
    warnings: int


def tally(finished: Finished) -> Tally:
    """Counts rows and scopes by result."""
    scopes = finished.scope_results
    rows = row_results(finished)
    return Tally(
        rows=len(rows),
        scopes=len(scopes),
        row_results=_counted(rows),
        scope_results=_counted(scopes),
        problems=finished.checked.problems.problem_count,
        warnings=finished.checked.problems.warning_count + len(warnings_of(finished)),
    )


def warnings_of(finished: Finished) -> list[Notice]:
    """The warnings that are about no one row."""
    return [found for found in (*finished.sheet.notices, *finished.facts.notices) if found.severity == "warning"]


def _counted(results: NDArray[np.int8]) -> dict[Result, int]:
    counts = np.bincount(results, minlength=len(RESULTS)).tolist()
    return {result: count for result, count in zip(RESULTS, counts, strict=True) if count}


def row_results(finished: Finished) -> NDArray[np.int8]:
    """For each row the place of its result in `RESULTS`: that of its scope, unless the row itself is invalid."""
    of_scope = np.append(finished.scope_results, np.int8(NUMBER[Result.INVALID]))
    rows = of_scope[finished.scopes.of_row]
    return np.where(finished.checked.invalid, np.int8(NUMBER[Result.INVALID]), rows)


def result_of(outcome: Outcome) -> Result:  # noqa: PLR0911 - one line a kind
    """The word for an outcome."""
    match outcome:
        case Created():
            return Result.CREATED
        case AlreadyCreated():
            return Result.ALREADY_CREATED
        case HeldBack():
            return Result.HELD_BACK
        case Refused():
            return Result.REFUSED
        case Failed():
            return Result.FAILED
        case Unknown():
            return Result.UNKNOWN
        case NotSent():
            return Result.NOT_SENT
        case Ready():
            return Result.READY
        case _:
            assert_never(outcome)
