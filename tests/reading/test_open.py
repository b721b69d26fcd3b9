"""Files that cannot be used are refused in one clear sentence, by what they are and not by what they are called."""

from __future__ import annotations

import os
import socket
import zipfile

import pytest

from importer.catalogue import files
from importer.errors import FileError
from importer.reading.open import Kind, kind_of
from importer.settings import Limits, ReadOptions
from tests.reading.both_ways import read
from tests.reading.making import HEADER, ROW, ods, ods_text, ole, packed, pins, xlsx


def refused(path, options=None):
    with pytest.raises(FileError) as caught:
        read(path, options)
    return caught.value


CONTENTS = [
    pytest.param(b"<!DOCTYPE html><html><table></table></html>", "web-page", id="web page (H2)"),
    pytest.param(b"\xef\xbb\xbf  <html><body><table>", "web-page", id="web page after a mark"),
    pytest.param("<html><table>".encode("utf-16"), "web-page", id="web page in UTF-16"),
    pytest.param(b'<?xml version="1.0"?>\n<html xmlns="x">', "web-page", id="web page as XML"),
    pytest.param(b"<!-- made by a shop -->\n<TABLE border=1>", "web-page", id="only a table"),
    pytest.param(b"<style>td{}</style><table>", "web-page", id="style first"),
    pytest.param(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "web-page", id="single-file web page"),
    pytest.param(
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "xml-2003",
        id="XML 2003",
    ),
    pytest.param(b'<?xml version="1.0"?><pins/>', "xml", id="other XML"),
    pytest.param(b'{"model": "basket"}', "json", id="JSON"),
    pytest.param(b'[\n  {"model": 1}]', "json", id="JSON list"),
    pytest.param(b"{\\rtf1\\ansi", "rtf", id="RTF"),
    pytest.param(b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "sylk", id="SYLK"),
    pytest.param(b"%PDF-1.7", "pdf", id="PDF"),
    pytest.param(b"\x89PNG\r\n\x1a\n", "picture", id="PNG"),
    pytest.param(b"\xff\xd8\xff\xe0", "picture", id="JPEG"),
    pytest.param(b"\x1f\x8b\x08\x00", "archive", id="gzip"),
    pytest.param(b"Rar!\x1a\x07", "archive", id="RAR"),
    pytest.param(b"SQLite format 3\x00", "database", id="database"),
    pytest.param(b"MZ\x90\x00", "program", id="program"),
    pytest.param(b"\x09\x04\x06\x00\x00\x00\x10\x00", "old-excel", id="Excel 4"),
    pytest.param(b"\x09\x08\x10\x00\x00\x06\x05\x00", "old-excel", id="bare Excel records"),
    pytest.param(b"\x00" * 5000, "only-nulls", id="nothing but nulls"),
    pytest.param(b"", "empty", id="empty (H4)"),
    pytest.param(b" \r\n ;; \r\n", "nothing-in-text", id="blanks only"),
    pytest.param(packed({"notes.txt": b"hello"}), "archive", id="plain zip"),
    pytest.param(packed({"word/document.xml": b"<d/>"}), "other-office", id="Word"),
    pytest.param(packed({"Index/Document.iwa": b"x"}), "numbers", id="Apple Numbers"),
    pytest.param(b"PK\x03\x04" + b"x" * 300, "damaged", id="half a zip (H5)"),
    pytest.param(ole({"EncryptedPackage": b"x" * 5000}), "password", id="protected xlsx (H3)"),
    pytest.param(ole({"WordDocument": b"x" * 5000}), "other-office", id="old Word"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "damaged", id="half an xls"),
]


@pytest.mark.parametrize(("content", "code"), CONTENTS)
def test_what_is_no_sheet_is_named_for_what_it_is(tmp_path, content, code):
    path = tmp_path / "pins.xlsx"
    path.write_bytes(content)
    error = refused(path)
    assert error.code == code
    assert "pins.xlsx" in str(error)
    assert error.read is None
    assert error.exit_code == 2


