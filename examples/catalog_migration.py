"""The rows of `catalog-migration.csv`: the pins of an older shop system, as a Central European Excel saves them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product

Row = dict[str, str]

COLUMNS = (
    "Model",
    "Target type",
    "Target identity",
    "Target criteria",
    "Target_metadata.title",
    "Tags",
    "Position",
    "Pin type",
    "Pin identity",
    "Pin criteria",
    "Widget ID",
    "Is block pin",
    "Is bundle pin",
    "Active from",
    "Active to",
    "Poznámka",
    "Pôvodný kód",
)
ROWS = 2000

KINDS = (
    ("Dámske hodinky", "damske-hodinky"),
    ("Pánske hodinky", "panske-hodinky"),
    ("Dětské hodinky", "detske-hodinky"),
    ("Kožené řemínky", "kozene-reminky"),
    ("Oceľové náramky", "ocelove-naramky"),
    ("Taschenuhren für Männer", "taschenuhren"),
    ("Größere Wanduhren", "wanduhren"),
)
BRANDS = ("Lorient", "Aubrac", "Müller & Söhne", "Čapek", "Žižka", "Dvořák 1882")
COLOURS = (
    ("biela", "biela"),
    ("čierna", "cierna"),
    ("světle modrá", "svetle-modra"),
    ("dunkelgrün", "dunkelgruen"),
    ("žltá", "zlta"),
    ("růžová", "ruzova"),
)
SIZES = (28, 32, 36, 40, 42)
TAGS = ("jar 2027, migrácia", "výpredaj; migrácia", "novinky, léto 2027", "Frühling 2027")
NOTES = ("", "", "skontrolovať šírku", "převzato ze starého e-shopu", "prüfen: Größe fehlt", "schválila Žofia")
STARTS = tuple(date(2027, 3, 1) + timedelta(days=7 * week) for week in range(8))


def rows() -> list[Row]:
    """Exactly `ROWS` rows: product pages, then conditions, then everywhere."""
    tail = [*_conditions(), *_everywhere()]
    return [*islice(_products(), ROWS - len(tail)), *tail]


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _products() -> Iterator[Row]:
    """Four to six pins on each product page, whatever the old system had."""
    tags, notes, starts = cycle(TAGS), cycle(NOTES), cycle(STARTS)
    pages = product(KINDS, BRANDS, COLOURS, SIZES)
    for number, ((kind, path), brand, (colour, colour_path), size) in enumerate(pages):
        scope = {
            "Model": "item_detail_alternatives" if number % 3 else "item_detail_complements",
            "Target type": "item",
            "Target identity": f"/{path}/{colour_path}-{size}-{number:05}",
            "Tags": next(tags),
        }
        start = next(starts)
        for place in range(1, 5 + number % 3):
            pin = _pin(number, place, start)
            title = {"Target_metadata.title": f"{kind} {brand} {size} mm – {colour}"} if place == 1 else {}  # noqa: RUF001
            yield {**scope, **title, **pin, "Poznámka": next(notes), "Pôvodný kód": f"{number:06}-{place}"}


def _pin(number: int, place: int, start: date) -> Row:
    end = start + timedelta(days=27)
    period = {"Active from": _day(start), "Active to": _day(end)}
    if place == 4:
        return {"Position": "0", "Pin type": "item", "Pin identity": f"{number:05}", "Is block pin": "áno"}
    if place == 5:
        return {"Position": "-1", "Pin type": "criteria", "Pin criteria": _json({"značka": BRANDS[number % 6]})}
    if place == 6:
        timed = {"Active from": f"{_day(start)} 18:00", "Active to": f"{_day(end)} 6:30"}
        return {"Position": "3", "Pin type": "item", "Pin identity": f"P{number:05}", "Widget ID": "päta", **timed}
    pin = {
        "Position": str(place),
        "Pin type": "item",
        "Pin identity": f"/p/{place}{number:05}",
        "Is block pin": "nie",
    }
    return {**pin, **period, "Is bundle pin": "áno"} if place == 1 else pin


def _conditions() -> Iterator[Row]:
    """Criteria targets: a kind of product, and a kind together with a brand."""
    for (kind, path), brand in product(KINDS, ("", *BRANDS[:3])):
        conditions = {"kategória": kind, **({"značka": brand} if brand else {})}
        scope = {"Model": "category", "Target type": "criteria", "Target criteria": _json(conditions)}
        yield {
            **scope,
            "Position": "1",
            "Pin type": "item",
            "Pin identity": f"/{path}/bestseller",
            "Tags": "migrácia",
        }
        like = _json({"sezóna": "zima"})
        yield {**scope, "Position": "0", "Pin type": "criteria", "Pin criteria": like, "Is block pin": "ÁNO"}


def _everywhere() -> Iterator[Row]:
    for model in ("basket", "basket_popup", "favorites"):
        scope = {"Model": model, "Target type": "all", "Tags": "migrácia"}
        yield {**scope, "Position": "-1", "Pin type": "item", "Pin identity": "/p/darčeková-karta"}
        yield {**scope, "Position": "1", "Pin type": "item", "Pin identity": "/p/Geschenkkarte-für-Gäste"}


def _json(value: Row) -> str:
    return json.dumps(value, ensure_ascii=False)
