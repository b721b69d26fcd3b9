"""The rows of `spring-campaign.xlsx`: what a watch and strap shop pins for the spring of 2027."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]

COLUMNS = (
    "model",
    "target_type",
    "target_identity",
    "target_criteria",
    "target_metadata.title",
    "target_metadata.image",
    "tags",
    "position",
    "pin_type",
    "pin_identity",
    "pin_criteria",
    "widget_id",
    "is_block_pin",
    "is_bundle_pin",
    "active_from",
    "active_to",
    "Who asked for it",
)

SPRING = {"active_from": date(2027, 3, 1), "active_to": date(2027, 5, 31)}
EASTER = {"active_from": datetime(2027, 3, 24, 18, 0), "active_to": datetime(2027, 3, 29, 23, 59)}  # noqa: DTZ001
AFTER_EASTER = {"active_from": date(2027, 3, 30), "active_to": date(2027, 5, 31)}
MOTHERS_DAY = {"active_from": date(2027, 4, 26), "active_to": date(2027, 5, 9)}

# Watch: its page, its title, and straps that fit it by their stock numbers, zeros in front included.
WATCHES = (
    ("/p/lorient-diver-42", "Lorient Diver 42 mm", ("00421", "00422", "00427")),
    ("/p/lorient-diver-38", "Lorient Diver 38 mm", ("00421", "00423", "00428")),
    ("/p/lorient-harbour-36", "Lorient Harbour 36 mm", ("00418", "00419", "00433")),
    ("/p/lorient-harbour-36-rose", "Lorient Harbour 36 mm, rose gold", ("00418", "00434", "00435")),
    ("/p/lorient-regatta-chrono", "Lorient Regatta Chronograph", ("00427", "00440", "00441")),
    ("/p/alpina-field-40", "Field Watch 40 mm, olive", ("00452", "00453", "00454")),
    ("/p/alpina-field-36", "Field Watch 36 mm, sand", ("00450", "00451", "00454")),
    ("/p/aubrac-dress-39", "Aubrac Dress 39 mm", ("00460", "00461", "00462")),
    ("/p/aubrac-dress-34", "Aubrac Dress 34 mm", ("00463", "00464", "00465")),
    ("/p/aubrac-moonphase", "Aubrac Moonphase", ("00460", "00466", "00467")),
    ("/p/kite-digital-pro", "Kite Digital Pro", ("00470", "00471", "00472")),
    ("/p/kite-kids-blue", "Kite Kids, blue", ("00474", "00475", "00476")),
)
ALTERNATIVES = (
    ("/p/lorient-diver-42", "/p/lorient-diver-38", {"brand": "Lorient", "water_resistance": "200 m"}),
    ("/p/lorient-diver-38", "/p/lorient-diver-42", {"brand": "Lorient", "water_resistance": "200 m"}),
    ("/p/lorient-harbour-36", "/p/lorient-harbour-36-rose", {"brand": "Lorient", "gender": "women"}),
    ("/p/alpina-field-40", "/p/alpina-field-36", {"category": "Field watches"}),
    ("/p/aubrac-dress-39", "/p/aubrac-moonphase", {"brand": "Aubrac"}),
    ("/p/aubrac-dress-34", "/p/lorient-harbour-36", {"category": "Dress watches", "gender": "women"}),
    ("/p/kite-digital-pro", "/p/alpina-field-40", {"category": "Sports watches"}),
    ("/p/kite-kids-blue", "/p/kite-kids-red", {"category": "Children's watches"}),
)
# Conditions on the basket: what is offered with it, first to last.
BASKETS: tuple[tuple[Row, tuple[str, ...]], ...] = (
    ({"category": "Diving watches"}, ("00427", "/p/strap-tool", "/p/watch-case-dry")),
    ({"category": "Field watches"}, ("00454", "/p/strap-tool", "/p/watch-roll-canvas")),
    ({"category": "Dress watches", "gender": "women"}, ("/p/gift-box-small", "00465", "/p/polishing-cloth")),
    ({"category": "Dress watches", "gender": "men"}, ("/p/gift-box-large", "00462", "/p/polishing-cloth")),
    ({"category": "Straps"}, ("/p/strap-tool", "/p/spring-bars-set")),
    ({"price": {"from": 500}}, ("/p/gift-box-large", "/p/watch-winder", "/p/insurance-2-years")),
)
CATEGORIES = (
    ("Diving watches", "/p/lorient-diver-42", "/p/lorient-regatta-chrono"),
    ("Field watches", "/p/alpina-field-40", "/p/alpina-field-36"),
    ("Dress watches", "/p/aubrac-moonphase", "/p/lorient-harbour-36"),
    ("Children's watches", "/p/kite-kids-blue", "/p/kite-kids-red"),
)


BRANDS = (
    ("Lorient", "/p/lorient-regatta-chrono", "/p/lorient-diver-42"),
    ("Aubrac", "/p/aubrac-moonphase", "/p/aubrac-dress-39"),
    ("Kite", "/p/kite-digital-pro", "/p/kite-kids-blue"),
    ("Field & Co.", "/p/alpina-field-40", "/p/alpina-field-36"),
)


def rows() -> list[Row]:
    """All rows, block by block."""
    return [*_straps(), *_alternatives(), *_baskets(), *_categories(), *_brands(), *_everywhere()]


def _item(identity: str, position: int, **more: Any) -> Row:
    return {"position": position, "pin_type": "item", "pin_identity": identity, **more}


def _criteria(position: int, conditions: Row, **more: Any) -> Row:
    return {"position": position, "pin_type": "criteria", "pin_criteria": json.dumps(conditions), **more}


def _straps() -> Iterator[Row]:
    """Beside each watch the straps that fit; the first one as a bundle, the clearance ones taken out."""
    for page, title, straps in WATCHES:
        target = {"model": "item_detail_complements", "target_type": "item", "target_identity": page}
        picture = f"https://cdn.example.com/watches{page[2:]}.jpg"
        about = {"target_metadata.title": title, "target_metadata.image": picture, "tags": "spring 2027, straps"}
        for position, strap in enumerate(straps, 1):
            pin = _item(strap, position, is_bundle_pin="yes" if position == 1 else "no", **SPRING)
            yield {**target, **(about if position == 1 else {}), **pin, "Who asked for it": "Jana"}
        yield {**target, **_criteria(0, {"category": "Straps", "clearance": True}, is_block_pin="yes")}


def _alternatives() -> Iterator[Row]:
    """Beside some watches a sister model, then anything like it."""
    for page, sister, like in ALTERNATIVES:
        target = {"model": "item_detail_alternatives", "target_type": "item", "target_identity": page}
        yield {**target, "tags": "spring 2027", **_item(sister, 1, **SPRING), "Who asked for it": "Jana"}
        yield {**target, **_criteria(2, like)}


def _baskets() -> Iterator[Row]:
    """For baskets that fit conditions: what goes with them, at Easter with a gift box in front."""
    for conditions, offers in BASKETS:
        target = {"model": "basket", "target_type": "criteria", "target_criteria": json.dumps(conditions)}
        for position, offer in enumerate(offers, 1):
            tags = "spring 2027; basket" if position == 1 else None
            yield {**target, "tags": tags, **_item(offer, position, widget_id="cart-bottom", **AFTER_EASTER)}
        yield {**target, **_item("/p/easter-gift-wrap", 1, widget_id="cart-bottom", **EASTER)}


def _categories() -> Iterator[Row]:
    """On category pages: two favourites in front, and what has run out of season taken out."""
    for name, first, second in CATEGORIES:
        target = {"model": "category", "target_type": "criteria", "target_criteria": json.dumps({"category": name})}
        asked = {"Who asked for it": "Martin"}
        yield {**target, "tags": "spring 2027, category", **_item(first, 1, widget_id="top", **SPRING), **asked}
        yield {**target, **_item(second, 2, widget_id="top", **SPRING), **asked}
        yield {**target, **_criteria(0, {"season": "winter"}, is_block_pin="yes"), **asked}


def _brands() -> Iterator[Row]:
    """On brand pages: the flagship, a classic, and everywhere else what is new of the brand."""
    for name, flagship, classic in BRANDS:
        target = {"model": "brand", "target_type": "criteria", "target_criteria": json.dumps({"brand": name})}
        yield {**target, "tags": "spring 2027\nbrand", **_item(flagship, 1, **SPRING), "Who asked for it": "Martin"}
        yield {**target, **_item(classic, 2, active_from=date(2027, 3, 1))}
        yield {
            **target,
            **_criteria(-1, {"brand": name, "new": True}, is_bundle_pin="no", active_to=date(2027, 5, 31)),
        }


def _everywhere() -> Iterator[Row]:
    """Whatever the visitor looks at."""
    basket = {"model": "basket_popup", "target_type": "all", "tags": "spring 2027"}
    yield {**basket, **_item("/p/gift-card", -1)}
    yield {**basket, **_item("/p/easter-gift-wrap", 1, is_bundle_pin="yes", **EASTER)}
    yield {**basket, **_item("/p/mothers-day-set", 1, is_bundle_pin="yes", **MOTHERS_DAY)}
    yield {**basket, **_item("/p/strap-tool", 2)}
    yield {**basket, **_item("/p/advent-calendar-2026", 0, is_block_pin="yes")}
    favorites = {"model": "favorites", "target_type": "all", "tags": "spring 2027"}
    yield {**favorites, **_criteria(-1, {"brand": "Lorient", "new": True}, **SPRING)}
    yield {**favorites, **_item("/p/lorient-harbour-36-rose", 1, **MOTHERS_DAY)}
    yield {**favorites, **_criteria(0, {"stock": 0}, is_block_pin="yes")}