@pytest.mark.parametrize(
    "head",
    [
        b"model;target_type\n",
        b"ID;PRICE\nAB;3\n",
        b"<b>x</b>;y\n",
        b"title\n<p>hello</p>\n",
        b"[note] pins\nmodel\n",
        b"{curly;text\n",
        "m\u00f3del".encode("utf-16"),
        b"BMW;1\n",
    ],
)
def test_text_that_only_begins_like_something_else_is_text(head):
    assert kind_of(head) is Kind.TEXT


@pytest.mark.parametrize("name", ["pins.csv", "pins.xls", "pins.txt", "pins", "pins.XLSX"])
def test_h1_a_workbook_is_read_whatever_its_ending(tmp_path, name):
    made = pins(tmp_path / "made.xlsx")
    path = made.rename(tmp_path / name)
    assert read(path).facts.format == "xlsx"


def test_h1_text_is_read_though_it_is_called_a_workbook(tmp_path):
    path = tmp_path / "pins.xlsx"
    path.write_text(";".join(HEADER) + "\n" + ";".join(map(str, ROW)))
    assert read(path).facts.format == "csv"


def test_an_xlsx_with_the_macro_type_says_so(tmp_path):
    made = pins(tmp_path / "made.xlsx")
    with zipfile.ZipFile(made) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"application/vnd.ms-excel.sheet.macroEnabled.main",
    )
    path = tmp_path / "pins.xlsm"
    path.write_bytes(packed(parts))
    assert read(path).facts.format == "xlsm"


