"""What is said about a row: each message alone lets a merchandiser repair the cell."""

import re
from string import Formatter

import pytest

from importer.catalogue.rows import LONGEST_VALUE, ROWS, comment, message
from importer.checking.problems import Problem
from importer.columns import BY_NAME

FIELDS = {"column", "value", "other", "detail", "example"}
JARGON = re.compile(
    r"\b(null|parse|schema|dtype|regex|token|boolean|integer|string|exception|invalid|encoding|unicode|utf-?16|iso)\b",
    re.I,
)


def column_of(code: str) -> str | None:
    """A column that the code can be about."""
    for name in BY_NAME:
        if code.startswith(name.replace("_", "-") + "-"):
            return name
    return {"json": "pin_criteria", "date": "active_from", "yes": "is_block_pin", "tags": "tags"}.get(
        code.split("-", maxsplit=1)[0], "pin_identity"
    )


def sentence(code: str, value: str = "VALUE", detail: str = "DETAIL") -> str:
    return message(Problem(2, column_of(code), code, value, 17, detail))


@pytest.mark.parametrize("code", ROWS)
class TestEveryEntry:
    def test_uses_only_what_a_problem_has(self, code):
        entry = ROWS[code]
        for text in (entry.title, entry.wrong, entry.cure):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= FIELDS

    def test_says_what_is_wrong_and_what_to_do_in_whole_sentences(self, code):
        entry = ROWS[code]
        assert entry.wrong.endswith((".", "!"))
        assert entry.cure.endswith(".")
        assert entry.title[0].isupper()
        assert not entry.title.endswith(".")
        assert len(sentence(code)) < 420

    def test_speaks_plainly(self, code):
        assert not JARGON.search(sentence(code) + ROWS[code].title)
        assert "None" not in sentence(code)

    def test_calls_json_by_its_name(self, code):
        assert "brace" not in sentence(code) + ROWS[code].title

    def test_a_cure_is_something_to_do(self, code):
        verbs = "Write|Format|Type|Correct|Delete|Change|Repair|Open|Empty|Leave|Complete|Export|Replace|For|To|If|Put"
        assert re.match(rf"({verbs})\b", ROWS[code].cure)

    def test_names_the_value_unless_the_cell_is_empty_or_only_a_place_in_it_matters(self, code):
        entry = ROWS[code]
        silent = code.endswith("-missing") or code.startswith(("json-", "metadata-", "row-", "pin-repeated"))
        silent |= code in ("number-hidden", "text-hidden", "date-hidden", "command-differs")
        assert silent or "{value}" in entry.wrong or code == "position-zero"

    def test_about_two_rows_names_the_other(self, code):
        about_two = code in (
            "pin-repeated",
            "metadata-conflict",
            "position-shared",
            "pinned-and-blocked",
            "date-order-mixed",
            "spelled-apart",
            "command-differs",
        )
        assert ("17" in sentence(code)) == about_two


def test_a_value_is_shown_on_one_line_and_cut_where_it_is_long():
    shown = sentence("position-unreadable", value="a\n b\x07" + "x" * 500)
    assert "“a b�xxx" in shown
    assert "x" * (LONGEST_VALUE - 4) not in shown
    assert "…”" in shown


def test_a_value_is_never_taken_for_a_format():
    assert "“{0} {detail}”" in sentence("position-unreadable", value="{0} {detail}")


def test_a_comment_names_its_column():
    assert comment(Problem(2, "position", "position-fraction", "1,5")).startswith(
        "position: “1,5” is not a whole number"
    )
    assert comment(Problem(2, None, "pin-repeated", other=5)).startswith("The row is the same pin as row 5")


def test_messages_about_positions_say_where_they_start():
    for code in ("position-below", "position-zero", "block-position"):
        assert "ositions start at 1" in sentence(code)


def test_empty_scope_cells_offer_fill_down():
    for code in ("model-missing", "target-type-missing", "target-identity-missing", "target-criteria-missing"):
        assert "--fill-down" in sentence(code)


def test_an_example_is_one_of_the_column():
    assert BY_NAME["target_criteria"].example in message(Problem(2, "target_criteria", "json-broken", "x"))
    assert BY_NAME["pin_criteria"].example in message(Problem(2, "pin_criteria", "json-broken", "x"))
