"""Which IDs cannot be a new customization's: literal lists, the newest first."""

from __future__ import annotations

import pytest

from importer.delivery.ascent import Ascent
from importer.delivery.jobs import EarlierIds
from importer.ledger import Baseline

V7 = ("01937b3a-51c2-7000-8000-5c2f0f000002", "01937b39-0000-7000-8000-ffffffffffff")
V4 = (
    "9f1c2a44-0b6e-4c1d-9a52-2f6f0d8c1b11",
    "0d3b8f52-77aa-4e6b-8f0d-91c2d7e4a622",
    "e55f0c1a-1d2b-4f6a-b7c8-0a9b8c7d6e33",
)


@pytest.mark.parametrize(
    ("shown", "rise"),
    [
        ([], True),
        ([("12", 30.0), ("11", 20.0), ("9", 10.0)], True),
        ([("scope-10", 20.0), ("scope-9", 10.0)], True),
        ([(V7[0], 20.0), (V7[1], 10.0)], True),
        ([("11", 20.0), ("12", 20.0), ("10", 20.0), ("8", 10.0), ("9", 10.0)], True),
        ([("12", 30.0), ("10", 20.0), ("11", 10.0)], False),
        ([("12", 30.0), ("10", 20.0), ("13", 20.0)], False),
        ([("12", 30.0), ("10", 20.0), ("11", 10.0), ("9", 5.0)], False),
        ([("12", 30.0), ("12", 20.0)], False),
        ([(V4[0], 30.0), (V4[1], 20.0), (V4[2], 10.0)], False),
    ],
)
def test_ids_rise_where_all_of_a_later_moment_are_above_all_of_an_earlier_one(shown, rise):
    ascent = Ascent()
    for scope_id, moment in shown:
        ascent.take(scope_id, moment)
    assert ascent.holds is rise


@pytest.mark.parametrize(
    ("scope_id", "oldest", "there"),
    [
        ("205", "205", True),
        ("300", "205", True),
        ("204", "205", True),
        ("99", "205", True),
        ("206", "205", False),
        ("1000", "205", False),
        ("204", None, False),
        ("300", None, True),
        (V7[1], V7[0], True),
        (V7[0], V7[1], False),
    ],
)
def test_what_was_there_is_in_the_baseline_or_below_all_of_it(scope_id, oldest, there):
    baseline = Baseline(frozenset({"205", "300"}), 4000, complete=False, oldest=oldest)
    assert EarlierIds(frozenset(), frozenset()).hold(scope_id, baseline) is there


def test_what_a_run_knows_of_earlier_ids():
    claimed = {"ours"}
    earlier = EarlierIds(claimed, frozenset({"seen"}))
    assert earlier.hold("ours", None)
    assert earlier.hold("seen", None)
    assert not earlier.hold("new", None)
    claimed.add("new")
    assert earlier.hold("new", None), "it grows with what the run creates"
    assert earlier.hold("7", Baseline(frozenset({"7"}), 1, complete=True))
    assert not earlier.hold("8", Baseline(frozenset({"7"}), 1, complete=True))
    earlier.first = Baseline(frozenset({"90"}), 200, complete=False, oldest="90")
    assert earlier.hold("8", Baseline(frozenset({"7"}), 1, complete=True)), "an interrupted scope has an older baseline"
    assert not earlier.hold("91", None)