class TestPathsH4:
    """Lock files, folders, missing and unreadable files, odd paths."""

    def test_a_missing_file(self, tmp_path):
        assert str(refused(tmp_path / "no.xlsx")).startswith("There is no file no.xlsx.")

    def test_a_path_through_a_file(self, tmp_path):
        (tmp_path / "a").write_text("x")
        assert refused(tmp_path / "a" / "b.xlsx").code == "missing"

    def test_a_folder(self, tmp_path):
        assert refused(tmp_path).code == "folder"

    @pytest.mark.parametrize("name", ["~$pins.xlsx", ".~lock.pins.xlsx#"])
    def test_a_lock_file_is_told_from_the_workbook(self, tmp_path, name):
        (tmp_path / name).write_bytes(b"somebody")
        assert refused(tmp_path / name).code == "lock-file"

    @pytest.mark.parametrize("path", ["a\x00b.xlsx", "x" * 5000])
    def test_a_path_that_no_system_takes(self, path):
        assert refused(path).code in ("unreadable", "missing")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
    def test_a_pipe_does_not_keep_it_waiting(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.csv")
        assert refused(tmp_path / "pipe.csv").code == "not-a-file"

    @pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets with names")
    def test_a_socket(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("pins.xlsx")
            assert refused("pins.xlsx").code == "not-a-file"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read(self, tmp_path):
        path = pins(tmp_path / "pins.xlsx")
        path.chmod(0)
        assert refused(path).code == "unreadable"

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
    def test_a_name_that_is_no_text_still_makes_a_sentence(self, tmp_path):
        path = os.fsencode(tmp_path) + b"/pi\xffns\n.xlsx"
        sentence = str(refused(os.fsdecode(path)))
        assert sentence.encode("utf-8").decode("utf-8") == sentence

    def test_names_in_any_script(self, tmp_path):
        assert len(read(pins(tmp_path / "pins žluťoučký 漢字.xlsx")).frame) == 1


def test_h3_a_protected_ods_says_so(tmp_path):
    path = ods(tmp_path / "pins.ods", [ods_text("model")], manifest="<encryption-data/>")
    assert refused(path).code == "password"


def test_h5_half_a_workbook_is_damaged(tmp_path):
    whole = pins(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "half.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path).code == "damaged"


def test_h5_a_part_whose_check_sum_is_wrong_is_damaged(tmp_path):
    with zipfile.ZipFile(tmp_path / "pins.xlsx", "w") as package:
        xlsx(tmp_path / "good.xlsx", "<row r='1'/>")
        with zipfile.ZipFile(tmp_path / "good.xlsx") as good:
            for name in good.namelist():
                package.writestr(name, good.read(name))
    data = (tmp_path / "pins.xlsx").read_bytes().replace(b"<row r='1'/>", b"<row r='2'/>")
    (tmp_path / "pins.xlsx").write_bytes(data)
    assert refused(tmp_path / "pins.xlsx").code == "damaged"


def test_h8_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "pins.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr("xl/sharedStrings.xml", b" " * 100_000_000)
    assert refused(path).code == "unpacks-too-far"


def test_h8_one_long_text_in_many_cells_is_refused(tmp_path):
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3000))
    text = "x" * 1_000_000
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    path = xlsx(tmp_path / "pins.xlsx", cells, parts={"xl/sharedStrings.xml": strings})
    assert refused(path).code == "unpacks-too-far"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_h9_entities_are_refused(tmp_path, part):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    assert refused(xlsx(tmp_path / "pins.xlsx", "", parts={part: bomb})).code == "entities"


@pytest.mark.parametrize("far", ["XFD1048576", "AZZ1048576", "XFD20000"])
def test_h10_cells_at_opposite_corners_are_refused_by_name_of_the_sheet(tmp_path, far):
    row = "".join(letter for letter in far if letter.isdigit())
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{far}"><v>1</v></c></row>'
    error = refused(xlsx(tmp_path / "pins.xlsx", rows))
    assert error.code == "far-cells"
    assert "The sheet S of pins.xlsx" in str(error)
    assert row in str(error)


def test_h10_a_row_past_the_last_row_of_any_sheet_is_damage(tmp_path):
    path = xlsx(tmp_path / "pins.xlsx", '<row r="99999999"><c r="A99999999"><v>1</v></c></row>')
    assert refused(path).code == "damaged"


def test_a_file_over_the_limits_is_refused(tmp_path):
    path = pins(tmp_path / "pins.xlsx")
    assert refused(path, ReadOptions(limits=Limits(memory_bytes=4000))).code == "too-big"
    assert refused(path, ReadOptions(limits=Limits(unpacked_bytes=100))).code == "unpacks-too-far"
    assert refused(path, ReadOptions(limits=Limits(cells=5))).code == "too-big"


class TestTheSentences:
    """Every refusal and notice, read for tone and completeness."""

    @pytest.mark.parametrize("code", sorted(files.REFUSALS))
    def test_a_refusal_names_the_file_says_what_it_is_and_what_to_do(self, code):
        text = files.REFUSALS[code]
        assert "{file}" in text
        assert text[0].isupper() or text.startswith("{")
        assert text.endswith((".", '".'))
        assert len(text) < 420
        cures = (
            "save", "Save", "export", "Export", "Name", "name", "Check", "check", "Open", "Ask", "Unpack", "Add a row",
            "Delete", "Correct", "Fill in", "Unhide", "Close", "Leave out", "choose", "split", "Copy", "Put", "copy",
            "Usual ones", "Give one", "Type your own", "Move",
        )  # fmt: skip
        assert any(cure in text for cure in cures)

    @pytest.mark.parametrize("text", [*files.REFUSALS.values(), *files.NOTICES.values()])
    def test_no_jargon(self, text):
        for word in ("exception", "traceback", "parse", "null ", "None", "token", "invalid", "codec", "byte order"):
            assert word not in text.replace("null bytes", "").replace("null character", "")

    def test_foreign_texts_stay_on_one_line_and_short(self):
        text = files.refusal("missing", "a\nb\ud800\x00\u202e" + "x" * 500, {})
        assert "\n" not in text
        assert len(text) < 150
        assert text.isprintable()

    def test_braces_in_foreign_texts_are_harmless(self):
        assert "{sheet}" in files.refusal("no-such-sheet", "f", {"sheet": "{sheet}", "sheets": ["{0}"]})
