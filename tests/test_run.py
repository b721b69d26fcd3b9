from __future__ import annotations

from datetime import UTC, datetime

import pytest

from importer.model import (
    AlreadyCreated,
    Created,
    Deleted,
    Failed,
    HeldBack,
    NotSent,
    Outcome,
    Ready,
    Refused,
    Replaced,
    Result,
    Unchanged,
    Unknown,
)
from importer.run import RESULTS, result_of
from tests.builders import pins
from tests.reporting.making import finished

ONE_OF_EACH: list[tuple[Outcome, Result]] = [
    (Created("a", 201, 1), Result.CREATED),
    (AlreadyCreated("a", datetime(2026, 1, 1, tzinfo=UTC)), Result.ALREADY_CREATED),
    (Replaced("a", 204, 1), Result.REPLACED),
    (Deleted("a", None, 1), Result.DELETED),
    (Unchanged("a"), Result.UNCHANGED),
    (HeldBack("because"), Result.HELD_BACK),
    (Refused(422, "no", None, 1), Result.REFUSED),
    (Failed("given up", 3), Result.FAILED),
    (Unknown("who knows", 1), Result.UNKNOWN),
    (NotSent("stopped"), Result.NOT_SENT),
    (Ready(), Result.READY),
]


@pytest.mark.parametrize(("outcome", "result"), ONE_OF_EACH)
def test_each_outcome_has_its_word(outcome, result):
    assert result_of(outcome) is result


def test_counts_add_up():
    """P1: every scope ends in exactly one class, and the counts add up."""
    sheet = pins(
        *({"target_identity": f"/p/{number}"} for number in range(len(ONE_OF_EACH))), {"target_identity": "/p/0"}
    )
    run = finished(sheet, [outcome for outcome, _ in ONE_OF_EACH])
    assert run.scope_results == {result: 1 for _, result in ONE_OF_EACH}
    assert run.row_results == {**run.scope_results, Result.CREATED: 2}
    assert sum(run.row_results.values()) == len(run.sheet.frame) == len(ONE_OF_EACH) + 1
    assert sum(run.scope_results.values()) == len(run.scopes) == len(ONE_OF_EACH)


def test_an_invalid_row_holds_back_its_scope_and_is_itself_invalid():
    sheet = pins({}, {"position": "first"}, {"target_identity": "/p/2"})
    run = finished(sheet)
    assert [RESULTS[number] for number in run.of_rows] == [Result.HELD_BACK, Result.INVALID, Result.CREATED]
    assert run.scope_results == {Result.CREATED: 1, Result.HELD_BACK: 1}
    assert (run.checked.problems.problem_count, run.warning_count) == (1, 0)


def test_a_row_whose_scope_cannot_be_told_is_invalid():
    run = finished(pins({}, {"model": None, "target_identity": "/p/2"}, {"target_identity": "/p/3"}))
    assert [RESULTS[number] for number in run.of_rows] == [Result.HELD_BACK, Result.INVALID, Result.HELD_BACK]


def test_a_run_without_scopes():
    run = finished(pins({"model": None, "target_type": None, "target_identity": None}))
    assert (run.row_results, run.scope_results) == ({Result.INVALID: 1}, {})
