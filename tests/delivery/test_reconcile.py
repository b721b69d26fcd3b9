"""Reading the list, with servers that page badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from importer.api.messages import Answer, Given, Request
from importer.delivery.life import Absent, Ambiguous, Found, Listless
from importer.delivery.reconcile import List, Match, Wanted, sorted_out
from importer.delivery.records import fingerprint
from importer.settings import Target
from tests.delivery.shop import scope

TARGET = Target("1234-5678", "https://live.luigisbox.com")
ONE = scope(0, "/p/0")
WANTED = Wanted({}, fingerprint(TARGET, ONE.canonical), frozenset({"claimed"}), 1000.0, 1000.0)
MINE = {**json.loads(ONE.body), "id": "mine", "created_at": "1970-01-01T00:16:41Z"}
OTHER = {**MINE, "id": "other", "model": "another"}

Pages = Callable[[int], Any]


def looked(pages: Pages) -> tuple[Any, int]:
    """What looking comes to, and how many requests it took. `pages` gives the body for an offset."""
    asked = 0

    async def ask(request: Request) -> Answer | None:
        nonlocal asked
        asked += 1
        found = pages(int(parse_qs(request.query[1:])["offset"][0]))
        return found if isinstance(found, Answer | None) else Answer(200, json.dumps(found).encode(), 2000.0, None, 0)

    return asyncio.run(List("/scope", TARGET, ask).look(WANTED)), asked


def listed(*items: Any) -> Pages:
    return lambda offset: list(items)[offset : offset + 1]


def test_an_empty_list_twice_is_an_absence_dated_by_its_first_page() -> None:
    event, asked = looked(lambda _: [])
    assert isinstance(event, Absent)
    assert (event.date, asked) == (2000.0, 2)


def test_line_30_pages_are_read_to_the_empty_one_and_a_match_is_taken_as_soon_as_a_pass_shows_it() -> None:
    event, asked = looked(listed(OTHER, MINE))
    assert event == Found(Given("mine", MINE["created_at"]))
    assert asked == 3


def test_line_30_passes_that_differ_are_read_again_and_never_agree_on_an_absence() -> None:
    calls = iter(range(1000))

    def shifting(offset: int) -> Any:
        return [] if offset else [{**OTHER, "id": f"new-{next(calls)}"}]

    event, asked = looked(shifting)
    assert event == Listless(forever=False)
    assert asked == 10


def test_a_server_that_gives_the_same_page_for_ever_proves_no_absence() -> None:
    event, asked = looked(lambda _: [OTHER])
    assert event == Listless(forever=True)
    assert asked == 2


def test_a_server_that_gives_all_at_once_and_says_so_proves_it() -> None:
    event, _ = looked(lambda _: {"results": [OTHER], "pagination": {"total": 1}})
    assert isinstance(event, Absent)


def test_a_match_on_a_page_that_comes_again_and_again_is_a_match() -> None:
    event, _ = looked(lambda _: [MINE])
    assert isinstance(event, Found)


def test_what_cannot_be_compared_is_no_match() -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    event, _ = looked(listed({"id": "x", "pin_definitions": deep}, {"id": "y", "pin_definitions": 5}, {"id": "z"}))
    assert isinstance(event, Absent)


@pytest.mark.parametrize(
    ("answer", "forever"),
    [
        (None, False),
        (Answer(503, b"", 1.0, None, 0), False),
        (Answer(200, None, 1.0, None, 0), False),
        (Answer(501, b"", 1.0, None, 0), True),
        (Answer(404, b"", 1.0, None, 0), True),
        (Answer(302, b"", 1.0, None, 0), True),
        (Answer(422, b"{}", 1.0, None, 0), True),
        (Answer(200, b"<html>", 1.0, None, 0), True),
    ],
)
def test_an_answer_that_is_no_list(answer: Answer | None, forever: bool) -> None:
    event, _ = looked(lambda _: answer)
    assert event == Listless(forever=forever)


def test_a_list_that_is_not_there_is_asked_for_once() -> None:
    asked = []

    async def ask(request: Request) -> Answer:
        asked.append(request)
        return Answer(404, b"", 1.0, None, 0)

    async def run() -> None:
        one = List("/scope", TARGET, ask)
        assert await one.look(WANTED) == await one.look(WANTED) == Listless(forever=True)

    asyncio.run(run())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("created", "expected"),
    [(998.0, Found), (997.9, None), (5000.0, Found), (None, Ambiguous)],
)
def test_a_match_must_not_be_older_than_the_intent_less_two_seconds(created: float | None, expected: Any) -> None:
    found = sorted_out([Match(Given("a", None), created)], WANTED)
    assert found is None if expected is None else isinstance(found, expected)


def test_a_claimed_id_is_nobody_elses_and_two_cannot_be_told_apart() -> None:
    mine, claimed = Match(Given("a", None), 1001.0), Match(Given("claimed", None), 1001.0)
    assert sorted_out([claimed], WANTED) is None
    assert sorted_out([claimed, mine], WANTED) == Found(mine.given)
    assert isinstance(sorted_out([mine, Match(Given("b", None), 1002.0)], WANTED), Ambiguous)


def test_where_the_clocks_disagree_on_the_intent_what_lies_between_cannot_be_told() -> None:
    between = Wanted({}, b"", frozenset(), 900.0, 1000.0)
    assert isinstance(sorted_out([Match(Given("a", None), 950.0)], between), Ambiguous)
    assert isinstance(sorted_out([Match(Given("a", None), 1000.0)], between), Found)
    assert sorted_out([Match(Given("a", None), 890.0)], between) is None
