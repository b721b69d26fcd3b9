"""JSON cells: kept as written, or the place where they go wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.canonical import canonical_json
from importer.cells import Flag, Number
from importer.checking.json_cells import DEEPEST, members, read_json_object, unseen
from importer.checking.values import CellError, CellWarning, Json


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('{ "a" : 1 }', '{"a":1}'),
        ('{"price": 1.50, "n": 1e3}', '{"price":1.50,"n":1e3}'),  # numbers are not respelled
        ('{"a b": "c  d"}', '{"a b":"c  d"}'),
        ('{"a": "\\u017d \\" { , "}', '{"a":"\\u017d \\" { , "}'),
        ('{\n\t"a": [1, 2, {"b": null}]\n}', '{"a":[1,2,{"b":null}]}'),
    ],
)
def test_the_spelling_is_kept_but_for_blanks_between_parts(cell, text):
    read = read_json_object(cell)
    assert isinstance(read, Json)
    assert read.text == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": 1.0}', '{"a": 1}'),
        ('{"a": 1e2}', '{"a": 100}'),
        ('{"a": "\\u017d"}', '{"a": "Ž"}'),
    ],
)
def test_what_is_equal_as_json_has_one_canonical_text(one, other):
    assert read_json_object(one).canonical == read_json_object(other).canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{"a": true}'),
        ('{"a": null}', '{"b": null}'),
        ('{"a": "1"}', '{"a": 1}'),
        ('{"a":[1,2]}', '{"a":[2,1]}'),
    ],
)
def test_what_differs_as_json_differs(one, other):
    assert read_json_object(one).canonical != read_json_object(other).canonical


@pytest.mark.parametrize(
    ("cell", "code", "detail"),
    [
        ("{“a”: 1}", "json-quotes", "2, “{“a”: 1}”"),
        ('{"a": „x“}', "json-quotes", "7"),
        ('{"a”: "x"}', "json-quotes", "4"),
        ("{'a': 1}", "json-quotes", "2"),
        ('{"a": 1,}', "json-comma", ""),
        ('{"a": [1, 2,]}', "json-comma", ""),
        ('{"a": 1', "json-unfinished", "8"),
        ('{"a": "x', "json-unfinished", "7"),
        ('{"a": "x\ny"}', "json-line-break", "9"),
        ("{a: 1}", "json-broken", "2, “{a: 1}”"),
        ('{"a": True}', "json-broken", "7"),
        ('{"a": 1}}', "json-broken", "9"),
        ('{"a": 1} {"b": 2}', "json-broken", "10"),
        ("category=Watches", "json-broken", "1"),
        ('{"a": 1, "a": 2}', "json-key-twice", "a"),
        ('{"a": {"b": 1, "b": 1}}', "json-key-twice", "b"),
        ('{"a": NaN}', "json-no-number", "NaN"),
        ('{"a": -Infinity}', "json-no-number", "-Infinity"),
        ('{"a": 1e999}', "json-number-too-large", "1e999"),
        ('{"a": ' + "9" * 5000 + "}", "json-number-too-large", ""),
        ('["a"]', "json-not-object", ""),
        ('"a"', "json-not-object", ""),
        ("12", "json-not-object", ""),
        ("{}", "json-empty", ""),
        ("{ }", "json-empty", ""),
        ('{"a": "\\u0007"}', "json-character", ""),
        ('{"a": "\\ud800"}', "json-character", ""),
        ('{"\\u0000": 1}', "json-character", ""),
        (Number(1), "json-not-object", ""),
        (Flag(True), "json-not-object", ""),
    ],
)
def test_what_is_wrong_and_where(cell, code, detail):
    read = read_json_object(cell)
    assert isinstance(read, CellError)
    assert read.code == code
    assert read.detail.startswith(detail)


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def test_nesting_ends_somewhere():
    assert isinstance(read_json_object(nested(DEEPEST)), Json)
    assert read_json_object(nested(DEEPEST + 1)) == CellError("json-too-deep")
    assert read_json_object(nested(100_000)) == CellError("json-too-deep")
    assert isinstance(read_json_object('{"a": "' + "{[" * 500 + '"}'), Json)  # brackets in a text do not count


def test_escapes_that_only_look_forbidden_are_fine():
    assert isinstance(read_json_object('{"a": "C:\\\\u0007"}'), Json)
    assert isinstance(read_json_object('{"a": "line\\nbreak"}'), Json)


def test_garbled_letters_are_a_warning():
    read = read_json_object('{"a": "Ĺ˝idle"}')
    assert isinstance(read, CellWarning)
    assert (read.code, read.value.text) == ("text-garbled", '{"a":"Ĺ˝idle"}')


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=4)


@given(OBJECTS, st.sampled_from([None, 1]))
def test_written_and_read_it_means_the_same(value, indent):
    read = read_json_object(json.dumps(value, indent=indent))
    if isinstance(read, CellWarning):
        read = read.value
    if isinstance(read, CellError):
        assert read.code == "json-character"
        return
    assert json.loads(read.text) == value
    assert read.canonical == canonical_json(value)
    assert json.loads(read.canonical) == value


@given(OBJECTS)
def test_members_are_the_parts_of_the_whole(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert {key: json.loads(part) for key, part in members(text)} == value


@given(st.text(alphabet="{}[]\",:“”'1a\\u \n"))
def test_no_text_is_too_strange(text):
    assert isinstance(read_json_object(text), Json | CellError | CellWarning)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('{"category": "Dámske\xa0hodinky"}', "Dámske⟨U+00A0⟩hodinky"),
        ('{"brand": "Lo\xadrient"}', "Lo⟨U+00AD⟩rient"),
        ('{"bra\u200bnd": "Lorient"}', "bra⟨U+200B⟩nd"),
        ('{"brand": "Lorient "}', "Lorient⟨blank⟩"),
        ('{" brand": "Lorient"}', "⟨blank⟩brand"),
        ('{"brand": ["A", "Lorient\u200e"]}', "Lorient⟨U+200E⟩"),
        ('{"category": "Da\u0301mske"}', "Da⟨U+0301⟩mske"),
    ],
)
def test_what_nobody_sees_in_conditions_is_told(cell, told):
    assert unseen(read_json_object(cell)) == CellWarning(read_json_object(cell), "json-unseen", f"“{told}”")


@pytest.mark.parametrize(
    "cell",
    [
        '{"brand": "Lorient", "a": [1, true, "b c"]}',
        '{ "category" : "Dámske hodinky" }', '{"a": "❤️ 👩‍👩‍👧"}', '{"a": ""}',
        '{"a": "x \\" y"}', '{"a": "नमस्ते"}', '{"a": "„x“  y…"}',
    ],
)  # fmt: skip
def test_plain_conditions_stay_quiet(cell):
    assert unseen(read_json_object(cell)) == read_json_object(cell)
