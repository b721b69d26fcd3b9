"""The report as a user of the library has it: every problem with its sentence, every scope with its outcome."""

from __future__ import annotations

import importer
from importer.model import Created, HeldBack, Ready
from tests.driving import pin, pins


def test_every_problem_is_listed_with_its_sentence(tmp_path):
    report = importer.check(pins(tmp_path / "a.csv", pin(position="x"), pin(), pin("/p/2", 1, "")))
    found = [(problem.row, problem.column, problem.code) for problem in report.problem_list()]
    assert found == [(2, "position", "position-unreadable"), (4, "pin_identity", "pin-identity-missing")]
    first, second = (problem.message for problem in report.problem_list())
    assert first.startswith("“x” is not a position. Write a whole number")
    assert second.endswith("Write the ID or path of the product to pin.")


def test_every_scope_is_listed_with_its_outcome(tmp_path):
    file = pins(tmp_path / "a.csv", pin("/p/1"), pin("/p/2", "x"), pin("/p/1", 2, "/p/8"))
    checked = [(*scope[:3], type(scope[3])) for scope in importer.check(file).scope_list()]
    assert checked == [("basket", "item", "/p/1", Ready), ("basket", "item", "/p/2", HeldBack)]
    sent = list(importer.run_import(file, sandbox=True).scope_list())
    assert [type(outcome) for *_, outcome in sent] == [Created, HeldBack]


def test_a_report_without_its_rows_lists_nothing():
    report = importer.Report("check", "a.csv", None, 0, 0, {}, {}, 0, 0, None, 0.0, 2, "no")
    assert list(report.problem_list()) == list(report.scope_list()) == []
