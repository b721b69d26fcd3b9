"""One cell to one value: texts, choices, tags, positions, yes and no, metadata."""

import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.catalogue.rows import message
from importer.cells import Broken, Clock, Flag, Moment, Number, Reformatted, Uncalculated, plain_number
from importer.checking.cells import (
    read_choice,
    read_identity,
    read_metadata_value,
    read_position,
    read_text,
    read_yes_no,
    trimming,
    unreadable,
)
from importer.checking.text import is_clean, is_plain, trimmed
from importer.checking.values import CellError, CellWarning, Json
from tests.builders import checked, pins

text = trimming(read_text)


def code(read):
    return read.code if isinstance(read, CellError | CellWarning) else read


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("00123", "00123"),  # zeros in front are kept
        (Number(123.0), "123"),  # the number 123.0 is the ID 123
        (Number(-5), "-5"),
        (Number(123, shown="123"), "123"),
        (Number(123, shown=" 123 "), "123"),  # a format that leaves room for a sign
        (Number(999_999_999_999_999), "999999999999999"),
        ("NA", "NA"),  # words that programs take for nothing are IDs
        ("null", "null"),
        ("None", "None"),
        ("nan", "nan"),
        ("TRUE", "TRUE"),
        ("/p/123/", "/p/123/"),
        ("12E45", "12E45"),  # an ID, not a number cut short
        ("\u00a0\u200b /p/1\ufeff\n", "/p/1"),  # no-break, zero-width and line breaks around a value
        ("Hodinky pánske", "Hodinky pánske"),
        ("NÔŽ", "NÔŽ"),  # no false alarm: in Windows-1250 these letters happen to spell UTF-8
        ("Úľ", "Úľ"),
        ("âšť", "âšť"),  # nor where they would be a sign
        ("příští", "příští"),
        ("a\u00a0b", "a\u00a0b"),  # Unicode inside is kept
        ("❤\ufe0f sale", "❤\ufe0f sale"),  # so is what makes up an emoji
        ("❤\ufe0f", "❤\ufe0f"),
        ("👩\u200d🚀 1\ufe0f\u20e3", "👩\u200d🚀 1\ufe0f\u20e3"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # and what keeps Persian letters apart  # noqa: RUF001
        ("\u2066\u061c/p/1\u2800\u2069", "/p/1"),
        ("=SUM", "=SUM"),
        ("#1", "#1"),
        ("#42 blue", "#42 blue"),
        ("#sale", "#sale"),
        ("#1234", "#1234"),
        ("#1!", "#1!"),
        ("#nv", "#nv"),
        ("Err:1", "Err:1"),
        ("Loading dock", "Loading dock"),
        ("More...", "More..."),
        ("a:512", "a:512"),
    ],
)
def test_a_text_is_kept_as_it_stands(cell, value):
    assert text(cell) == value


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,23457E+15", "number-exponent"),  # never sent
        ("1.23457E+15", "number-exponent"),
        (" 8E+12", "number-exponent"),
        (Number(10**15), "number-too-long"),  # more than 15 digits
        (Number(1.23457e15), "number-too-long"),
        (Number(math.inf), "number-too-long"),
        (Number(math.nan), "number-too-long"),
        (Number(123, shown="00123"), "number-reformatted"),  # shown by its format with zeros
        (Number(1200, shown="1.20E+03"), "number-reformatted"),
        (Number(0.5, shown="50%"), "number-reformatted"),
        (Number(1234, shown="1 234"), "number-reformatted"),
        (Number(5, shown="5 €"), "number-reformatted"),
        (Number(12, shown="SKU-12"), "number-reformatted"),
        (Number(1.4, shown="1"), "number-reformatted"),
        (Number(7, shown=""), "number-hidden"),
        (Number(7, shown="  "), "number-hidden"),
        ("/p/12\u200b3", "text-invisible"),
        ("a\u00adb", "text-invisible"),
        ("a\u2800b", "text-invisible"),
        ("12\ufe0f3", "text-invisible"),
        ("\ufe0f12", "text-invisible"),
        ("a\U000e0041b", "text-invisible"),
        ("a\u200eb", "text-invisible"),
        (Number(12.5), "number-fraction"),
        (Moment(datetime(2026, 3, 4), has_time=False), "became-date"),  # an ID that became a date
        (Clock("12:30"), "became-time"),
        (Flag(True), "became-flag"),
        (Broken("#N/A"), "cell-error"),
        ("#N/A", "cell-error"),
        ("#ref!", "cell-error"),
        (" #ODKAZ! ", "cell-error"),
        ("########", "cell-error"),
        ("#VALEUR!", "cell-error"),  # in the languages of Excel, LibreOffice and Google Sheets
        ("#NOM?", "cell-error"),
        ("#¡VALOR!", "cell-error"),
        ("#¿NOMBRE?", "cell-error"),
        ("#ÜBERLAUF!", "cell-error"),
        ("#DELENIE NULOU!", "cell-error"),
        ("#NIET.BESCHIKBAAR?", "cell-error"),
        ("#ДЕЛ/0!", "cell-error"),
        ("#BRAK!", "cell-error"),
        ("#ERROR!", "cell-error"),
        ("#SPILL!", "cell-error"),
        ("#NV", "cell-error"),
        ("#N/D", "cell-error"),
        ("#Н/Д", "cell-error"),  # noqa: RUF001
        ("#HIÁNYZIK", "cell-error"),
        ("#GETTING_DATA", "cell-error"),
        ("Err:511", "cell-error"),
        ("Chyba:502", "cell-error"),
        ("Loading...", "cell-error"),
        ("Loading…", "cell-error"),
        ("Načítava sa...", "cell-error"),
        (Uncalculated("A1&B1"), "cell-uncalculated"),
        (Reformatted("987", "/p/987"), "text-reformatted"),
        (Reformatted("cart", ""), "text-hidden"),
        ("a\x07b", "character-forbidden"),  # control characters, lone surrogates, U+FFFF
        ("a\ud800", "character-forbidden"),
        ("a\uffffb", "character-forbidden"),
        ("/p/1\n/p/2", "text-line-break"),
        ("a\tb", "text-line-break"),
        ("PÅ™Ã\xadrodnÃ\xad", "text-garbled"),  # UTF-8 read as Windows-1252
        ("Ĺ˝idle", "text-garbled"),  # and as Windows-1250
        ("p\ufffdta", "letters-lost"),
        ("", None),
        (" \u00a0\u200b", None),
    ],
)
def test_what_is_wrong_with_a_text(cell, expected):
    if expected is None:
        assert not isinstance(text(cell), CellError)
    else:
        assert code(text(cell)) == expected


