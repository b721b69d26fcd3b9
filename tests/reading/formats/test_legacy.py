"""xls, xlsb and ods: read as far as the engine can, and what it hides is found in them, too."""

from __future__ import annotations

import io
import struct

import pytest

from importer.cells import Broken, Number, Reformatted, Uncalculated
from importer.errors import FileError
from importer.reading.formats.ole import open_container
from importer.reading.formats.xls import XlsReader
from importer.reading.formats.xlsb import XlsbReader, rk_number
from importer.reading.package import open_package
from importer.reading.raw import RefusalError
from tests.reading.both_ways import read
from tests.reading.making import (
    HEADER,
    ROW,
    biff_error,
    biff_formula,
    biff_formula_error,
    biff_hidden_row,
    biff_label,
    biff_number,
    biff_rks,
    ods,
    ods_text,
    ole,
    packed,
    xls,
)

ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def labels(row, cells):
    return [
        biff_label(row, place, cell) if isinstance(cell, str) else biff_number(row, place, cell)
        for place, cell in enumerate(cells)
    ]


def column(sheet, key):
    return list(sheet.frame[key])


class TestXls:
    def test_cells_and_error_cells(self, tmp_path):
        rows = [
            *labels(0, HEADER),
            *labels(1, ROW),
            *labels(2, ROW[:5]),
            biff_error(2, 5, 0x2A),
            *labels(4, ROW[:5]),
            biff_formula_error(4, 5, 0x17),
        ]
        sheet = read(xls(tmp_path / "p.xls", *rows))
        assert sheet.facts.format == "xls"
        assert list(sheet.frame.index) == [2, 3, 5]
        assert column(sheet, "pin_identity") == ["/p/2", Broken("#N/A"), Broken("#REF!")]

    def test_a_text_shown_otherwise(self, tmp_path):
        label = struct.pack("<HHHHHHB", 0x0204, 12, 1, 5, 1, 3, 0) + b"987"
        rows = [*labels(0, HEADER), *labels(1, ROW[:5]), label]
        found = read(xls(tmp_path / "p.xls", *rows, formats=['"/p/"@']))
        assert column(found, "pin_identity") == [Reformatted("987", "/p/987")]

    @pytest.mark.parametrize("result", [b"\x03\0\0\0\0\0\xff\xff", struct.pack("<d", 0)])
    def test_h22_a_formula_that_nobody_calculated(self, tmp_path, result):
        rows = [*labels(0, HEADER), *labels(1, ROW[:5]), biff_formula(1, 5, result)]
        assert column(read(xls(tmp_path / "p.xls", *rows)), "pin_identity") == [Uncalculated("…")]
        rows += [*labels(2, ROW[:5]), biff_formula(2, 5, struct.pack("<d", 7))]
        assert column(read(xls(tmp_path / "q.xls", *rows)), "pin_identity")[1] == Number(7)
        assert Uncalculated("…") not in column(read(tmp_path / "q.xls"), "pin_identity")

    def test_h23_numbers_shown_otherwise(self, tmp_path):
        rows = [*labels(0, HEADER), *labels(1, ROW[:2]), biff_number(1, 2, 123.0, 1), biff_number(1, 3, 1)]
        rows += [*labels(2, ROW[:2]), biff_rks(2, 2, 77 << 2 | 2, style=1), biff_number(2, 3, 1)]
        assert column(read(xls(tmp_path / "p.xls", *rows, formats=["00000"])), "target_identity") == [
            Number(123.0, "00123"),
            Number(77.0, "00077"),
        ]

    @pytest.mark.parametrize(
        ("code", "raw"),
        [
            ("d.m.yyyy", ("m", "2026-04-03", False)),
            ("d.m.yyyy hh:mm", ("m", "2026-04-03T00:00:00", True)),
            ("mmm-yy", ("m", "2026-04-03", False, "day")),
            ("0.00E+00", ("n", 46115.0, "4.61E+04")),
            ("General", 46115.0),
        ],
    )
    def test_the_format_decides_what_a_number_is(self, tmp_path, code, raw):
        content = xls(tmp_path / "p.xls", biff_number(0, 0, 46115, 1), formats=[code]).read_bytes()
        assert XlsReader(content, 1000).read("S").columns[0].values[1] == raw

    def test_merged_ranges(self, tmp_path):
        merged = struct.pack("<HHHHHHH", 0x00E5, 10, 1, 1, 2, 0, 0)
        content = xls(tmp_path / "p.xls", biff_label(1, 0, "x"), merged).read_bytes()
        assert XlsReader(content, 1000).read("S").merged == [(1, 0, 2, 0)]

    def test_what_the_reader_has_to_say_never_reaches_the_answer(self, tmp_path, capsys):
        with pytest.raises(FileError):
            read(xls(tmp_path / "p.xls", struct.pack("<HH", 0x0205, 2) + b"xx"))
        assert capsys.readouterr().out == ""

    def test_a_workbook_with_a_password_comes_in_a_container_of_its_own(self, tmp_path):
        (tmp_path / "p.xlsx").write_bytes(ole({"EncryptedPackage": bytes(5000)}))
        with pytest.raises(FileError) as caught:
            read(tmp_path / "p.xlsx")
        assert caught.value.code == "password"

    def test_h17_hidden_rows(self, tmp_path):
        sheet = read(xls(tmp_path / "p.xls", *labels(0, HEADER), biff_hidden_row(1), *labels(1, ROW)))
        assert [notice.code for notice in sheet.notices] == ["hidden-row"]

    def test_a_hidden_column(self, tmp_path):
        hidden = struct.pack("<HHHHHHHH", 0x007D, 12, 6, 6, 2560, 0, 1, 0)
        rows = [hidden, *labels(0, (*HEADER, "active_to")), *labels(1, (*ROW, "24.12.2026"))]
        assert [notice.code for notice in read(xls(tmp_path / "p.xls", *rows)).notices] == ["hidden-column"]

    def test_h3_a_protected_workbook(self, tmp_path):
        with pytest.raises(FileError) as caught:
            read(xls(tmp_path / "p.xls", *labels(0, HEADER), protected=True))
        assert caught.value.code == "password"

    @pytest.mark.parametrize(
        ("packed_number", "number"),
        [(0x3FF00000, 1.0), (77 << 2 | 2, 77.0), (0xFFFFFFFE, -1.0), (12345 << 2 | 3, 123.45)],
    )
    def test_packed_numbers(self, packed_number, number):
        assert rk_number(packed_number) == number

    def test_a_chain_of_sectors_that_loops_is_damage(self, tmp_path):
        rows = [record for row in range(1, 40) for record in labels(row, ROW)]
        content = bytearray(xls(tmp_path / "p.xls", *labels(0, HEADER), *rows).read_bytes())
        table = content.index(struct.pack("<III", 1, 2, 3))
        content[table : table + 4] = struct.pack("<I", 0)
        (tmp_path / "p.xls").write_bytes(content)
        with pytest.raises(FileError) as caught:
            read(tmp_path / "p.xls")
        assert caught.value.code == "damaged"

    def test_a_container_without_a_workbook_is_damage(self):
        with pytest.raises(RefusalError, match="damaged"):
            open_container(ole({"Something": bytes(5000)}))


