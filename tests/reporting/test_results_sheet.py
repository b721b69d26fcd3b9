"""The sheet `Results` as a person sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from importer.catalogue.outcomes import COMMENTS
from importer.cells import Broken, Number, Uncalculated
from importer.import_key import read_key
from importer.model import (
    DONE,
    AlreadyCreated,
    Created,
    Deleted,
    Failed,
    HeldBack,
    NotSent,
    Provenance,
    Ready,
    Refused,
    Replaced,
    Result,
    Unchanged,
    Unknown,
)
from importer.reporting import write_results
from importer.reporting.styles import RESULT_COLOURS, STYLES, WRONG
from importer.run import Run
from tests.builders import pins, sheet
from tests.reporting.making import HELD, cell, column, finished, opened, table

LIVE = "https://live.luigisbox.com"
HEADER = ["Note", "model", "Target Type", "target_identity", "position", "pin_type", "pin_identity", "active_from"]
TOLD = ["Import Result", "Customization ID", "Import Comment", "Source Row", "Import Key"]


def written(run: Run, folder: Path, **more: Any) -> Path:
    return write_results(run, folder / "results.xlsx", **more)


def test_own_columns_keep_their_order_values_and_kinds(tmp_path):
    """Own columns and order kept; IDs are text."""
    row = ["=1+1", "basket", "item", "00123", 1, "item", "123", date(2026, 12, 1)]
    path = written(finished(sheet(HEADER, [row], first_row=5)), tmp_path)
    header, cells = opened(path)["Results"].iter_rows()
    assert [cell.value for cell in header] == [*HEADER, *TOLD]
    assert [cell.value for cell in cells[:7]] == row[:7]
    assert cells[7].value.date() == row[7]
    assert cells[7].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in cells[8:-1]] == ["Created", "id-0", None, 5]
    assert [cell.data_type for cell in cells[:4]] == ["s"] * 4
    assert cells[9].number_format == "@"


def test_result_columns_of_an_earlier_run_are_not_carried_twice(tmp_path):
    rows = [["Created", "basket", "item", "/p/1", 1, "item", "/p/2", "old-id", 17]]
    old = ["Import Result", *HEADER[1:7], "Customization ID", "Source Row"]
    path = written(finished(sheet(old, rows), [Created("new-id", 201, 1)]), tmp_path)
    assert list(table(path, "Results")[0]) == [*HEADER[1:7], *TOLD]
    assert column(path, "Results", "Customization ID") == ["new-id"]
    assert column(path, "Results", "Source Row") == [2]


def test_each_result_has_a_colour_of_its_own_and_failed_rows_stand_out(tmp_path):
    outcomes = [
        Created("a", 201, 1),
        AlreadyCreated("b"),
        Replaced("c", 204, 1),
        Deleted("d", None, 1),
        Unchanged("e"),
        HeldBack("because"),
        Refused(422, "no", None, 1),
        Failed("given up", 3),
        Unknown("who knows", 1),
        NotSent("stopped"),
        Ready(),
    ]
    rows = [{"target_identity": f"/p/{number}"} for number in range(len(outcomes))]
    path = written(finished(pins(*rows, {"target_identity": "/p/x", "position": "x"}), outcomes), tmp_path)
    sheet_ = opened(path)["Results"]
    place = [cell.value for cell in sheet_[1]].index("Import Result")
    fills = {cells[place].value: (cells[0].fill, cells[place].fill) for cells in sheet_.iter_rows(min_row=2)}
    assert set(fills) == set(Result)
    assert len({fill.fgColor.rgb for _, fill in fills.values()}) == len(Result)
    for result, (row_fill, fill) in fills.items():
        assert fill.fgColor.rgb == f"FF{RESULT_COLOURS[Result(result)].cell}"
        fine = result in DONE | {Result.READY}
        assert (row_fill.patternType is None) == fine


def test_live_version_is_what_is_live_afterwards(tmp_path):
    outcomes = [
        Replaced("a", 204, 1, version="vnew"),
        Unchanged("b", version="vsame"),
        Deleted("c", 204, 1),
        HeldBack("because"),
        Created("e", 201, 1),
        Unchanged("", "nothing to delete"),
    ]
    rows = [{"target_identity": f"/p/{at}", "Live Version": "vold", "Customization ID": f"id-{at}"} for at in range(6)]
    path = written(finished(pins(*rows), outcomes), tmp_path)
    versions = [text or "" for text in column(path, "Results", "Live Version")]
    assert versions == ["vnew", "vsame", "", "vold", "", ""]
    assert column(path, "Results", "Customization ID") == ["a", "b", "c", "id-3", "e", "id-5"]
    assert column(path, "Results", "Import Comment")[5] == "nothing to delete"


def test_the_wrong_cell_is_marked_and_says_what_is_wrong(tmp_path):
    path = written(finished(pins({"position": "first"}, {"target_identity": "/p/2"})), tmp_path)
    results = opened(path)["Results"]
    wrong, fine = cell(results, "position", 2), cell(results, "position", 3)
    assert wrong.value == "first"
    assert wrong.fill.fgColor.rgb == f"FF{STYLES[WRONG].fill}"
    assert "first" in wrong.comment.text
    assert fine.comment is None
    assert fine.fill.patternType is None


def test_a_warning_marks_its_cell_otherwise_and_stops_nothing(tmp_path):
    run = finished(pins({"position": 1}, {"position": 1}))
    assert run.checked.problems.warning_count > 0
    path = written(run, tmp_path)
    assert column(path, "Results", "Import Result") == ["Created", "Created"]
    assert "Row 2 also has position 1" in column(path, "Results", "Import Comment")[1]
    marked = [cell for row in opened(path)["Results"].iter_rows() for cell in row if cell.comment]
    assert {cell.fill.fgColor.rgb for cell in marked} == {"FFFFE08A"}


def test_comments_are_on_the_first_thousand_cells_only_and_every_row_keeps_its_own(tmp_path):
    """Comments on the first 1 000 cells; every invalid row keeps its `Import Comment`."""
    rows = [{"position": f"x{number}", "target_identity": f"/p/{number}"} for number in range(1_100)]
    path = written(finished(pins(*rows)), tmp_path)
    results = opened(path)["Results"]
    assert sum(cell.comment is not None for row in results.iter_rows() for cell in row) == 1_000
    comments = column(path, "Results", "Import Comment")
    assert [f"x{number}”" in text for number, text in enumerate(comments)] == [True] * 1_100
    assert cell(results, "position", 1_101).fill.fgColor.rgb == f"FF{STYLES[WRONG].fill}"


def test_every_row_says_what_became_of_it(tmp_path):
    outcomes = [
        Created("a", 201, 1, adopted=True, warning=COMMENTS["adopted"]),
        Created("b", 200, 1, warning="The answer was odd."),
        AlreadyCreated("c", datetime(2026, 3, 4, 5, 6, tzinfo=UTC), warning="Nobody was asked."),
        AlreadyCreated("d"),
        HeldBack("Held for a reason."),
        Unknown("Run the command again.", 2),
    ]
    rows = [{"target_identity": f"/p/{number}"} for number in range(6)]
    path = written(
        finished(
            pins(*rows, {"target_identity": "/p/x"}, {"target_identity": "/p/x", "position": 0}),
            [*outcomes, None, None],
        ),
        tmp_path,
    )  # type: ignore[list-item]
    comments = column(path, "Results", "Import Comment")
    assert comments[:7] == [
        COMMENTS["adopted"],
        "The answer was odd.",
        "Created before, on 2026-03-04 05:06. Nobody was asked.",
        "Created before.",
        "Held for a reason.",
        "Run the command again.",
        HELD.format(row=9),
    ]
    assert "0" in comments[7]
    assert column(path, "Results", "Customization ID") == ["a", "b", "c", "d", None, None, None, None]


def test_a_formula_without_result_is_neither_run_nor_taken_for_a_value(tmp_path):
    """The cell is as wrong after reading back as it was; its formula is told in words."""
    row = [Uncalculated("A1"), "basket", "item", "/p/1", 1, "item", Uncalculated("B2"), None]
    path = written(finished(sheet(HEADER, [row])), tmp_path)
    results = opened(path)["Results"]
    assert (results["G2"].value, results["G2"].data_type) == ("#N/A", "e")
    assert (results["A2"].value, results["A2"].data_type) == ("=A1", "s")
    assert "=B2" in results["G2"].comment.text
    assert "=B2" in column(path, "Problems", "Value")


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path):
    """`Results 2` and so on, nothing lost; marks and comments go with their rows."""
    rows = [{"target_identity": f"/p/{number}"} for number in range(7)]
    rows[4]["position"] = "x"
    path = written(finished(pins(*rows)), tmp_path, sheet_rows=4)
    book = opened(path)
    assert book.sheetnames == ["Results", "Results 2", "Results 3", "Scopes", "Problems", "Summary"]
    found = [column(path, name, "target_identity") for name in book.sheetnames[:3]]
    assert found == [["/p/0", "/p/1", "/p/2"], ["/p/3", "/p/4", "/p/5"], ["/p/6"]]
    assert "“x”" in cell(book["Results 2"], "position", 3).comment.text
    assert book["Results 2"].freeze_panes == "A2"
    assert book["Results 2"].auto_filter.ref == "A1:K4"


def test_what_goes_on_past_the_header_stands_past_it_again(tmp_path):
    """A row with too many fields is as wrong when the results are read back."""
    found = pins({}, {"target_identity": "/p/2"})
    with_surplus = sheet(
        [column.header for column in found.columns],
        [list(row) for row in found.frame.astype(object).itertuples(index=False)],
        surplus={3: "too much"},
    )
    path = written(finished(with_surplus), tmp_path)
    header, first, second = opened(path)["Results"].values
    assert (header[-2:], first[-1], second[-1]) == (("Import Key", None), None, "too much")


def test_rows_from_several_sheets_say_which(tmp_path):
    run = finished(pins({}, {"target_identity": "/p/2", "position": "x"}))
    run.sheet.frame.index = run.sheet.frame.index.map({2: 2, 3: 1_048_576 + 9})
    several = replace(run, sheet=_with_sheets(run))
    path = written(several, tmp_path)
    assert column(path, "Results", "Source Row") == [2, "Results 2: 9"]


def _with_sheets(run: Run) -> Any:
    return replace(run.sheet, sheets=("Results", "Results 2"))


# ── Customization IDs that the input brought along ──────────────────────────────────────────────────────

HERE = Provenance("1234-5678", "https://live.luigisbox.com", rehearsal=False)
ELSEWHERE = Provenance("9999-9999", "https://live.luigisbox.com", rehearsal=False)
REHEARSED = Provenance("1234-5678", "http://127.0.0.1:8080", rehearsal=True)


def with_ids(provenance: Provenance | None, *ids: str | None, **more: Any) -> Any:
    rows = [["basket", "item", f"/p/{at}", 1, "item", "/p/9", found] for at, found in enumerate(ids)]
    return sheet([*HEADER[1:7], "Customization ID"], rows, provenance=provenance, **more)


@pytest.mark.parametrize("outcome", [HeldBack("why"), NotSent("why"), Ready()])
def test_an_id_stays_with_a_row_that_was_not_sent(tmp_path, outcome):
    """Without it, the next run would send the scope as if it had never been created."""
    path = written(finished(with_ids(HERE, "old-1", None), [outcome, outcome]), tmp_path)
    assert column(path, "Results", "Customization ID") == ["old-1", None]


@pytest.mark.parametrize("outcome", [Refused(422, "no", None, 1), Failed("why", 3), Unknown("why", 1)])
def test_an_id_goes_where_the_scope_was_sent_in_spite_of_it(tmp_path, outcome):
    path = written(finished(with_ids(HERE, "old-1"), [outcome]), tmp_path)
    assert column(path, "Results", "Customization ID") == [None]


@pytest.mark.parametrize(
    ("provenance", "shown"), [(ELSEWHERE, "old-1 (tracker 9999-9999)"), (None, "old-1 (tracker unknown)")]
)
def test_an_id_of_another_tracker_is_marked(tmp_path, provenance, shown):
    """The `Summary` of these results names this tracker: unmarked, the ID would count as created here."""
    path = written(finished(with_ids(provenance, "old-1"), [HeldBack("why")]), tmp_path)
    assert column(path, "Results", "Customization ID") == [shown]


def test_an_id_of_a_rehearsal_is_dropped(tmp_path):
    path = written(finished(with_ids(REHEARSED, "old-1"), [NotSent("why")]), tmp_path)
    assert column(path, "Results", "Customization ID") == [None]


def test_a_check_that_knows_no_tracker_hands_on_where_the_ids_are_from(tmp_path):
    run = finished(with_ids(ELSEWHERE, "old-1"), [Ready()], command="check", tracker=None)
    path = written(run, tmp_path)
    assert column(path, "Results", "Customization ID") == ["old-1"]
    summary = {row["What"]: row["Value"] for row in table(path, "Summary")}
    assert (summary["Tracker"], summary["Rehearsal"]) == ("9999-9999", "no")


def test_every_row_has_the_key_of_its_scope_as_far_as_that_can_be_told(tmp_path):
    """Target, content and number of pins; no content where a wrong row leaves none; nothing without a target."""
    rows = [{}, {"position": "x"}, {"target_identity": "/p/2"}, {"target_identity": "/p/3", "target_type": "?"}]
    run = finished(pins(*rows, {"target_identity": "/p/4"}, {"target_identity": "/p/2"}))
    keys = [read_key(key or "") for key in column(written(run, tmp_path), "Results", "Import Key")]
    assert keys == [run.scopes.key(0), run.scopes.key(0), run.scopes.key(1), None, run.scopes.key(2), run.scopes.key(1)]
    assert [key.content is not None if key else None for key in keys] == [False, False, False, None, False, False]
    assert [key.pins if key else None for key in keys] == [2, 2, 2, None, 1, 2]


def test_a_row_that_keeps_its_id_keeps_the_key_it_was_written_with(tmp_path):
    old = {"Customization ID": "old-1", "Import Key": "T0123456789-0123456789-7"}
    sheet = replace(pins({}, old, {"target_identity": "/p/2"}), provenance=Provenance("1234-5678", LIVE, False))
    run = finished(sheet, [HeldBack("why"), Created("new", 201, 1)])
    path = written(run, tmp_path)
    assert column(path, "Results", "Customization ID") == [None, "old-1", "new"]
    new = [str(run.scopes.key(number)) for number in range(2)]
    assert column(path, "Results", "Import Key") == [new[0], old["Import Key"], new[1]]


def test_error_cells_and_padded_numbers_stay_what_they_were(tmp_path):
    row = [Broken("#REF!"), "basket", "item", Number(123, "00123"), 1, "item", "/p/9", None]
    results = opened(written(finished(sheet(HEADER, [row])), tmp_path))["Results"]
    assert (results["A2"].value, results["A2"].data_type) == ("#REF!", "e")
    assert (results["D2"].value, results["D2"].number_format) == (123, "00000")