def test_a_number_that_shows_something_else_gives_both_readings():
    assert text(Number(123, shown="00123")) == CellError("number-reformatted", "123")
    assert text(Number(7, shown="")) == CellError("number-hidden", "7")
    assert read_position(Number(1, shown="100%")) == CellError("number-reformatted", "1")
    assert read_metadata_value(Number(42, shown="42.00 €")) == CellError("number-reformatted", "42")


def test_an_invisible_character_is_shown_where_it_stands():
    assert text("/p/12\u200b3\u00ad") == CellError("text-invisible", "/p/12⟨U+200B⟩3")
    assert trimming(read_identity)("a\u00a0b\u2009c") == CellError("text-invisible", "a⟨U+00A0⟩b⟨U+2009⟩c")
    assert trimming(read_identity)("a b") == "a b"


def test_a_doubt_keeps_the_value_as_it_stands():
    assert text(Flag(False)) == CellWarning("FALSE", "became-flag")
    assert text("Ĺ˝idle") == CellWarning("Ĺ˝idle", "text-garbled", "Židle")


@given(st.text())
def test_the_quick_looks_never_differ_from_the_long_way(found):
    if is_clean(found):
        assert found
        assert trimmed(found) == found
        assert unreadable(found) is None
    if is_plain(found):
        assert text(found) == found


@given(st.text())
def test_reading_a_text_that_was_read_changes_nothing(found):
    read = text(found)
    value = read.value if isinstance(read, CellWarning) else read
    if isinstance(value, str):
        assert text(value) == read


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_whole_number_reads_as_its_digits(number):
    assert read_text(Number(float(number))) == str(number)
    assert plain_number(number) == str(number)


@pytest.mark.parametrize("cell", ["item", " Item", "ITEM\u00a0"])
def test_choices_are_read_without_regard_to_case(cell):
    assert trimming(read_choice)(cell) == "item"


@pytest.mark.parametrize(
    ("cell", "position"),
    [
        (Number(1), 1),
        (Number(2.0), 2),
        ("1,0", 1),
        ("1.0", 1),
        ("3.", 3),
        ("+4", 4),
        ("01", 1),
        ("\u22121", -1),  # a typographic minus is a minus
        ("–1", -1),  # noqa: RUF001
        ("0", 0),
        (Number(1, shown="1.00"), 1),  # what the cell shows reads as the same number
        (Number(1, shown="1."), 1),
        (Number(1, shown="001"), 1),
        (Number(-1, shown="−1"), -1),  # noqa: RUF001
        (Number(3.0000000000000004), 3),  # what a formula leaves of a 3, and Excel shows as 3
    ],
)
def test_positions(cell, position):
    assert trimming(read_position)(cell) == position


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,5", "position-fraction"),
        ("1.5", "position-fraction"),
        (Number(1.5), "position-fraction"),
        ("first", "position-unreadable"),
        ("1st", "position-unreadable"),
        ("1 2", "position-unreadable"),
        (Number(1e300), "position-unreadable"),
        (Number(math.nan), "position-unreadable"),
        ("99999999999", "position-unreadable"),
        ("9" * 5000, "position-unreadable"),
        (Flag(True), "position-unreadable"),
        (Number(1, shown="100%"), "number-reformatted"),
        (Number(1.4, shown="1"), "number-reformatted"),
        (Number(0, shown="-"), "number-reformatted"),
        (Number(2, shown=""), "number-hidden"),
        (Moment(datetime(2026, 1, 1), has_time=False), "position-unreadable"),
    ],
)
def test_what_is_no_position(cell, expected):
    assert code(trimming(read_position)(cell)) == expected


