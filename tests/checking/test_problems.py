"""Problems in columns: counted, grouped, iterated, and made into comments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.catalogue.rows import comment
from importer.checking import Group
from importer.checking.problems import Problem
from tests.builders import checked, pins

WRONG = pins(
    {"position": "x", "is_bundle_pin": "maybe"},
    {"active_to": "2020-01-01"},
    {"position": "x"},
    {},
    {"position": "y", "is_bundle_pin": "maybe", "pin_type": None},
)


@pytest.fixture(scope="module")
def problems():
    return checked(WRONG).problems


def test_they_are_told_in_the_order_of_the_sheet(problems):
    assert list(problems) == [
        Problem(2, "position", "position-unreadable", "x"),
        Problem(2, "is_bundle_pin", "yes-no-unknown", "maybe"),
        Problem(3, "active_to", "period-over", "2020-01-01"),
        Problem(4, "position", "position-unreadable", "x"),
        Problem(6, "pin_type", "pin-type-missing"),
        Problem(6, "position", "position-unreadable", "y"),
        Problem(6, "is_bundle_pin", "yes-no-unknown", "maybe"),
    ]
    assert problems.first(2) == list(problems)[:2]
    assert problems.first(99) == list(problems)
    assert [problem.row for problem in problems.of_code("yes-no-unknown")] == [2, 6]
    assert list(problems.of_code("date-year")) == []


def test_counts(problems):
    assert (len(problems), problems.problem_count, problems.warning_count) == (7, 6, 1)
    assert problems.invalid.tolist() == [True, False, True, False, True]


def test_groups_have_problems_first_and_the_most_frequent_first(problems):
    assert problems.groups() == [
        Group("position-unreadable", "position", "problem", 3, (2, 4, 6)),
        Group("yes-no-unknown", "is_bundle_pin", "problem", 2, (2, 6)),
        Group("pin-type-missing", "pin_type", "problem", 1, (6,)),
        Group("period-over", "active_to", "warning", 1, (3,)),
    ]


def test_a_group_names_its_first_rows_however_far_apart_they_are():
    rows = [{"position": "x", "is_bundle_pin": "?"} if at % 150 == 0 else {"position": "x"} for at in range(1000)]
    rare = next(group for group in checked(pins(*rows)).problems.groups() if group.code == "yes-no-unknown")
    assert rare == Group("yes-no-unknown", "is_bundle_pin", "problem", 7, (2, 152, 302, 452, 602, 752, 902))


def test_the_frame_says_the_same(problems):
    frame = problems.frame()
    listed = [
        Problem(row, column, code, value if isinstance(value, str) else None, other or None, detail)
        for row, column, code, value, other, detail in frame.itertuples(index=False)
    ]
    assert listed == list(problems)


def joined(problems):
    """Per row the comments of its problems, the plain way."""
    rows: dict[int, list[str]] = {}
    for problem in problems:
        rows.setdefault(problem.row, []).append(comment(problem))
    return {row: " ".join(texts) for row, texts in rows.items()}


def test_a_row_has_one_comment_with_all_its_problems(problems):
    rows, which, texts = problems.comments()
    assert dict(zip(rows.tolist(), [texts[at] for at in which], strict=True)) == joined(problems)
    assert len(set(texts)) == len(texts)


def test_comments_that_differ_only_in_the_other_row_are_kept_apart():
    same = {"pin_identity": "/p/9", "position": 1}
    rows = (same, same, same | {"target_identity": "/p/2"}, same | {"target_identity": "/p/2"})
    problems = checked(pins(*rows)).problems
    _, which, texts = problems.comments()
    assert ["row 2" in texts[at] for at in which] == [True, False]
    assert ["row 4" in texts[at] for at in which] == [False, True]


def test_no_problems_at_all():
    none = checked(pins({})).problems
    assert (len(none), none.problem_count, none.groups(), list(none), none.first(3)) == (0, 0, [], [], [])
    assert none.comments()[2] == []
    assert len(none.frame()) == 0


CELLS = {
    "position": [1, "x", "y", None, 0],
    "is_bundle_pin": [None, "yes", "?", "!"],
    "pin_type": ["item", None, "odd"],
    "pin_identity": ["/p/9", None],
    "target_metadata.title": ["A", "B", None],
    "active_to": [None, "2020-01-01", "31.2.2026"],
}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), min_size=1))
def test_every_view_tells_the_same_problems(rows):
    problems = checked(pins(*rows)).problems
    listed = list(problems)
    assert len(listed) == len(problems) == len(set(listed))
    assert listed == sorted(listed, key=lambda problem: problem.row)
    assert sum(group.count for group in problems.groups()) == len(problems)
    numbers, which, texts = problems.comments()
    assert dict(zip(numbers.tolist(), [texts[at] for at in which], strict=True)) == joined(problems)
