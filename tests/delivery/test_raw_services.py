"""The real command against services that speak HTTP in their own ways: nothing twice, nothing lost, all IDs right."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from importer import options
from importer.settings import SendOptions
from tests.delivery import raw
from tests.delivery.forked import workbook_says
from tests.delivery.raw import RawService, Scope, Ways, raw_service
from tests.driving import Program, pin, pins

LOST = {2: "after", 4: "before"}
"""One create that was done and one that was not, neither with an answer."""

DONE = {"Created", "Already created"}


class Runs:
    """The same command, as often as wanted, for one sheet and one service."""

    def __init__(self, service: RawService, folder: Path, program: Program, count: int) -> None:
        self._service, self._folder, self._program = service, folder, program
        pins(folder / "pins.csv", *(pin(f"/p/{number}/") for number in range(count)))
        (folder / "key").write_text("key", "utf-8")
        (folder / "key").chmod(0o600)

    def __call__(self) -> tuple[int, Mapping[str, int]]:
        """Exit code, and scopes by result. No target has two customizations, and each ID is the service's."""
        said = self._program(
            "import", self._folder / "pins.csv", "--yes", "--json", "--tracker-id", raw.TRACKER,
            "--base-url", self._service.url, "--private-key-file", self._folder / "key", "--settle-time", "0.5",
            "--timezone", "UTC", "--ledger", self._folder / "ledger", "--output", self._folder / "results.xlsx",
            "--concurrency", "1", "--timeout", "3",
        )  # fmt: skip
        truth = self._service.truth()
        assert {target: len(ids) for target, ids in truth.items() if len(ids) > 1} == {}
        written = workbook_says(self._folder / "results.xlsx")
        assert {target: [one[0]] for target, one in written.items() if one[1] in DONE}.items() <= truth.items()
        self._service.ways.lost = {}
        return said.code, said.object["scope_results"]


Start = Callable[..., tuple[RawService, Runs]]


@pytest.fixture
def start(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a service that speaks so, with so many customizations, and a sheet of so many."""
    monkeypatch.setattr(options, "SendOptions", functools.partial(SendOptions, date_window=0.2))
    opened = []

    def make(ways: Ways, older: int = 1, count: int = 6) -> tuple[RawService, Runs]:
        service = raw_service(ways)
        opened.append(service)
        made = service.__enter__()
        for number in range(older):
            body = {"model": "basket", "target_type": "item", "target_identity": f"/older/{number}"}
            made.seed({**body, "pin_definitions": []})
        return made, Runs(made, tmp_path, Program(capsys), count)

    yield make
    for service in opened:
        service.__exit__(None, None, None)


def cut_in_chunks() -> Callable[[int, bytes], bytes]:
    """Every third create's answer ends in the middle of its chunks."""
    count = itertools.count(1)

    def answer(status: int, body: bytes) -> bytes:
        whole = raw.in_chunks(status, body)
        return whole[:-25] if status == 201 and next(count) % 3 == 0 else whole

    return answer


def numbered(number: int) -> int:
    return 1000 + number


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param(Ways(closes=True), id="closes each connection without a word"),
        pytest.param(Ways(answer=raw.in_chunks), id="chunks"),
        pytest.param(Ways(answer=cut_in_chunks(), closes=True), id="chunks that are cut"),
        pytest.param(Ways(answer=raw.interim_first), id="100 and 103 before each answer"),
        pytest.param(Ways(answer=raw.repeated_headers), id="headers that come twice"),
        pytest.param(Ways(answer=raw.without_date), id="neither Date nor type"),
        pytest.param(Ways(answer=raw.old_version, closes=True), id="HTTP/1.0"),
        pytest.param(Ways(answer=raw.zipped), id="gzip"),
        pytest.param(Ways(answer=raw.a_second_answer_too), id="a second answer on the connection"),
        pytest.param(Ways(identity=numbered), id="IDs as numbers"),
        pytest.param(
            Ways(identity=numbered, created=lambda scope: {"id": str(scope["id"]), "model": scope["model"]}),
            id="IDs as numbers in the list, as texts in answers",
        ),
        pytest.param(
            Ways(page=lambda items, total: {"results": items, "pagination": {"total": str(total)}}),
            id="the total as a text",
        ),
        pytest.param(
            Ways(page=lambda items, total: {"results": items, "pagination": {"total": float(total)}}),
            id="the total with a fraction",
        ),
        pytest.param(
            Ways(listed=lambda scopes, number: scopes if number % 2 else scopes[::-1]),
            id="two nodes that order otherwise",
        ),
        pytest.param(
            Ways(listed=lambda scopes, _: [{**scope, "available": False} for scope in scopes]), id="unavailable ones"
        ),
    ],
)
def test_it_finishes(start, ways):
    ways.lost = LOST
    service, run = start(ways)
    assert run() == (0, {"Created": 6})
    assert run() == (0, {"Already created": 6})
    assert service.creates == 7