class TestOds:
    def test_cells_and_error_cells(self, tmp_path):
        rows = [
            "".join(map(ods_text, HEADER)),
            "".join(map(ods_text, map(str, ROW))),
            '<table:table-row table:number-rows-repeated="3"/>',
            "".join(map(ods_text, map(str, ROW[:5]))) + ERROR,
        ]
        sheet = read(ods(tmp_path / "p.ods", rows))
        assert sheet.facts.format == "ods"
        assert list(sheet.frame.index) == [2, 6]
        assert column(sheet, "pin_identity") == ["/p/2", Broken("#N/A")]

    def test_h23_numbers_shown_otherwise(self, tmp_path):
        number = (
            '<table:table-cell office:value-type="float" office:value="123"><text:p>00123</text:p></table:table-cell>'
        )
        rows = [
            "".join(map(ods_text, HEADER)),
            ods_text("basket") + ods_text("item") + number + "".join(map(ods_text, map(str, ROW[3:]))),
        ]
        head = '<number:number number:min-integer-digits="5"/>'
        assert column(read(ods(tmp_path / "p.ods", rows, head=head)), "target_identity") == [Number(123.0, "00123")]

    def test_merged_cells_and_hidden_rows(self, tmp_path):
        rows = [
            "".join(map(ods_text, HEADER)),
            ods_text("basket", 'table:number-rows-spanned="2"') + "".join(map(ods_text, map(str, ROW[1:]))),
            '<table:table-row table:visibility="collapse"><table:covered-table-cell/>'
            + "".join(map(ods_text, map(str, ROW[1:])))
            + "</table:table-row>",
        ]
        sheet = read(ods(tmp_path / "p.ods", rows))
        assert column(sheet, "model") == ["basket", "basket"]
        assert [notice.code for notice in sheet.notices] == ["hidden-row", "merged-cell"]


