"""CSV: decoded and split by evidence, the evidence said; rows are those that Excel shows."""

from __future__ import annotations

import pytest

from importer.errors import FileError
from importer.reading import read
from importer.reading.csv_file import SplitText
from importer.reading.encoding import encoding_of
from importer.reading.raw import RefusalError
from importer.settings import ReadOptions
from tests.reading.making import HEADER, ROW

LINE = tuple(map(str, ROW))


def csv_file(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "pins.csv"
    path.write_bytes(text.encode(encoding))
    return path


def lines(*rows, delimiter=",", end="\r\n"):
    return end.join(delimiter.join(row) for row in (HEADER, *rows)) + end


def refused(path, options=None):
    with pytest.raises(FileError) as caught:
        read(path, options)
    return caught.value


def rows_of(text, wanted=None):
    split = SplitText(text.encode(), "utf-8", wanted)
    sheet = split.sheet(1_000_000)
    return [
        [column.values[column.codes[row]] for column in sheet.columns.values()] for row in range(sheet.rows)
    ], split.delimiter


SLOVAK = ("košík", "item", "/p/žltý", "1", "item", "/p/ďateľ")


class TestEncodingsH37:
    """A mark, then NULs, then strict UTF-8, then Windows-1250 with a sample."""

    @pytest.mark.parametrize(
        ("encoding", "name"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
            ("utf-32", "utf-32"),
            ("utf-32-le", "utf-32-le"),
            ("utf-32-be", "utf-32-be"),
            ("cp1250", "cp1250"),
        ],
    )
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_every_encoding_with_every_separator(self, tmp_path, encoding, name, delimiter):
        sheet = read(csv_file(tmp_path, lines(SLOVAK, delimiter=delimiter), encoding))
        assert list(sheet.frame.iloc[0]) == list(SLOVAK)
        assert (sheet.facts.encoding, sheet.facts.delimiter) == (name, delimiter)
        assert sheet.columns[0].header == "model"

    def test_a_mark_of_utf16_big_end_first(self, tmp_path):
        path = tmp_path / "pins.csv"
        path.write_bytes(b"\xfe\xff" + lines(SLOVAK).encode("utf-16-be"))
        assert list(read(path).frame.iloc[0]) == list(SLOVAK)

    def test_the_guess_is_said_with_a_sample(self, tmp_path):
        sheet = read(csv_file(tmp_path, lines(SLOVAK, delimiter=";"), "cp1250"))
        (notice,) = sheet.notices
        assert notice.code == "text-guessed"
        assert "Windows-1250" in notice.text
        assert "semicolons" in notice.text
        assert "košík" in notice.text

    def test_what_is_no_guess_is_said_as_well(self, tmp_path):
        (notice,) = read(csv_file(tmp_path, lines(SLOVAK))).notices
        assert notice.text == "Read as UTF-8, separated by commas."

    def test_an_option_overrides_the_evidence(self, tmp_path):
        path = csv_file(tmp_path, lines(("ł", *LINE[1:])), "cp852")
        sheet = read(path, ReadOptions(encoding="cp852"))
        assert sheet.frame["model"].iloc[0] == "ł"
        assert sheet.facts.encoding == "cp852"

    def test_an_encoding_that_the_file_is_not_in(self, tmp_path):
        path = csv_file(tmp_path, lines(LINE, SLOVAK), "cp1250")
        error = refused(path, ReadOptions(encoding="utf-8"))
        assert error.code == "not-in-encoding"
        assert "line 3" in str(error)

    def test_utf8_that_is_cut_off_is_not_taken_for_windows_1250(self, tmp_path):
        path = tmp_path / "pins.csv"
        path.write_bytes(lines(SLOVAK, SLOVAK).encode() + "košíč".encode()[:-1])
        error = refused(path)
        assert error.code == "damaged-utf8"
        assert "line 4" in str(error)

    def test_text_that_is_neither(self, tmp_path):
        path = tmp_path / "pins.csv"
        path.write_bytes(lines(LINE).encode() + b"k\x81\x83\x90,item\r\n")
        error = refused(path)
        assert error.code == "encoding-not-found"
        assert "line 3" in str(error)

    def test_h41_a_null_character_is_named_with_its_line(self, tmp_path):
        error = refused(csv_file(tmp_path, lines(LINE, ("bas\x00ket", *LINE[1:]))))
        assert error.code == "null-character"
        assert "Line 3" in str(error)

    def test_a_mistake_far_into_a_large_file_is_found_at_its_line(self):
        data = b"x\n" * 900_000 + b"\xff\xff\xff"
        with pytest.raises(RefusalError) as caught:
            encoding_of(data, "utf-8")
        assert caught.value.details["line"] == 900_001

    def test_a_letter_across_the_pieces_a_file_is_looked_at_in(self):
        data = b"x" * (2**20 - 1) + "ž".encode() + b"x" * 100
        assert encoding_of(data).name == "utf-8"


class TestSeparatorsH38:
    """The one under which the header is known; a `sep=` line is honoured."""

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_by_the_header(self, tmp_path, delimiter):
        assert read(csv_file(tmp_path, lines(LINE, delimiter=delimiter))).facts.delimiter == delimiter

    def test_commas_in_the_data_do_not_outvote_the_header(self, tmp_path):
        rows = [("a,b,c,d,e,f,g,h", *LINE[1:])] * 30
        assert read(csv_file(tmp_path, lines(*rows, delimiter=";"))).facts.delimiter == ";"

    @pytest.mark.parametrize("first", ["sep=|", '"sep=|"', "SEP=|", "sep=|;;;"])
    def test_a_sep_line_is_honoured_and_is_no_row(self, tmp_path, first):
        sheet = read(csv_file(tmp_path, first + "\r\n" + lines(LINE, delimiter="|")))
        assert sheet.facts.delimiter == "|"
        assert sheet.facts.header_row == 1
        assert list(sheet.frame.index) == [2]

    def test_a_sep_line_in_utf16(self, tmp_path):
        sheet = read(csv_file(tmp_path, "sep=\t\r\n" + lines(LINE, delimiter="\t"), "utf-16"))
        assert list(sheet.frame.index) == [2]

    @pytest.mark.parametrize("delimiter", ["\t", "^", ";"])
    def test_an_option_overrides_the_evidence(self, tmp_path, delimiter):
        path = csv_file(tmp_path, lines(LINE, delimiter=delimiter))
        assert read(path, ReadOptions(delimiter=delimiter)).facts.delimiter == delimiter

    def test_without_known_headers_the_one_that_splits_evenly(self):
        assert rows_of("id;name\n1;a,b\n2;c\n3;d,e\n")[1] == ";"


class TestRows:
    """Records are rows; blank ones are counted; what does not fit is named."""

    def test_a_line_break_in_a_cell_does_not_end_the_row(self, tmp_path):
        sheet = read(csv_file(tmp_path, lines(('"a\r\nb"', *LINE[1:]), LINE)))
        assert list(sheet.frame.index) == [2, 3]
        assert sheet.frame["model"].iloc[0] == "a\r\nb"

    def test_h18_blank_lines_are_counted(self, tmp_path):
        sheet = read(csv_file(tmp_path, "\r\n" + lines((), LINE, (" ",), (",", ","), LINE)))
        assert sheet.facts.header_row == 2
        assert list(sheet.frame.index) == [4, 7]

    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
    def test_h41_every_line_end(self, tmp_path, end):
        sheet = read(csv_file(tmp_path, lines(LINE, LINE, end=end)))
        assert list(sheet.frame.index) == [2, 3]
        assert list(sheet.frame.iloc[1]) == list(LINE)

    def test_h41_mixed_line_ends(self, tmp_path):
        text = ",".join(HEADER) + "\r" + ",".join(LINE) + "\n" + ",".join(LINE) + "\r\n" + ",".join(LINE)
        assert list(read(csv_file(tmp_path, text)).frame.index) == [2, 3, 4]

    def test_other_characters_that_python_breaks_lines_at_are_text(self, tmp_path):
        odd = "a\x0bb\x0cc\x1cd\u2028e\x85f"
        assert read(csv_file(tmp_path, lines((odd, *LINE[1:])))).frame["model"].iloc[0] == odd

    def test_h39_a_row_with_too_many_fields_is_told_and_its_columns_do_not_shift(self, tmp_path):
        sheet = read(csv_file(tmp_path, lines(LINE, (*LINE, "x", "", "y"), LINE)))
        assert sheet.surplus == {3: "x,,y"}
        assert list(sheet.frame.loc[3]) == list(LINE)

    def test_h41_separators_at_the_end_are_not_too_many(self, tmp_path):
        path = csv_file(tmp_path, lines((*LINE, "", "", ""), (*LINE, " ", ""), delimiter=";"))
        assert read(path).surplus == {}

    def test_a_value_past_the_last_named_column_is_too_many_though_the_header_ends_in_separators(self, tmp_path):
        text = ";".join((*HEADER, "", "")) + "\n" + ";".join((*LINE, "x", ""))
        sheet = read(csv_file(tmp_path, text))
        assert sheet.surplus == {2: "x"}
        assert len(sheet.columns) == len(HEADER)

    def test_a_short_row_ends_in_empty_cells(self, tmp_path):
        sheet = read(csv_file(tmp_path, lines(LINE[:4])))
        assert sheet.frame.loc[2].isna().tolist() == [False] * 4 + [True] * 2

    @pytest.mark.parametrize(
        ("rows", "line"),
        [
            ((LINE, ('"open', *LINE[1:]), LINE, LINE), 3),
            ((LINE, ('"open', *LINE[1:]), ('"closed"', *LINE[1:])), 3),
            ((('"a\r\nb"', *LINE[1:]), ('"5" screen"', *LINE[1:])), 4),
            ((("x", *LINE[1:5], '"'),), 2),
        ],
    )
    def test_h40_a_quote_that_stays_open_is_an_error_with_its_line(self, tmp_path, rows, line):
        error = refused(csv_file(tmp_path, lines(*rows)))
        assert error.code == "open-quote"
        assert f"Line {line} " in str(error)

    def test_h40_the_line_counts_a_sep_line(self, tmp_path):
        error = refused(csv_file(tmp_path, "sep=,\r\n" + lines(('"open', *LINE[1:]))))
        assert "Line 3 " in str(error)

    def test_quotes_inside_a_cell_that_does_not_begin_with_one(self, tmp_path):
        cells = ('5" screen', *LINE[1:5], '{"a": 1}')
        assert list(read(csv_file(tmp_path, lines(cells))).frame.iloc[0]) == list(cells)

    def test_h42_a_huge_cell(self, tmp_path):
        huge = "x" * 300_000
        assert read(csv_file(tmp_path, lines((huge, *LINE[1:])))).frame["model"].iloc[0] == huge

    def test_h43_zeros_that_excel_was_told_to_keep(self, tmp_path):
        cells = ('="00123"', '"=""00,7"""', '="say ""x"""', '=""', "=1+1", '="a')
        sheet = read(csv_file(tmp_path, lines(cells)))
        found = list(sheet.frame.iloc[0])
        assert found[:3] == ["00123", "00,7", 'say "x"']
        assert found[3] != found[3]
        assert found[4:] == ["=1+1", '="a']

    def test_cells_stay_as_they_are(self, tmp_path):
        cells = ("00123", " NA ", "null", "1,0", "\u00a0x", "'=x")
        sheet = read(csv_file(tmp_path, lines(cells, delimiter=";")))
        assert list(sheet.frame.iloc[0]) == list(cells)

    def test_a_wide_line_in_a_long_file_stays_in_bounds(self, tmp_path):
        path = csv_file(tmp_path, ",".join("x" * 16_000) + "\n" + "\n" * 100_000)
        assert refused(path).code == "too-big"

    def test_h41_only_a_header(self, tmp_path):
        error = refused(csv_file(tmp_path, lines()))
        assert error.code == "no-rows"
        assert error.read.non_empty_rows == 1
        assert error.read.header_row == 1

    def test_h41_no_header(self, tmp_path):
        error = refused(csv_file(tmp_path, "\r\n".join(",".join(LINE) for _ in range(3))))
        assert error.code == "no-header"
        assert error.read.non_empty_rows == 3
        assert error.read.header_row is None

    def test_a_sheet_of_a_text_file(self, tmp_path):
        assert refused(csv_file(tmp_path, lines(LINE)), ReadOptions(sheet="S")).code == "sheet-of-csv"

    def test_rows_past_the_end_of_an_excel_sheet_keep_their_numbers(self, tmp_path):
        path = csv_file(tmp_path, ",".join(HEADER) + "\n" * 1_048_577 + ",".join(LINE))
        sheet = read(path)
        assert list(sheet.frame.index) == [1_048_578]
        assert sheet.place(1_048_578) == ("", 1_048_578)
        assert sheet.address(1_048_578, "model") == "A1048578"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("end", ["\x1a", "\x1a\x1a", "\r\n\x1a"])
def test_the_end_mark_of_old_programs_is_no_row(tmp_path, encoding, end):
    sheet = read(csv_file(tmp_path, lines(LINE, SLOVAK).rstrip() + end, encoding))
    assert list(sheet.frame.index) == [2, 3]
    assert list(sheet.frame["pin_identity"]) == ["/p/2", "/p/ďateľ"]


def test_quotation_marks_with_backslashes_are_told_from_one_that_stays_open(tmp_path):
    row = ('"basket"', '"item"', '"/p/1"', '"1"', '"item"', r'"{\"category\": \"Watches\"}"')
    found = refused(csv_file(tmp_path, lines(LINE, row)))
    assert found.code == "backslash-quote"
    assert str(found).startswith(r"Line 3 of pins.csv writes a quotation mark inside a cell as \",")