@given(st.integers(-1, 2**31 - 1))
def test_a_position_is_read_as_it_was_written(position):
    for cell in (str(position), f"{position},0", f" {position}.00 ", Number(position), Number(float(position))):
        assert trimming(read_position)(cell) == position


# yes and no in English, Slovak, Czech and German, 1 and 0, TRUE and FALSE; nothing else
YES = [
    "yes",
    "Yes",
    "y",
    "true",
    "1",
    "áno",
    "ÁNO",
    "a\u0301no",
    "ano",
    "ja",
    "j",
    "wahr",
    "pravda",
    Flag(True),
    Number(1),
]
NO = ["no", "n", "FALSE", "0", "nie", "ne", "nein", "nepravda", "falsch", Flag(False), Number(0.0)]


@pytest.mark.parametrize("cell", YES)
def test_yes(cell):
    assert trimming(read_yes_no)(cell) is True


@pytest.mark.parametrize("cell", NO)
def test_no(cell):
    assert trimming(read_yes_no)(cell) is False


@pytest.mark.parametrize("cell", ["x", "maybe", "2", Number(2), "ok", Clock("1:00")])
def test_neither_yes_nor_no(cell):
    assert read_yes_no(cell) == CellError("yes-no-unknown")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (Number(1, shown="yes"), True),  # a format "yes";;"no"
        (Number(0, shown="No"), False),
        (Number(0, shown="áno"), True),  # whatever hides below
        (Number(1, shown="1.00"), True),
        (Number(0, shown="00"), False),
        (Number(1, shown="100%"), CellError("number-reformatted", "1")),
        (Number(1.4, shown="1"), CellError("number-reformatted", "1.4")),
        (Number(1, shown="ready"), CellError("number-reformatted", "1")),
        (Number(0, shown=""), CellError("number-hidden", "0")),
    ],
)
def test_of_a_formatted_number_what_is_shown_says_yes_or_no(cell, read):
    assert read_yes_no(cell) == read


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Diver 42 mm", '"Diver 42 mm"'),
        ('a "b"\nc', '"a \\"b\\"\\nc"'),
        (Number(42.0), "42"),
        (Number(12.5), "12.5"),
        ("#SALE!", '"#SALE!"'),  # looks like an error word, but is none
        (Flag(True), "true"),
        (Flag(False), "false"),
    ],
)
def test_metadata_values_are_text_numbers_or_flags(cell, value):
    assert trimming(read_metadata_value, free=True)(cell) == Json(value, value)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Number(7, shown="007"), "number-reformatted"),
        (Number(12.5, shown="12.50"), "number-reformatted"),
        (Number(12.46, shown="12.5"), "number-reformatted"),
        (Number(1250, shown="1.250"), "number-reformatted"),
        ("#HODNOTA!", "cell-error"),
        ("########", "cell-error"),
        ("Err:502", "cell-error"),
        (Number(0.2, shown="20%"), "number-reformatted"),
        (Number(5, shown=""), "number-hidden"),
        (Number(10**16), "number-too-long"),
        (Moment(datetime(2026, 1, 1), has_time=False), "became-date"),
        (Clock("1:00"), "became-time"),
        (Broken("#REF!"), "cell-error"),
    ],
)
def test_what_is_no_metadata_value(cell, expected):
    assert code(trimming(read_metadata_value, free=True)(cell)) == expected


@pytest.mark.parametrize(("text", "read"), [("0.0", False), ("0,0", False), ("1.0", True)])
def test_a_flag_to_which_a_program_has_added_decimals(text, read):
    assert read_yes_no(text) is read


@pytest.mark.parametrize("text", ["1.5", "10.0", "1.", "0.01", "yes.0"])
def test_other_decimals_are_no_flags(text):
    assert read_yes_no(text) == CellError("yes-no-unknown")


@pytest.mark.parametrize(
    "mark",
    ['"', '-"-', "-//-", "dtto", "Detto", "ditto", "〃", "„", "- // -", " dtto ", "idem", "wie oben", "—//—"],
)
@pytest.mark.parametrize("column", ["model", "target_identity", "pin_identity", "position", "active_to", "tags"])
def test_a_mark_for_the_same_as_above_is_a_problem_and_never_a_value(mark, column):
    result = checked(pins({}, {column: mark}))
    assert [(p.row, p.code) for p in result.problems if p.column == column] == [(3, "cell-ditto")]
    assert list(result.invalid) == [False, True]


@pytest.mark.parametrize("name", ["/p/dtto", "ditto-lamp", "Idem 2", "'", "-", "5''", 'TV 42"', "DTO", "/"])
def test_a_name_with_such_a_mark_in_it_is_a_name(name):
    assert "cell-ditto" not in {p.code for p in checked(pins({}, {"pin_identity": name})).problems}


def test_a_mark_for_the_same_as_above_points_to_filling_down():
    (problem,) = checked(pins({}, {"model": "dtto"})).problems
    assert "--fill-down" in message(problem)