def _record(kind, data=b""):
    kinds = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return kinds + bytes([len(data)]) + data


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path, *records, formats=()):
    """An xlsb workbook whose one sheet, `S`, has these records."""
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    styles = b"".join(_record(44, struct.pack("<H", 164 + n) + _wide(code)) for n, code in enumerate(formats))
    used = [0, *(164 + number for number in range(len(formats)))]
    styles += _record(617, struct.pack("<I", len(used)))
    styles += b"".join(_record(47, struct.pack("<HH", 0, each) + bytes(12)) for each in used) + _record(618)
    sheet = _record(156, struct.pack("<II", 0, 1) + _wide("r1") + _wide("S"))
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{links}/officeDocument" '
        'Target="xl/workbook.bin"/></Relationships>'.encode(),
        "xl/_rels/workbook.bin.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{links}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>'
        ).encode(),
        "xl/workbook.bin": _record(131) + _record(143) + sheet + _record(144) + _record(132),
        "xl/styles.bin": styles,
        "xl/worksheets/sheet1.bin": _record(129)
        + _record(148, struct.pack("<IIII", 0, 20, 0, 10))
        + _record(145)
        + b"".join(records)
        + _record(146)
        + _record(130),
    }
    path.write_bytes(packed({name: data.encode() if isinstance(data, str) else data for name, data in parts.items()}))
    return path


def _bin_row(number, *, hidden=False):
    return _record(0, struct.pack("<IIH", number, 0, 300) + bytes([0, 0x10 if hidden else 0, 0, 0, 0, 0, 0]))


def _bin_text(place, text, style=0):
    return _record(6, struct.pack("<II", place, style) + _wide(text))


def _bin_row_of(number, cells, **options):
    return _bin_row(number, **options) + b"".join(_bin_text(place, str(cell)) for place, cell in enumerate(cells))


class TestXlsb:
    def test_cells_error_cells_hidden_rows_and_formats(self, tmp_path):
        rows = (
            _bin_row_of(0, HEADER),
            _bin_row_of(1, ROW, hidden=True),
            _bin_row_of(3, ROW[:2]),
            _record(5, struct.pack("<IId", 2, 1, 123.0)),
            _record(2, struct.pack("<III", 3, 0, 1 << 2 | 2)),
            _record(3, struct.pack("<IIB", 5, 0, 0x2A)),
        )
        sheet = read(xlsb(tmp_path / "p.xlsb", *rows, formats=["00000"]))
        assert sheet.facts.format == "xlsb"
        assert list(sheet.frame.index) == [2, 4]
        assert column(sheet, "target_identity") == ["/p/1", Number(123.0, "00123")]
        assert column(sheet, "position") == ["1", Number(1)]
        assert column(sheet, "pin_identity") == ["/p/2", Broken("#N/A")]
        assert [notice.code for notice in sheet.notices] == ["hidden-row"]

    def test_formats_decide_and_merged_ranges_are_told(self, tmp_path):
        rows = (
            _bin_row(1),
            _record(5, struct.pack("<IId", 0, 1, 46115.0)),
            _record(5, struct.pack("<IId", 1, 2, 46115.0)),
            _record(5, struct.pack("<IId", 2, 3, 0.5)),
            _record(176, struct.pack("<IIII", 1, 2, 0, 0)),
        )
        content = xlsb(tmp_path / "p.xlsb", *rows, formats=["d.m.yyyy", "d.m.yyyy h:mm", "0%"]).read_bytes()
        sheet = XlsbReader(open_package(io.BytesIO(content), len(content), 10**9), 1000).read("S")
        assert [sheet.columns[place].values[1] for place in range(3)] == [
            ("m", "2026-04-03", False),
            ("m", "2026-04-03T00:00:00", True),
            ("n", 0.5, "50%"),
        ]
        assert sheet.merged == [(1, 0, 2, 0)]

    def test_a_hidden_column(self, tmp_path):
        hidden = _record(60, struct.pack("<IIIIH", 6, 6, 2560, 0, 1))
        rows = (hidden, _bin_row_of(0, (*HEADER, "active_to")), _bin_row_of(1, (*ROW, "24.12.2026")))
        assert [notice.code for notice in read(xlsb(tmp_path / "p.xlsb", *rows)).notices] == ["hidden-column"]

    def test_a_record_that_ends_too_early_is_damage(self, tmp_path):
        with pytest.raises(FileError) as caught:
            read(xlsb(tmp_path / "p.xlsb", _bin_row(1), _record(5, b"abc")))
        assert caught.value.code == "damaged"
