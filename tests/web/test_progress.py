"""How far a run is, with time given."""

from __future__ import annotations

import pytest

from importer.web.progress import Progress


def run(total: int, done: int, every: float) -> Progress:
    progress = Progress(0.0)
    progress.begin(total, 0.0)
    for number in range(1, done + 1):
        progress.add("Created", number * every)
    return progress


def test_nothing_is_known_before_it_begins():
    progress = Progress(5.0)
    assert (progress.total, progress.share, progress.pace(9.0), progress.left(9.0)) == (None, 0, None, None)


def test_pace_and_remaining_time():
    progress = run(100, 40, 0.1)
    assert progress.share == 40
    assert progress.pace(4.0) == pytest.approx(10)
    assert progress.left(4.0) == pytest.approx(6)


def test_the_first_second_says_nothing_of_the_pace():
    assert run(100, 5, 0.1).pace(0.9) is None


def test_the_pace_looks_back_some_seconds_only():
    progress = run(10_000, 1_000, 0.1)
    for number in range(1, 31):
        progress.add("Created", 100 + number)
    assert progress.pace(130.0) == pytest.approx(1, rel=0.2)


def test_a_pause_does_not_count():
    progress = run(100, 40, 0.1)
    progress.resume(1000.0)
    for number in range(1, 21):
        progress.add("Created", 1000 + number * 0.1)
    assert progress.pace(1002.0) == pytest.approx(10)


def test_a_run_that_stands_still_slows_down_instead_of_staying_fast():
    progress = run(100, 40, 0.1)
    assert progress.pace(40.0) == pytest.approx(1)


def test_nothing_to_send_is_no_division():
    progress = Progress(0.0)
    progress.begin(0, 0.0)
    assert (progress.share, progress.left(5.0)) == (0, None)
