"""Plausible customizations, as colleagues may have made them: the same ones for the same seed (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

MODELS = (
    "basket",
    "basket_popup",
    "item_detail_alternatives",
    "item_detail_visual_alternatives",
    "item_detail_complements",
    "favorites",
    "category",
    "brand",
    "test_reco",
)
BRANDS = ("Lorient", "Ōtani", "Krásná", "Smith & Sons", "Żuraw", "Dvořák", "Émile", "O'Neil")
CATEGORIES = ("Watches", "Straps", "Gifts > Under 50 €", "Šperky", "Sale", "Ringe", "Kids")
TAGS = ("spring", "summer", "black friday", "Christmas, gifts", "clearance", "jar 2027", "B2B", "test")
OFFSETS = ("+00:00", "Z", "+01:00", "+02:00", "-05:00", "+05:30", "-03:30")
WIDGETS = ("cart-bottom", "cart-side", "pdp-1", "home-hero")


def customizations(count: int, seed: int = 0, *, now: datetime | None = None) -> Iterator[dict[str, Any]]:
    """So many customizations, their dates spread around `now`. Some share a target, and some have no pins."""
    chance = random.Random(seed)  # noqa: S311 - plausible, not secret
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(count):
        yield _customization(chance, number, today)


def _customization(chance: random.Random, number: int, today: datetime) -> dict[str, Any]:
    made: dict[str, Any] = {"model": chance.choices(MODELS, range(len(MODELS), 0, -1))[0]}
    kind = chance.random()
    if kind < 0.85:  # most are beside one product
        # One in fifty is of the same product as another.
        identity = _identity(number if chance.random() < 0.98 else number // 2)
        made |= {"target_type": "item", "target_identity": identity}
        if chance.random() < 0.5:
            made["target_metadata"] = _metadata(chance, identity)
    elif kind < 0.99:
        made |= {"target_type": "criteria", "target_criteria": _criteria(chance)}
    else:
        made["target_type"] = "all"
    if chance.random() < 0.6:
        made["tags"] = chance.sample(TAGS, chance.randint(1, 3))
    pins = chance.choices((0, 1, 2, 3, 5, 12), (1, 30, 30, 20, 15, 4))[0]
    season = _season(chance, today) if chance.random() < 0.8 else {}
    made["pin_definitions"] = [_pin(chance, place, season) for place in range(1, pins + 1)]
    return made


def _identity(number: int) -> str:
    """IDs as shops have them: paths, product codes with zeros in front, addresses."""
    forms = ("/p/{}/", "{:08}", "SKU-{:06}", "https://shop.example/produkt?id={}&l=sk")
    return forms[number % len(forms)].format(number)


def _metadata(chance: random.Random, identity: str) -> dict[str, Any]:
    title = f"{chance.choice(BRANDS)} {chance.choice(CATEGORIES)} {chance.randint(20, 46)} mm"
    return {"title": title, "image_link": f"https://img.example{identity[-8:]}.jpg", "price": 49.9}


def _criteria(chance: random.Random) -> dict[str, Any]:
    category = {"category": chance.choice(CATEGORIES)}
    if chance.random() < 0.5:
        return category
    return {"and": [category, {"price": {"from": chance.randint(1, 50) * 10}}, {"brand": chance.choice(BRANDS)}]}


def _season(chance: random.Random, today: datetime) -> dict[str, str]:
    begins = today + timedelta(days=chance.randint(-40, 60), hours=chance.choice((0, 0, 0, 8)))
    ends = begins + timedelta(days=chance.choice((7, 14, 28, 90)), seconds=-1)
    offset = chance.choice(OFFSETS)
    dates = {"active_from": f"{begins:%Y-%m-%dT%H:%M:%S}{offset}", "active_to": f"{ends:%Y-%m-%dT%H:%M:%S}{offset}"}
    left_out = chance.choice(("", "", "", "active_from", "active_to"))
    return {name: date for name, date in dates.items() if name != left_out}


def _pin(chance: random.Random, place: int, season: dict[str, str]) -> dict[str, Any]:
    kind = chance.random()
    pin: dict[str, Any] = {"position": place if kind < 0.85 else -1 if kind < 0.95 else 0}
    if chance.random() < 0.9:
        pin |= {"pin_type": "item", "pin_identity": _identity(chance.randrange(10_000))}
    else:
        pin |= {"pin_type": "criteria", "pin_criteria": _criteria(chance)}
    if chance.random() < 0.1:
        pin["widget_id"] = chance.choice(WIDGETS)
    if pin["position"] == 0:
        pin["is_block_pin"] = True
    elif chance.random() < 0.1:
        pin["is_bundle_pin"] = True
    return pin | season
