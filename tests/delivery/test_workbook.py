"""A results workbook comes back: its scopes are as they were created, or edited, copied, half deleted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from importer.delivery.workbook import Brought, by_workbook
from importer.import_key import ImportKey
from importer.ledger import Entry, LedgerStatus
from importer.model import AlreadyCreated, HeldBack

HERE, ELSEWHERE = 1, 2
NOW = ImportKey(HERE, 50, 3)
SAME = str(NOW)
EDITED = str(ImportKey(HERE, 60, 3))
OF_TWO = str(ImportKey(HERE, 60, 2))
OF_FIVE = str(ImportKey(HERE, 60, 5))
COPIED = str(ImportKey(ELSEWHERE, 50, 3))
BARE = str(ImportKey(HERE, None, 3))
MINE = {"id-1": HERE}
OTHERS = {"id-1": ELSEWHERE}

Pairs = Mapping[tuple[str, str], int]


def decide(
    pairs: Pairs, ledger: Mapping[str, int] = {}, *, trusted: bool = True, beside: bool = False
) -> AlreadyCreated | HeldBack | None:
    known = {
        scope_id: Entry(b"f", target, LedgerStatus.CREATED, 7, "basket", "item", "/p/1", 0, None, scope_id, None, 1.0)
        for scope_id, target in ledger.items()
    }
    return by_workbook(Brought(pairs, NOW, HERE, known, trusted), create_beside=beside)


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    ("pairs", "ledger", "trusted"),
    [
        pytest.param({("id-1", SAME): 3}, {}, True, id="on any computer"),
        pytest.param({("id-1", SAME): 3}, MINE, True, id="on its own computer"),
        pytest.param(
            {("id-1", SAME): 3}, MINE, False, id="from CSV, which names no tracker, where the ledger knows it"
        ),
        pytest.param({("id-1", SAME): 2, ("id-1", str(NOW._replace(pins=9))): 1}, {}, True, id="the content decides"),
        pytest.param({("id-1", SAME): 2, ("id-1", ""): 1}, {}, True, id="the ID was filled down without its key"),
    ],
)
def test_as_it_was_created(pairs, ledger, trusted, beside):
    assert decide(pairs, ledger, trusted=trusted, beside=beside) == AlreadyCreated("id-1")


@pytest.mark.parametrize(
    ("pairs", "ledger", "words"),
    [
        pytest.param({("id-1", EDITED): 3}, {}, ("still has 3 pins", "id-1", "--create-beside"), id="edited"),
        pytest.param(
            {("id-1", OF_FIVE): 3}, {}, ("had 5 pins when it was created and has 3 now", "id-1"), id="deleted"
        ),
        pytest.param(
            {("id-1", OF_TWO): 3}, {}, ("had 2 pins when it was created and has 3 now",), id="added by copying"
        ),
        pytest.param(
            {("id-1", OF_TWO): 2, ("", ""): 1}, {}, ("1 of its 3 rows has none", "had 2 pins"), id="added by typing"
        ),
        pytest.param(
            {("id-1", OF_TWO): 2, ("id-1", OF_TWO[:-1] + "3"): 1}, {}, ("had 2 pins when",), id="added by dragging down"
        ),
        pytest.param({("id-1", SAME): 1, ("", SAME): 2}, {}, ("2 of its 3 rows have no",), id="some IDs emptied"),
        pytest.param(
            {("id-1", SAME): 2, ("id-1", OF_TWO): 1}, {}, ("changed since",), id="one row from another version"
        ),
        pytest.param(
            {("id-1", SAME): 2, ("id-2", EDITED): 1}, {}, ("id-1, id-2",), id="two customizations of one target"
        ),
        pytest.param(
            {("id-1", OF_TWO): 2, ("id-9", COPIED): 1},
            {},
            ("1 row of it came from another", "id-1"),
            id="rows moved here",
        ),
        pytest.param({("id-1", ""): 3}, MINE, ("run 7", "id-1"), id="no key, and the ledger knows another content"),
    ],
)
def test_what_was_changed_is_held_back_with_its_id_and_the_usual_ways_on(pairs, ledger, words):
    found = decide(pairs, ledger)
    assert isinstance(found, HeldBack)
    assert found.id == "id-1"
    for word in words:
        assert word in found.comment
    assert "id-9" not in found.comment
    assert decide(pairs, ledger, beside=True) is None


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize(
    ("pairs", "ledger"),
    [
        pytest.param({("id-1", COPIED): 3}, {}, id="by their key"),
        pytest.param({("id-1", COPIED): 1, ("", SAME): 2}, {}, id="some of the rows"),
        pytest.param({("id-1", ""): 3}, OTHERS, id="by the ledger"),
        pytest.param({("id-1", SAME): 3}, OTHERS, id="the ledger knows better than a key"),
        pytest.param({("id-1", COPIED): 2, ("id-2", COPIED): 1}, {}, id="of two others"),
    ],
)
def test_rows_copied_from_another_target_never_point_at_its_customization(pairs, ledger, trusted, beside):
    found = decide(pairs, ledger, trusted=trusted, beside=beside)
    assert isinstance(found, HeldBack)
    assert found.id is None
    assert "copied, or their target was changed" in found.comment
    assert "id-" not in found.comment
    assert "Luigi" not in found.comment


@pytest.mark.parametrize("beside", [False, True])
def test_an_id_that_nobody_knows_holds_its_rows_back(beside):
    foreign = decide({("id-1", SAME): 3}, trusted=False, beside=beside)
    assert isinstance(foreign, HeldBack)
    assert "not known for this tracker" in foreign.comment
    marked = decide({("id-1 (tracker 9-9)", SAME): 3}, beside=beside)
    assert isinstance(marked, HeldBack)
    assert "tracker 9-9" in marked.comment


@pytest.mark.parametrize("key", ["", BARE, "nonsense"])
def test_an_id_without_the_key_of_a_content_proves_nothing_on_another_computer(key):
    found = decide({("id-1", key): 3})
    assert isinstance(found, HeldBack)
    assert "no Import Key" in found.comment


def test_a_key_without_an_id_binds_nothing():
    assert decide({("", OF_FIVE): 3}) is None
    assert decide({("", COPIED): 3}) is None
    assert decide({}) is None


@pytest.mark.parametrize(
    ("pairs", "said", "words"),
    [
        pytest.param({("", SAME): 3}, {"Created"}, "Customization ID are empty", id="the column of IDs was deleted"),
        pytest.param({("", SAME): 3}, {"Already created", ""}, "Customization ID are empty", id="on some of its rows"),
        pytest.param({("", SAME + "?"): 3}, {"Held back"}, "Customization ID are empty", id="held back for it before"),
        pytest.param({("", EDITED): 3}, {"Unknown"}, "Another run sent it", id="unknown to another run"),
        pytest.param({("", SAME): 3}, {"Held back"}, None, id="it was held back, and is right now"),
        pytest.param({("", EDITED): 3}, {"Created"}, None, id="its content is another one"),
        pytest.param({("", COPIED): 3}, {"Created"}, None, id="copied for another target"),
        pytest.param({("", ""): 3}, {"Created", "Unknown"}, None, id="the key was emptied, as the comment says"),
        pytest.param({("", SAME): 3}, set(), None, id="the ledger knows better"),
    ],
)
def test_rows_that_say_they_are_created_are_not_sent_for_want_of_an_id(pairs, said, words):
    verdict = by_workbook(Brought(pairs, NOW, HERE, {}, trusted=True, said=frozenset(said)), create_beside=False)
    assert (verdict is None) if words is None else (isinstance(verdict, HeldBack) and words in verdict.comment)
