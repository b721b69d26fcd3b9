"""The signature: against golden vectors, the contract's own recipe, and a server's own few lines."""

from __future__ import annotations

import locale
import shutil

import pytest

from importer.api.signing import CONTENT_TYPE, authorization, http_date, signature, string_to_sign
from importer.settings import Secret
from tests.api.vectors import VECTORS, by_recipe


@pytest.mark.parametrize("vector", VECTORS)
def test_a_signature_is_as_openssl_computed_it(vector):
    assert signature(Secret(vector.key), vector.method, vector.date, vector.path) == vector.signature


@pytest.mark.skipif(not shutil.which("openssl") or not shutil.which("bash"), reason="the recipe needs openssl and bash")
@pytest.mark.parametrize("vector", VECTORS)
def test_the_contracts_shell_recipe_says_the_same(vector):
    assert by_recipe(vector) == vector.signature


def test_the_string_to_sign_is_four_lines_and_knows_no_query():
    assert CONTENT_TYPE == "application/json; charset=utf-8"
    assert string_to_sign("POST", "D", "/p") == "POST\napplication/json; charset=utf-8\nD\n/p"


def test_the_header_names_the_tracker():
    first = VECTORS[0]
    header = authorization("1234-5678", Secret(first.key), first.method, first.date, first.path)
    assert header == f"ApiAuth 1234-5678:{first.signature}"


def test_dates_are_in_english_whatever_the_machine_speaks():
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("cs_CZ.UTF-8", "de_DE.UTF-8", "sk_SK.UTF-8"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
        assert http_date(1737374400) == "Mon, 20 Jan 2025 12:00:00 GMT"
    finally:
        locale.setlocale(locale.LC_TIME, before)
