"""The closing sentence: its numbers, and its verbs in the singular and the plural."""

from __future__ import annotations

import pytest

from importer.model import AlreadyCreated, Created, HeldBack, Outcome, Ready
from importer.reporting.report import report_of
from tests.builders import pins
from tests.reporting.making import finished

CREATED, BEFORE, HELD, READY = Created("a", 201, 1), AlreadyCreated("a"), HeldBack("why"), Ready()


def message(*outcomes: Outcome, command: str = "import") -> str:
    sheet = pins(*({"target_identity": f"/p/{number}"} for number in range(len(outcomes))))
    return report_of(finished(sheet, outcomes, command=command), strict=False).message


@pytest.mark.parametrize(
    ("outcomes", "start"),
    [
        ([CREATED], "1 row is created."),
        ([CREATED] * 3, "All 3 rows are created."),
        ([BEFORE], "1 row was created before; nothing was sent."),
        ([BEFORE] * 2, "All 2 rows were created before; nothing was sent."),
        ([CREATED, BEFORE], "All 2 rows are created: 1 now, 1 before."),
        ([CREATED, HELD, HELD], "1 of 3 rows is created; 2 held back."),
        ([CREATED, CREATED, HELD], "2 of 3 rows are created; 1 held back."),
        ([HELD], "0 of 1 row is created; 1 held back."),
        ([HELD, HELD], "0 of 2 rows are created; 2 held back."),
    ],
)
def test_after_an_import(outcomes: list[Outcome], start: str) -> None:
    assert message(*outcomes).startswith(start)


@pytest.mark.parametrize(
    ("outcomes", "start"),
    [
        ([READY], "1 row is ready to send."),
        ([READY] * 2, "All 2 rows are ready to send."),
        ([READY, HELD], "1 of 2 rows is ready to send; 1 held back."),
        ([HELD], "0 of 1 row is ready to send; 1 held back."),
        ([BEFORE], "1 row was created before: there is nothing to send."),
    ],
)
def test_after_a_check(outcomes: list[Outcome], start: str) -> None:
    assert message(*outcomes, command="check").startswith(start)
