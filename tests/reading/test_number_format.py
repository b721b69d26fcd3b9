"""What a cell's format shows is what is read: one understanding for every kind of workbook."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.reading.built_in_formats import BUILT_IN
from importer.reading.number_format import format_code, raw_iso, raw_number

DAY = 46115  # 3 April 2026
ACCOUNTING = '_-* #,##0.00 _€;-* #,##0.00 _€;_-* "-"?? _€;_-@'


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (4, "General"),
        (1234567890123, "General"),
        (4, ""),
        (4, "@"),
        (4, "0"),
        (-4, "0"),
        (999, "#,##0"),
        (4, "_-* #,##0 _€;-* #,##0 _€"),
        (4, "[Red]0;[Blue]-0"),
        (-4, "0;-0;;@"),
        (12, '[>=1000]0,"k";0'),
        (1.5, "0.0"),
        (1.5, "General;-General"),
        (4, "0*-"),
    ],
)
def test_numbers_shown_as_they_are_stay_plain(value, code):
    assert raw_number(value, code) == value


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (123, "00000", "00123"),
        (123456, "000-000", "123-456"),
        (1234567, "000-000", "1234-567"),
        (123, '"SKU-"0000', "SKU-0123"),
        (12, r"00\:00", "00:12"),
        (1, "0.00", "1.00"),
        (1234567, "#,##0", "1,234,567"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12, "0,000", "0,012"),
        (1234, '[>=1000]0,"k";0', "1k"),
        (1234567, "0.0,,", "1.2"),
        (0.5, "0%", "50%"),
        (0.125, "0.0 %", "12.5 %"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.00012, "0.00E+00", "1.20E-04"),
        (12345, "##0.0E+0", "12.3E+3"),
        (1.5, "# ?/?", "1 1/2"),
        (0.5, "?/8", "4/8"),
        (-5, "0.0;[Red](0.0)", "(5.0)"),
        (5, ACCOUNTING, "5.00"),
        (0, ACCOUNTING, "-"),
        (5, "[$€-41B] #,##0.00", "€ 5.00"),
        (5, "#,##0.00 [$Kč-405]", "5.00 Kč"),
        (5, "0 ks", "5 ks"),
        (4, 'General" ks"', "4 ks"),
        (4, ";;;", ""),
        (-4, "0;", ""),
        (1, '[=1]"yes";[=0]"no";0', "yes"),
        (1234.5, "0", "1235"),
        (0.5, "#.##", ".5"),
        (-1, "yyyy-mm-dd", "#####"),
        (3_000_000, "d.m.yyyy", "#####"),
        (0, "d.m.yyyy", "1900-01-00"),
        (60, "d.m.yyyy", "1900-02-29"),
        (1e300, "0%", "1" + "0" * 302 + "%"),
    ],
)
def test_numbers_shown_otherwise_keep_what_is_shown(value, code, shown):
    assert raw_number(value, code) == ("n", value, shown)


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "d-mmm-yy",
        "[$-405]d. mmmm yyyy;@",
        r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy",
        'yyyy"年"m"月"d"日"',
        "TT.MM.JJJJ",
        "jj/mm/aaaa",
        "dd.mm.rrrr",
        "[$-407]d/m/yy",
        "m/d/yyyy",
    ],
)
def test_a_format_with_a_day_alone_is_a_whole_day_whatever_hides_below(code):
    assert raw_number(DAY, code) == ("m", "2026-04-03", False)
    assert raw_number(DAY + 0.5, code) == ("m", "2026-04-03T12:00:00", False)
    assert raw_number(DAY + 0.999999, code)[1].startswith("2026-04-03")


@pytest.mark.parametrize("code", ["yyyy-mm-dd hh:mm", "m/d/yyyy h:mm", r"dd/mm/yy\ h:mm\ AM/PM", 'd.m.yy "at" h'])
def test_a_format_with_hours_is_a_time_midnight_included(code):
    assert raw_number(DAY, code) == ("m", "2026-04-03T00:00:00", True)
    assert raw_number(DAY + 0.583333333333299, code) == ("m", "2026-04-03T14:00:00", True)


@pytest.mark.parametrize(
    ("code", "lacks"),
    [("mmm-yy", "day"), ("d.m.", "year"), ("d-mmm", "year")],
)
def test_what_the_format_does_not_show_of_the_day_is_lacking(code, lacks):
    assert raw_number(DAY, code) == ("m", "2026-04-03", False, lacks)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("dddd", "Friday"),
        ("yyyy", "2026"),
        ("aaaa", "Friday"),
        (r"yyyy-mm-dd\Thh:mm:ss\Z", "2026-04-03T18:30:00Z"),
        ('dd.mm.yyyy hh:mm" UTC"', "03.04.2026 18:30 UTC"),
        ('dd.mm.yyyy hh:mm "+00:00"', "03.04.2026 18:30 +00:00"),
        ('dd.mm.yyyy" 12:00"', "03.04.2026 12:00"),
        (r"dd.mm.yyyy\ \1\2\:\0\0", "03.04.2026 12:00"),
        ("d.m.yyyy h AM/PM", "3.4.2026 6 PM"),
        ('d.m.yyyy h"h"', "3.4.2026 18h"),
        ('d. mmm "2027"', "3. Apr 2027"),
    ],
)
def test_a_date_that_is_shown_as_something_else_keeps_both(code, shown):
    assert raw_number(DAY + 0.7708333333333334, code) == ("n", DAY + 0.7708333333333334, shown)


@pytest.mark.parametrize(
    "code", ['"od "d.m.yyyy', 'd.m."20"yy', 'yyyy-mm-dd"T"hh:mm', 'd.m.yyyy" o "h:mm" hod."', "d. mmmm yyyy;@"]
)
def test_words_in_a_date_that_say_nothing_of_the_time_do_not_count(code):
    assert raw_number(DAY + 0.7708333333333334, code)[0] == "m"


def test_a_date_of_1904_that_is_shown_as_something_else_is_counted_like_others():
    assert raw_number(DAY - 1462, "yyyy", epoch1904=True) == ("n", DAY, "2026")


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.5, "h:mm", "12:00:00"),
        (DAY + 0.6, "mm:ss.0", "14:24:00"),
        (0.99999999, "h:mm", "00:00:00"),
        (1.5, "[h]:mm", "36:00:00"),
        (-0.5, "[h]:mm:ss", "-12:00:00"),
        (0.5, "[mm]:ss", "12:00:00"),
        (0.5, "d.m.yyyy h:mm", "12:00:00"),
    ],
)
def test_a_format_with_hours_alone_is_a_time(value, code, text):
    assert raw_number(value, code) == ("c", text)


def test_workbooks_of_1904_count_from_there():
    assert raw_number(DAY - 1462, "d.m.yyyy", epoch1904=True) == ("m", "2026-04-03", False)
    assert raw_number(0, "d.m.yyyy", epoch1904=True) == ("m", "1904-01-01", False)


def test_the_first_days_of_1900_are_those_of_the_sheet():
    assert raw_number(1, "d.m.yyyy") == ("m", "1900-01-01", False)
    assert raw_number(59, "d.m.yyyy") == ("m", "1900-02-28", False)
    assert raw_number(61, "d.m.yyyy") == ("m", "1900-03-01", False)


def test_built_in_formats_are_known_by_their_number_unless_the_file_says_otherwise():
    assert format_code(14, {}) == "m/d/yyyy"
    assert format_code(14, {14: "dd.mm.yyyy"}) == "dd.mm.yyyy"
    assert format_code(163, {}) == "General"


@pytest.mark.parametrize(
    ("text", "code", "raw"),
    [
        ("2026-04-03", "General", ("m", "2026-04-03", False)),
        ("2026-04-03T00:00:00", "General", ("m", "2026-04-03T00:00:00", True)),
        ("2026-04-03T14:30:00Z", "General", ("m", "2026-04-03T14:30:00", True)),
        ("2026-04-03T14:30:00.000+02:00", "yyyy-mm-dd", ("m", "2026-04-03T14:30:00", False)),
        ("2026-04-03", "yyyy-mm-dd hh:mm", ("m", "2026-04-03T00:00:00", True)),
        ("2026-04-03T18:30:00", 'd.m.yyyy h:mm" UTC"', ("n", 46115.770833333336, "3.4.2026 18:30 UTC")),
        ("2026-04-03", "mmm-yy", ("m", "2026-04-03", False, "day")),
        ("14:30:00", "General", ("c", "14:30:00")),
        ("2026-04-03T14:30:00", "h:mm", ("c", "14:30:00")),
        ("2026-02-30", "General", "2026-02-30"),
        ("soon", "General", "soon"),
        ("", "General", ""),
    ],
)
def test_moments_stated_as_text_follow_the_same_rules(text, code, raw):
    assert raw_iso(text, code) == raw


CODE_PIECES = ["0", "#", "?", ".", ",", "%", "E+", "/", ";", "@", "_", "*", "\\", '"', '"x"', "[Red]", "[$€-1]", "[>1]"]
CODE_PIECES += [
    "[h]",
    "[",
    "]",
    "General",
    "yyyy",
    "m",
    "d",
    "h",
    "ss",
    "AM/PM",
    "-",
    "(",
    ")",
    " ",
    "e",
    "g",
    "b",
    "j",
]


@given(
    code=st.lists(st.sampled_from(CODE_PIECES), max_size=12).map("".join),
    value=st.floats(allow_nan=True) | st.integers(),
)
def test_whatever_the_format_a_number_is_read(code, value):
    raw = raw_number(float(value) if abs(value) < 1e300 else 1.0, code)
    assert isinstance(raw, float) or raw[0] in ("n", "m", "c", "e")


@given(value=st.integers(-(10**14), 10**14), code=st.sampled_from([BUILT_IN[1], "0;-0", "0_);-0", "General"]))
def test_whole_numbers_stay_plain_in_formats_for_whole_numbers(value, code):
    assert raw_number(value, code) == value
