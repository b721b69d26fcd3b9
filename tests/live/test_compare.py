"""What is said to differ is what a replacement changes, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from importer.canonical import PIN_FIELDS
from importer.delivery.contents import content_of
from importer.live.compare import compared
from importer.live.customization import Live
from importer.live.merge import merged
from importer.live.plan import Doubt, Wanted
from tests.live.making import ALL, HEAD, said, sheet

MOMENTS = st.sampled_from(["2026-12-01T00:00:00Z", "2026-12-01T01:00:00+01:00", "2027-01-31T00:00:00-05:00"])
PINS = st.fixed_dictionaries(
    {"position": st.sampled_from([-1, 1, 2]), "pin_type": st.just("item"), "pin_identity": st.sampled_from("AB")},
    optional={
        "active_from": MOMENTS,
        "active_to": MOMENTS,
        "widget_id": st.sampled_from("wv"),
        "is_bundle_pin": st.booleans(),
    },
)
TAGS = st.lists(st.sampled_from("abc"), unique=True)
METADATA = st.dictionaries(st.sampled_from("kl"), st.sampled_from([1, "1", True, "x"]))
NEEDED = frozenset({"position", "pin_type", "pin_identity"})
COLUMNS = st.sets(st.sampled_from(sorted(ALL | {"target_metadata.k"} - NEEDED))).map(NEEDED.__or__)
LIVE_PINS = st.builds(lambda pin, more: {**pin, **more}, PINS, st.fixed_dictionaries({}, optional={"x": st.just(1)}))


def of_columns(fields: dict[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    """What a sheet with these columns can say."""
    pins = [{name: pin[name] for name in pin if name in columns} for pin in fields["pin_definitions"]]
    found = {**fields, "pin_definitions": pins, "tags": fields["tags"] if "tags" in columns else []}
    metadata = fields["target_metadata"]
    if "target_metadata" not in columns:
        metadata = {key: value for key, value in metadata.items() if f"target_metadata.{key}" in columns}
    return {**found, "target_metadata": metadata}


@given(st.lists(LIVE_PINS, max_size=4), TAGS, METADATA, st.lists(PINS, max_size=4), TAGS, METADATA, COLUMNS)
def test_what_differs_is_what_is_changed(old, tags, metadata, new, new_tags, new_metadata, columns):
    there = {"id": "a", **HEAD, "pin_definitions": old, "tags": tags, "target_metadata": metadata}
    wanted = of_columns(sheet(*new, tags=new_tags, target_metadata=new_metadata), columns)
    found = compared(Live("a", there), said(wanted, columns), metadata)
    body = merged(json.dumps(there).encode(), Wanted(json.dumps(wanted).encode(), columns, b"{}"))
    if isinstance(body, Doubt):
        assert found == body
        return
    afterwards = json.loads(body)
    if found == ():
        assert Live("a", afterwards).content == Live("a", there).content
    # Once it is done, there is nothing more to do.
    again = compared(Live("a", afterwards), said(wanted, columns), afterwards.get("target_metadata", {}))
    assert again == () or isinstance(again, Doubt)
    kept = [name for name in PIN_FIELDS if name in columns]
    shown = [{name: pin.get(name) for name in kept} for pin in afterwards["pin_definitions"]]
    assert content_of({"pin_definitions": shown}) == content_of({"pin_definitions": wanted["pin_definitions"]})


@given(st.lists(LIVE_PINS, max_size=4), TAGS, METADATA, COLUMNS, st.randoms())
def test_what_is_live_shown_in_any_columns_and_any_order_is_no_difference(pins, tags, metadata, columns, chance):
    there = {"id": "a", **HEAD, "pin_definitions": pins, "tags": tags, "target_metadata": metadata}
    shown = of_columns(there, columns)
    chance.shuffle(shown["pin_definitions"])
    found = compared(Live("a", there), said(shown, columns), metadata)
    assert found == ()
