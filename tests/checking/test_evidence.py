"""Cells that the rest of their column speaks against: each is warned about, and honest columns stay quiet."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import checked, pins


def warned(*identities, column="pin_identity", **shared):
    """The warnings of a column, as (row, code, other row, detail)."""
    result = checked(pins(*({column: one} for one in identities), **shared))
    assert not result.invalid.any()
    return [(p.row, p.code, p.other, p.detail) for p in result.problems if p.column == column]


@pytest.mark.parametrize("column", ["model", "target_identity", "pin_identity"])
def test_one_name_in_two_spellings_of_case_is_said_on_the_rarer_one(column):
    assert warned("abc", "ABC", "abc", "xyz", column=column) == [(3, "spelled-apart", 2, "abc")]
    assert warned("Basket", "basket", "basket", "BASKET", column=column) == [
        (2, "spelled-apart", 3, "basket"),
        (5, "spelled-apart", 3, "basket"),
    ]


def test_one_name_with_its_accent_stored_in_two_ways_is_said():
    composed, decomposed = (unicodedata.normalize(form, "košík") for form in ("NFC", "NFD"))
    assert warned(composed, composed, decomposed, column="model") == [(4, "spelled-apart", 2, composed)]


def test_names_that_differ_in_more_than_case_are_two():
    assert warned("Basket", "basket2", "Košík", "kosik", column="model") == []


def test_a_product_beside_itself_is_said_unless_it_is_blocked():
    itself = {"target_identity": "/p/1", "pin_identity": "/p/1"}
    result = checked(pins(itself, {}, itself | {"target_identity": "/p/2", "pin_identity": "/p/2", "position": 1}))
    assert [(p.row, p.column, p.code) for p in result.problems] == [
        (2, "pin_identity", "pins-itself"),
        (4, "pin_identity", "pins-itself"),
    ]
    assert not len(checked(pins(itself | {"position": 0, "is_block_pin": "yes"})).problems)
    number = {"target_identity": 123, "pin_identity": "123"}
    assert [p.code for p in checked(pins(number)).problems] == ["pins-itself"]


@pytest.mark.parametrize(
    "identities",
    [
        ("000904, 000905", "000906", "000907"),
        ("A12; A13", "A14", "B2"),
        ("904 905", "906", "17"),
        ("/p/1, /p/2", "/p/3"),
        ("/p/watch-a | /p/watch-b", "/p/strap"),
        ("alpha, beta", "alpha", "beta"),  # both are IDs of this column
    ],
)
def test_several_ids_in_one_cell_are_said(identities):
    assert warned(*identities, target_identity="0001x") == [(2, "several-ids", None, "")]


@pytest.mark.parametrize(
    "identities",
    [
        ("Hodinky, pánske", "Hodinky", "Remienok"),
        ("Hodinky, pánske", "Hodinky, dámske", "Remienok"),
        ("/p/hodinky,panske-123", "/p/remienok-12"),
        ("Watch 1", "Watch 2", "Watch 10"),
        ("iPhone 15", "iPhone 16 Pro"),
        ("12,13", "14,15", "16,17"),  # all are written so
        ("T-shirt, blue", "T-shirt"),
    ],
)
def test_names_with_a_comma_or_a_blank_stay_quiet(identities):
    assert warned(*identities, target_identity="x") == []


def test_the_other_column_of_products_is_evidence_as_well():
    assert warned("000904, 000905", target_identity="000903") == [(2, "several-ids", None, "")]


@pytest.mark.parametrize("short", [904, "904"])
def test_zeros_lost_in_two_of_eight_ids_are_said(short):
    identities = ["000901", "000902", "000903", short, "000905", "000906", 17, "123456"]
    assert warned(*identities, target_identity="x") == [
        (5, "zeros-lost", None, "000904"),
        (8, "zeros-lost", None, "000017"),
    ]


@pytest.mark.parametrize(
    "identities",
    [
        ("01", "02", "10", "11"),  # as long as the others
        ("0012", "15", "007", "3"),  # of any length
        ("007", "12", "13", "14"),  # one with zeros says nothing
        ("000901", "000902", "17", "18", "19"),  # the short ones are more
        ("000901", "000902", "A7", "/p/7"),
    ],
)
def test_numbers_that_lost_nothing_stay_quiet(identities):
    assert warned(*identities, target_identity="x") == []


def test_a_short_number_whose_long_form_is_there_has_lost_its_zeros():
    assert warned("000901", "000902", "17", "18", "901", target_identity="x") == [(6, "zeros-lost", None, "000901")]


def test_a_column_is_judged_by_its_own_ids_with_zeros_though_the_other_column_has_shorter_ones():
    rows = [("00411", "000901"), ("00412", "000902"), ("00413", "904")]
    result = checked(pins(*({"target_identity": target, "pin_identity": pin} for target, pin in rows)))
    assert [(p.row, p.column, p.detail) for p in result.problems if p.code == "zeros-lost"] == [
        (4, "pin_identity", "000904")
    ]


@pytest.mark.parametrize(
    ("identity", "code", "detail"),
    [
        ("nan", "looks-empty", None),
        ("NULL", "looks-empty", None),
        ("-", "looks-empty", None),
        ("904.0", "number-with-decimals", "904"),  # a whole column written as floating point
        ("'000904", "apostrophe-first", "000904"),
        ("01.02.2026", "looks-like-date", None),  # Excel, from 1-2
        ("2026-02-01", "looks-like-date", None),
        ("1-Sep", "looks-like-date", None),
        ("Mar-01", "looks-like-date", None),
        ("1.mar", "looks-like-date", None),
        ("02.III", "looks-like-date", None),
        *(
            (word, "placeholder", None)
            for word in ("TBD", "tba", "?", "xxx", "XXXX", "*", "...", "…", "doplniť", "ergänzen", "TODO")
        ),
        ("“/p/1”", "quotes-around", "/p/1"),
        ('"/p/1"', "quotes-around", "/p/1"),
        ("/p/１２３", "odd-digits", "/p/123"),  # noqa: RUF001 - wide digits
        ("8.59E12", "number-in-powers", "8590000000000"),
        ("=123", "looks-like-formula", None),
        ('=HYPERLINK("https://x";"/p/1")', "looks-like-formula", None),
    ],
)
def test_an_id_that_looks_like_something_else_is_said(identity, code, detail):
    assert warned("/p/8", identity, target_identity="x") == [(3, code, None, detail or "")]


@pytest.mark.parametrize(
    "identity",
    [
        "MAR1",
        "MAR-01",
        "1-2",
        "1.2",
        "10.50",
        "32.1.2026",
        "2026-13-01",
        "1E5",
        "0",
        "#12",
        "nano",
        "'a'",
        "A-1",
        "x.0",
        "xx",
        "2xxx",
        "TBD-1",
        "what?",
        'TV 42"',
        "m²",
        "1.5E3X",
        "/p/a=b",
    ],
)
def test_an_id_that_only_resembles_one_of_those_stays_quiet(identity):
    assert warned("/p/8", identity, target_identity="x") == []


def test_a_model_that_looks_switched_off_and_a_widget_that_says_empty_are_said():
    result = checked(pins({"model": "# basket", "widget_id": "n/a"}, {"model": "//basket"}, {"widget_id": "cart"}))
    assert [(p.row, p.column, p.code) for p in result.problems] == [
        (2, "model", "switched-off"),
        (2, "widget_id", "looks-empty"),
        (3, "model", "switched-off"),
    ]


def test_full_addresses_among_paths_are_said_and_the_other_way_round():
    address = "https://shop.example/p/1"
    assert warned("/p/1", address, "/p/2", target_identity="x") == [(3, "address-among-paths", None, "/p/1")]
    assert warned(address, "/p/1", address + "0", target_identity="x") == [(3, "path-among-addresses", None, address)]
    assert warned("www.shop.example/p/1", target_identity="/p/1") == [(2, "address-among-paths", None, "/p/1")]


@pytest.mark.parametrize(
    "identities", [("https://a.example/1", "http://b.example/2"), ("/p/1", "/p/2", "17"), ("https://a.example/1", "17")]
)
def test_identities_of_one_kind_stay_quiet(identities):
    assert warned(*identities, target_identity="x") == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="aAž0/,; w.", min_size=1, max_size=6), min_size=1, max_size=6))
def test_no_column_is_too_strange_and_warnings_stop_nothing(identities):
    result = checked(pins(*({"pin_identity": one} for one in identities)))
    codes = {p.code for p in result.problems} - {
        "pin-identity-missing",
        "row-alone",
        "row-total",
        "number-with-decimals",
    }
    # Three points or more are an ID to come, and these marks the one above, whatever else the column holds.
    texts = {one.strip(" ") for one in identities}
    assert ("placeholder" in codes) == any(len(one) > 2 and not one.strip(".") for one in texts)
    assert ("cell-ditto" in codes) == (not texts.isdisjoint({",,", ", ,", "//", "/ /"}))
    codes -= {"placeholder", "cell-ditto"}
    assert codes <= {"spelled-apart", "several-ids", "zeros-lost", "address-among-paths", "path-among-addresses"}


@pytest.mark.parametrize("identity", ["/p/1 alebo /p/2", "/p/1 or /p/2", "/p/1–/p/5", "/p/1 - /p/5", "/p/1, /p/2"])  # noqa: RUF001
def test_several_ids_between_words_or_dashes_are_said(identity):
    assert warned("/p/1", identity, "/p/2", target_identity="x") == [(3, "several-ids", None, "")]


@pytest.mark.parametrize("identity", ["/p/a-or-b", "/p/rock-a-roll", "/p/1-2", "Black or white"])
def test_one_id_with_such_words_in_it_stays_quiet(identity):
    assert warned("/p/1", identity, "/p/2", target_identity="x") == []


@pytest.mark.parametrize("column", ["model", "widget_id"])
@pytest.mark.parametrize("name", ["basket, cart", "basket; cart", "top|bottom", "basket/cart"])
def test_several_names_in_one_cell_are_said(column, name):
    assert warned("basket", name, column=column) == [(3, "several-names", None, "")]


@pytest.mark.parametrize("name", ["Similar items", "a/b", "cart-bottom", "you may also like (2)", "basket,", "x + y"])
def test_one_name_stays_quiet(name):
    assert warned("basket", name, column="model") == []


def test_a_letter_of_another_alphabet_that_looks_like_its_neighbours_is_said():
    assert warned("b\u0430sket", column="model") == [(2, "two-alphabets", None, "\u0430 (U+0430)")]
    assert warned("корзина", "µm-10", "Ωmega", "košík", column="model") == []