def spelled_otherwise(scope: Scope) -> Scope:
    return {**scope, "target_identity": scope["target_identity"].strip("/").upper()}


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param(
            Ways(listed=lambda scopes, _: [spelled_otherwise(scope) for scope in scopes]), id="targets respelled"
        ),
        pytest.param(Ways(listed=lambda scopes, number: scopes if number % 2 else scopes[2:]), id="a node behind"),
        pytest.param(Ways(listed=lambda scopes, number: scopes if number % 2 else scopes[-1:]), id="a frozen node"),
        pytest.param(Ways(listed=lambda scopes, _: [scope for scope in scopes for _ in range(2)]), id="each one twice"),
        pytest.param(Ways(page=lambda items, total: {"data": items, "count": total}), id="a list of another shape"),
        pytest.param(Ways(answer=raw.longer_than_it_is, closes=True), id="more announced than sent"),
    ],
)
def test_what_cannot_be_told_ends_in_a_question(start, ways):
    ways.lost = LOST
    _, run = start(ways)
    for _ in range(2):
        code, results = run()
        assert code in {3, 4}
        assert results["Unknown"] >= 1
        assert sum(results.values()) == 6


def test_answers_that_name_another_spelling_of_the_target_are_doubted_and_cost_five_creates(start):
    spelled = Ways(created=spelled_otherwise, listed=lambda scopes, _: [spelled_otherwise(scope) for scope in scopes])
    service, run = start(spelled, count=20)
    code, results = run()
    assert (code, service.creates) == (3, 5)
    assert results == {"Unknown": 5, "Not sent": 15}


# ── A list that shows nothing of which way it goes ──────────────────────────────────────────────────────


def of_one_day(scopes: list[Scope]) -> list[Scope]:
    return [{**scope, "created_at": "2026-11-30"} for scope in scopes[::-1]]


def new_ones_last(older: int) -> Callable[[list[Scope], int], list[Any]]:
    """The older ones newest first, as someone copied them once; what is new is added at the end."""
    return lambda scopes, _: scopes[-older:] + scopes[:-older][::-1]


@pytest.mark.parametrize(
    "page", [lambda items, _: items, lambda items, total: {"results": items, "pagination": {"total": total}}]
)
@pytest.mark.parametrize("listed", [lambda scopes, _: of_one_day(scopes), new_ones_last(150)])
@pytest.mark.parametrize("when", ["after", "before"])
@pytest.mark.parametrize("count", [1, 3])
def test_new_customizations_at_the_end_of_a_list_without_an_order_are_found(start, page, listed, when, count):
    service, run = start(Ways(page=page, listed=listed, lost={1: when}), older=150, count=count)
    code, results = run()
    if code == 4:
        assert when == "after"
        return
    assert (code, results) == (0, {"Created": count})
    assert service.creates == count + (when == "before")
