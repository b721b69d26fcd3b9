"""`--update` from the sheet to the service and back: a real server, a real ledger, real files."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import importer
from importer.delivery import Hooks
from importer.errors import InterruptedRun, UsageError
from importer.live.customization import Live
from importer.model import Result
from importer.reporting.report import Report
from importer.sandbox import Record, Sandbox, always, running_sandbox

HEADER = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "active_to", "tags"]
LIVE = ["Customization ID", "Live Version", "Command"]
END, LATER = "2026-12-24T23:59:59+01:00", "2027-01-06T23:59:59+01:00"


@pytest.fixture
def shop() -> Iterator[Sandbox]:
    """A service that shows metadata where there are any, as one of its customizations tells."""
    with running_sandbox() as server:
        server.seed({**body("/other", target_metadata={"title": "x"}), "model": "other"})
        yield server


def scopes(shop: Sandbox) -> list[dict[str, Any]]:
    """What is live of the model that the sheets are about, in the order in which it was made."""
    return [record.body for record in shop.store.records() if record.model == "basket"]


def body(target: str = "/p/1", *pins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "model": "basket",
        "target_type": "item",
        "target_identity": target,
        "pin_definitions": list(pins) or [pin()],
        **more,
    }


def pin(identity: str = "/p/9", position: int = 1, **more: Any) -> dict[str, Any]:
    return {"position": position, "pin_type": "item", "pin_identity": identity, "active_to": END, **more}


def row(record: Record, at: int = 0, command: str = "", **changed: str) -> dict[str, str]:
    """A row as an export writes it."""
    found = record.body
    only = found["pin_definitions"][at]
    fields = {name: str(found.get(name, "")) for name in HEADER[:3]}
    fields |= {name: str(only.get(name, "")) for name in HEADER[3:7]}
    version = Live(record.id, found).version
    return fields | {
        "tags": ", ".join(found.get("tags", [])),
        "Customization ID": record.id,
        "Live Version": version,
        "Command": command,
        **changed,
    }


def sheet(folder: Path, *rows: dict[str, str], header: Sequence[str] = (*HEADER, *LIVE)) -> Path:
    path = folder / "pins.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, delimiter=";", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def options(shop: Sandbox, folder: Path, **more: Any) -> Any:
    return {
        "tracker_id": shop.tracker_id,
        "base_url": shop.url,
        "private_key": shop.private_key,
        "ledger": folder / "ledger.sqlite",
        "timezone": "Europe/Bratislava",
        "settle_time": 0.2,
        "update": True,
        **more,
    }


def update(shop: Sandbox, path: Path, **more: Any) -> Report:
    return importer.run_import(path, **options(shop, path.parent, **more))


def plan(shop: Sandbox, path: Path, **more: Any) -> Report:
    return importer.check(path, **options(shop, path.parent, **more))


def counts(report: Report) -> dict[str, int]:
    return {str(result): count for result, count in report.row_results.items()}


def writes(shop: Sandbox) -> list[str]:
    return [seen.call for seen in shop.log if seen.call in ("create", "replace", "delete")]


def workbook(report: Report, name: str) -> list[dict[str, Any]]:
    assert report.results is not None
    header, *rows = openpyxl.load_workbook(report.results)[name].iter_rows(values_only=True)
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def test_one_of_each(shop, tmp_path):
    changed = shop.seed(body("/p/1", tags=["a"], x=1.5), creator="eva")
    same, gone, deleted = (shop.seed(body(f"/p/{at}")) for at in (2, 3, 4))
    rows = [
        row(changed, active_to=LATER, tags=""),
        row(same),
        row(gone, pin_identity="/p/8"),
        row(deleted, command="delete"),
        {**row(same), "target_identity": "/p/5", "Customization ID": "", "Live Version": ""},
    ]
    shop.store.delete(gone.id)
    path = sheet(tmp_path, *rows)

    checked = plan(shop, path)
    assert counts(checked) == {"Unchanged": 1, "Held back": 1, "Ready": 3}
    assert checked.exit_code == 1
    assert writes(shop) == []
    assert checked.plan is not None
    words = {"create": 1, "unchanged": 1, "replace": 1, "delete": 1, "gone": 1, "conflict": 0}
    assert {key: checked.plan[key] for key in words} == words
    assert (checked.plan["cells"], checked.plan["pins_added"], checked.plan["pins_removed"]) == (2, 0, 0)

    done = update(shop, path)
    assert counts(done) == {"Created": 1, "Replaced": 1, "Deleted": 1, "Unchanged": 1, "Held back": 1}
    assert sorted(writes(shop)) == ["create", "delete", "replace"]
    assert done.requests == len(shop.log) - checked.requests
    there = {each["target_identity"]: each for each in scopes(shop)}
    assert there == {
        "/p/1": {**body("/p/1", pin(active_to=LATER)), "x": 1.5},
        "/p/2": body("/p/2"),
        "/p/5": body("/p/5"),
    }
    assert [line["What"] for line in workbook(done, "Plan")] == [
        "Cell changed",
        "Cell changed",
        "Customization deleted",
    ]
    line = workbook(done, "Plan")[1]
    assert (line["Row"], line["Column"], line["Live Value"], line["New Value"]) == (
        2,
        "active_to",
        "2026-12-24 23:59:59",
        "2027-01-06 23:59:59",
    )
    assert (line["Customization ID"], line["Target"], line["Creator"]) == (changed.id, "/p/1", "eva")
    held = next(each for each in workbook(done, "Results") if each["Import Result"] == "Held back")
    assert gone.id in held["Import Comment"]
    assert "someone deleted it" in held["Import Comment"]

    # The results are the next input: nothing is left to do.
    again = importer.run_import(Path(str(done.results)), **options(shop, tmp_path))
    assert counts(again) == {"Unchanged": 4, "Held back": 1}
    assert len(writes(shop)) == 3


def test_the_results_can_be_changed_and_imported_again(shop, tmp_path):
    record = shop.seed(body())
    done = update(shop, sheet(tmp_path, row(record, active_to=LATER)))
    book = openpyxl.load_workbook(str(done.results))
    results = book["Results"]
    assert workbook(done, "Results")[0]["Live Version"] == Live("", scopes(shop)[0]).version
    places = {cell.value: cell.column for cell in results[1]}
    results.cell(2, places["position"]).value = 3
    book.save(str(done.results))
    again = importer.run_import(Path(str(done.results)), **options(shop, tmp_path))
    assert counts(again) == {"Replaced": 1}
    assert scopes(shop)[0] == body("/p/1", pin(position=3, active_to=LATER))


def test_what_was_changed_since_the_export_is_held_back(shop, tmp_path):
    record = shop.seed(body())
    path = sheet(tmp_path, row(record, active_to=LATER))
    colleague = body("/p/1", pin(position=2))
    shop.store.replace(record.id, as_sent(colleague), colleague)
    done = update(shop, path)
    assert counts(done) == {"Held back": 1}
    assert "Live Version is another one now" in workbook(done, "Results")[0]["Import Comment"]
    assert writes(shop) == []


def as_sent(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("again", [{"update": True}, {"update": False}])
def test_many_changes_need_their_number(shop, tmp_path, again):
    records = [shop.seed(body(f"/p/{at}")) for at in range(21)]
    path = sheet(tmp_path, *(row(record, active_to=LATER) for record in records))
    with pytest.raises(UsageError, match="--yes-delete 21") as caught:
        update(shop, path)
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="--yes-delete 21"):
        update(shop, path, yes_delete=20)
    assert writes(shop) == []
    done = update(shop, path, yes_delete=21)
    assert counts(done) == {"Replaced": 21}
    # The same command again: there is less to do than it allows.
    assert counts(update(shop, path, yes_delete=21)) == {"Unchanged": 21}


@pytest.mark.parametrize(("changed", "live", "asks"), [(6, 11, True), (6, 12, False), (5, 5, False)])
def test_over_half_of_what_is_live_needs_the_number_too(shop, tmp_path, changed, live, asks):
    records = [shop.seed(body(f"/p/{at}")) for at in range(live)]
    path = sheet(tmp_path, *(row(record, command="delete") for record in records[:changed]))
    if asks:
        with pytest.raises(UsageError, match="--yes-delete 6"):
            update(shop, path)
        assert writes(shop) == []
    else:
        assert counts(update(shop, path)) == {"Deleted": changed}


def test_a_sheet_of_ones_own_changes_the_only_one_of_its_target(shop, tmp_path):
    record = shop.seed(body("/p/1", pin(widget_id="w"), tags=["a"]))
    path = sheet(tmp_path, row(record, position="4"), header=HEADER[:6])
    assert counts(update(shop, path)) == {"Replaced": 1}
    assert scopes(shop)[0] == body("/p/1", pin(position=4, widget_id="w"), tags=["a"])


def test_two_of_one_target_are_told_apart_by_their_ids(shop, tmp_path):
    one, two = shop.seed(body()), shop.seed(body())
    path = sheet(tmp_path, row(one), row(two, active_to=LATER))
    assert counts(update(shop, path)) == {"Unchanged": 1, "Replaced": 1}
    assert scopes(shop)[1] == body("/p/1", pin(active_to=LATER))
    bare = sheet(tmp_path, row(two, pin_identity="/p/7"), header=HEADER)
    held = update(shop, bare)
    assert counts(held) == {"Held back": 1}
    assert one.id in workbook(held, "Results")[0]["Import Comment"]


def test_metadata_that_nothing_shows_are_never_wiped(shop, tmp_path):
    record = shop.seed(body("/p/1", target_metadata={"title": "x"}))
    shop.behaviour.omits = ("target_metadata",)
    held = update(shop, sheet(tmp_path, row(record, active_to=LATER, **{"Live Version": ""})))
    assert counts(held) == {"Held back": 1}
    assert "target_metadata" in workbook(held, "Results")[0]["Import Comment"]
    header = [*HEADER, "target_metadata", *LIVE]
    rows = [row(record, active_to=LATER, target_metadata="{}", **{"Live Version": ""})]
    assert counts(update(shop, sheet(tmp_path, *rows, header=header))) == {"Replaced": 1}
    assert scopes(shop)[0] == body("/p/1", pin(active_to=LATER))


def test_metadata_that_we_sent_are_known_though_nothing_shows_them(shop, tmp_path):
    shop.behaviour.omits = ("target_metadata",)
    cells = {**row(shop.seed(body("/p/2"))), "target_identity": "/p/1", "target_metadata": '{"title": "x"}'}
    path = sheet(tmp_path, cells, header=[*HEADER, "target_metadata"])
    assert counts(update(shop, path)) == {"Created": 1}
    later = sheet(tmp_path, {**cells, "active_to": LATER}, header=HEADER)
    assert counts(update(shop, later)) == {"Replaced": 1}
    assert scopes(shop)[1] == {**body("/p/1", pin(active_to=LATER)), "target_metadata": {"title": "x"}}


def test_metadata_that_we_sent_are_known_after_what_we_made_was_found_again(shop, tmp_path):
    shop.behaviour.omits = ("target_metadata",)
    cells = {**row(shop.seed(body("/p/2"))), "target_identity": "/p/1", "target_metadata": '{"title": "x"}'}
    path = sheet(tmp_path, cells, header=[*HEADER, "target_metadata"])
    assert counts(update(shop, path)) == {"Created": 1}
    # An export shows no metadata: what is read back of it is found live, under another fingerprint.
    exported = row(shop.store.records()[-1])
    assert counts(update(shop, sheet(tmp_path, exported), update=False)) == {"Already created": 1}
    assert counts(update(shop, sheet(tmp_path, {**exported, "active_to": LATER}))) == {"Replaced": 1}
    assert scopes(shop)[1] == {**body("/p/1", pin(active_to=LATER)), "target_metadata": {"title": "x"}}


def test_a_get_shows_metadata_that_the_list_does_not(shop, tmp_path):
    """Which of the two is asked makes no difference to what is compared."""
    record = shop.seed(body("/p/1", target_metadata={"title": "x"}))
    shop.behaviour.list_omits = ("target_metadata",)
    header = [*HEADER, "target_metadata", *LIVE]
    told = {"target_metadata": '{"title": "x"}', "Live Version": ""}
    assert counts(update(shop, sheet(tmp_path, row(record, **told), header=header))) == {"Unchanged": 1}
    told["target_metadata"] = '{"title": "y"}'
    assert counts(update(shop, sheet(tmp_path, row(record, **told), header=header))) == {"Replaced": 1}
    assert scopes(shop) == [body("/p/1", target_metadata={"title": "y"})]
    later = sheet(tmp_path, row(record, active_to=LATER, **{"Live Version": ""}))
    assert counts(update(shop, later)) == {"Replaced": 1}
    assert scopes(shop) == [body("/p/1", pin(active_to=LATER), target_metadata={"title": "y"})]


def test_a_list_that_hides_what_a_get_shows_is_no_proof_that_anything_is_missing(shop, tmp_path):
    records = [shop.seed(body(f"/p/{at}")) for at in range(3)]
    shop.behaviour.empty = True
    rows = [row(records[0]), *({**row(each), **dict.fromkeys(LIVE, "")} for each in records[1:])]
    assert counts(update(shop, sheet(tmp_path, *rows))) == {"Unchanged": 1, "Held back": 2}
    assert writes(shop) == []


def test_metadata_are_looked_for_beyond_the_first_page(shop, tmp_path):
    records = [shop.seed(body(f"/p/{at}")) for at in range(130)]
    assert counts(update(shop, sheet(tmp_path, row(records[7], active_to=LATER)))) == {"Replaced": 1}


def test_what_we_created_and_someone_deleted_is_created_again_where_no_row_names_it(shop, tmp_path):
    cells = {**row(shop.seed(body("/p/2"))), "target_identity": "/p/1"}
    path = sheet(tmp_path, cells, {**cells, "target_identity": "/p/3"}, header=HEADER)
    first = update(shop, path)
    # The other one of ours is what a list must show that is to be believed.
    shop.store.delete(next(record.id for record in shop.store.records() if record.target_identity == "/p/1"))
    again = update(shop, path)
    assert (counts(first), counts(again)) == ({"Created": 2}, {"Created": 1, "Unchanged": 1})
    assert "no longer has that customization" in workbook(again, "Results")[0]["Import Comment"]


def test_what_another_computer_left_unknown_is_not_created_by_an_update(shop, tmp_path):
    cells = {**row(shop.seed(body("/p/2"))), "target_identity": "/p/1"}
    made = update(shop, sheet(tmp_path, cells, header=HEADER))
    told = workbook(made, "Results")[0]
    shop.store.delete(told["Customization ID"])
    (tmp_path / "ledger.sqlite").unlink()
    unknown = {**cells, "Import Result": "Unknown", "Import Key": told["Import Key"]}
    path = sheet(tmp_path, unknown, header=[*HEADER, "Import Result", "Import Key"])
    assert counts(update(shop, path)) == {"Held back": 1}
    assert len(writes(shop)) == 1


def test_a_get_that_finds_nothing_is_no_proof_where_there_is_no_list(shop, tmp_path):
    record = shop.seed(body())
    path, gone = sheet(tmp_path, row(record)), tmp_path / "gone"
    gone.mkdir()
    shop.store.delete(record.id)
    shop.faults = always("404", call="list")
    held = update(shop, path)
    assert counts(held) == {"Held back": 1}
    assert "could not be read" in workbook(held, "Results")[0]["Import Comment"]
    assert counts(update(shop, sheet(gone, row(record, command="delete")))) == {"Unchanged": 1}


def test_where_nothing_tells_how_much_is_live_what_was_seen_counts(shop, tmp_path):
    records = [shop.seed(body(f"/p/{at}")) for at in range(30)]
    shop.behaviour.shape = "list"
    path = sheet(tmp_path, *(row(record, command="delete") for record in records[:6]))
    with pytest.raises(UsageError, match="--yes-delete 6"):
        update(shop, path)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_while_it_plans_changes_nothing(shop, tmp_path):
    path = sheet(tmp_path, row(shop.seed(body()), command="delete"))

    def press(_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    given = options(shop, tmp_path)
    assert importer.run_import(path, looking=Hooks(attempt=press), **given).exit_code == 130
    with pytest.raises(InterruptedRun):
        importer.check(path, looking=Hooks(attempt=press), **given)
    assert writes(shop) == []


@pytest.mark.parametrize("other", ["again", "create_beside", "no_look"])
def test_what_does_not_go_with_an_update(shop, tmp_path, other):
    path = sheet(tmp_path, row(shop.seed(body())))
    with pytest.raises(UsageError, match="do not go together"):
        update(shop, path, **{other: True})


def test_a_plan_needs_the_key(shop, tmp_path):
    path = sheet(tmp_path, row(shop.seed(body())))
    with pytest.raises(UsageError, match="tracker"):
        plan(shop, path, private_key=None)
    with pytest.raises(UsageError, match="tracker"):
        plan(shop, path, tracker_id=None)


def test_delete_without_update_is_held_back(shop, tmp_path):
    path = sheet(tmp_path, row(shop.seed(body()), command="delete"))
    assert counts(update(shop, path, update=False)) == {"Held back": 1}
    assert writes(shop) == []
    assert Result.DELETED not in update(shop, path, update=False).row_results


@pytest.mark.parametrize("alike", [True, False])
def test_a_service_that_spells_otherwise_keeps_its_spelling(shop, tmp_path, alike):
    """Pins come back with IDs, whole numbers as 1.0, dates in UTC, empty fields, tags the other way round."""
    old = body("/p/1", pin(), pin("/p/8", 2), tags=["a", "b"], extra={"n": 1})
    record = shop.seed(old)
    shop.behaviour.respells = True
    changed = {} if alike else {"active_to": LATER}
    done = update(shop, sheet(tmp_path, row(record, 0), row(record, 1, **changed)))
    assert counts(done) == ({"Unchanged": 2} if alike else {"Replaced": 2})
    if not alike:
        found = scopes(shop)[0]
        assert [each["active_to"][:19] for each in found["pin_definitions"]] == ["2026-12-24T22:59:59", LATER[:19]]
        assert [each["id"] for each in found["pin_definitions"]] == [1, 2]
        assert (found["extra"], sorted(found["tags"])) == ({"n": 1.0}, ["a", "b"])
        assert not {"creator", "created_at", "available", "target_metadata"} & found.keys()


@pytest.mark.parametrize(
    ("target", "cells"),
    [
        ({"target_type": "all"}, {"target_type": "all"}),
        (
            {"target_type": "criteria", "target_criteria": {"b": [1, 2], "a": "x"}},
            {"target_type": "criteria", "target_criteria": '{"a": "x", "b": [1.0, 2]}'},
        ),
    ],
)
def test_other_kinds_of_targets(shop, tmp_path, target, cells):
    there = {"model": "basket", **target, "pin_definitions": [pin()]}
    shop.seed(there)
    shop.seed({**there, "model": "other"})
    header = ["model", "target_type", "target_criteria", *HEADER[3:], "Command"]
    cells = {"model": "basket", "pin_type": "item", "pin_identity": "/p/9", "position": "1", **cells}
    assert counts(update(shop, sheet(tmp_path, {**cells, "active_to": END}, header=header))) == {"Unchanged": 1}
    assert counts(update(shop, sheet(tmp_path, {**cells, "active_to": LATER}, header=header))) == {"Replaced": 1}
    assert scopes(shop) == [{**there, "pin_definitions": [pin(active_to=LATER)]}]
    gone = sheet(tmp_path, {**cells, "Command": "Delete"}, header=header)
    assert counts(update(shop, gone)) == {"Deleted": 1}
    assert counts(update(shop, gone)) == {"Unchanged": 1}
    assert scopes(shop) == []


def test_rows_that_were_copied_with_their_id_for_another_target_change_nothing(shop, tmp_path):
    record = shop.seed(body())
    path = sheet(tmp_path, row(record), row(record, target_identity="/p/2"), row(record, target_identity="/p/3"))
    done = update(shop, path)
    assert counts(done) == {"Unchanged": 1, "Held back": 2}
    assert "another target (/p/1)" in workbook(done, "Results")[1]["Import Comment"]
    assert writes(shop) == []


def test_a_service_without_a_list_is_updated_by_the_ids_on_the_rows(shop, tmp_path):
    record = shop.seed(body("/p/1", target_metadata={"title": "x"}))
    shop.faults = always("404", call="list")
    rows = [row(record, active_to=LATER), {**row(record, target_identity="/p/2"), **dict.fromkeys(LIVE, "")}]
    done = update(shop, sheet(tmp_path, *rows))
    assert counts(done) == {"Replaced": 1, "Held back": 1}
    assert "shows no list" in workbook(done, "Results")[1]["Import Comment"]


def test_a_rehearsal_of_an_update_starts_with_nothing(shop, tmp_path):
    record = shop.seed(body())
    held = importer.run_import(sheet(tmp_path, row(record, active_to=LATER)), sandbox=True, update=True)
    assert counts(held) == {"Held back": 1}
