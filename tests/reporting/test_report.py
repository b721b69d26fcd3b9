"""The closing sentence: its numbers, and its verbs in the singular and the plural."""

from __future__ import annotations

import pytest

from importer.model import AlreadyCreated, Created, Deleted, HeldBack, NotSent, Outcome, Ready, Replaced, Unchanged
from importer.reporting.report import report_of
from tests.builders import pins
from tests.reporting.making import finished

CREATED, BEFORE, HELD, READY = Created("a", 201, 1), AlreadyCreated("a"), HeldBack("why"), Ready()
REPLACED, DELETED, UNCHANGED, NOT_SENT = Replaced("a", 204, 1), Deleted("a", 204, 1), Unchanged("a"), NotSent("")


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
        ([REPLACED] * 3, "All 3 rows are done: 3 replaced."),
        ([UNCHANGED], "1 row is done: 1 unchanged."),
        ([CREATED, BEFORE, REPLACED, DELETED], "All 4 rows are done: 1 created, 1 already created, 1 replaced, 1 del"),
        ([REPLACED, UNCHANGED, HELD], "2 of 3 rows are done (1 replaced, 1 unchanged); 1 held back."),
        ([UNCHANGED, NOT_SENT], "Nothing was sent."),
        ([DELETED, NOT_SENT], "1 of 2 rows is done (1 deleted); 1 not sent."),
        ([HELD], "0 of 1 row is created; 1 held back."),
        ([HELD, HELD], "0 of 2 rows are created; 2 held back."),
    ],
)
def test_after_an_import(outcomes, start):
    assert message(*outcomes).startswith(start)


@pytest.mark.parametrize(
    ("outcomes", "start"),
    [
        ([READY], "1 row is ready to send."),
        ([READY] * 2, "All 2 rows are ready to send."),
        ([READY, HELD], "1 of 2 rows is ready to send; 1 held back."),
        ([HELD], "0 of 1 row is ready to send; 1 held back."),
        ([BEFORE], "1 row was created before: there is nothing to send."),
        ([UNCHANGED, BEFORE], "All that 2 rows say is live already: there is nothing to send."),
        ([READY, UNCHANGED], "1 of 2 rows is ready to send; 1 unchanged."),
    ],
)
def test_after_a_check(outcomes, start):
    assert message(*outcomes, command="check").startswith(start)


@pytest.mark.parametrize(
    ("outcome", "code"), [(REPLACED, 0), (DELETED, 0), (UNCHANGED, 0), (CREATED, 0), (HELD, 1), (NOT_SENT, 1)]
)
def test_what_was_changed_counts_as_done(outcome, code):
    assert report_of(finished(pins({}), [outcome]), strict=False).exit_code == code
