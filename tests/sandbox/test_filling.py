"""What a sandbox is filled with: good by its own rules, the same for one seed, and as mixed as a shop."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from importer.sandbox import Sandbox
from importer.sandbox.filling import customizations
from importer.sandbox.rules import details

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_every_customization_is_good_by_the_contract():
    assert [made for made in customizations(3000, now=NOW) if details(made)] == []


def test_one_seed_makes_the_same_in_every_process():
    one, again, other = (list(customizations(50, seed, now=NOW)) for seed in (1, 1, 2))
    assert one == again != other


def test_they_are_as_mixed_as_a_shop():
    made = list(customizations(2000, now=NOW))
    pins = [pin for each in made for pin in each["pin_definitions"]]
    assert {each["target_type"] for each in made} == {"item", "criteria", "all"}
    assert len({each["model"] for each in made}) > 5
    assert {pin["pin_type"] for pin in pins} == {"item", "criteria"}
    assert {-1, 0, 1, 2} <= {pin["position"] for pin in pins}
    dates = [pin[name] for pin in pins for name in ("active_from", "active_to") if name in pin]
    assert len({datetime.fromisoformat(date).utcoffset() for date in dates}) > 3
    assert any(not each["pin_definitions"] for each in made)
    targets = [json.dumps([each.get("target_identity"), each["model"]]) for each in made if "target_identity" in each]
    assert len(set(targets)) < len(targets)


def test_a_sandbox_is_filled_within_seconds_and_shows_who_made_it_when(call, sandbox):
    begun = time.process_time()
    sandbox.fill(2000)
    assert time.process_time() - begun < 2
    page = call("POST", "/scopes?limit=100&sort=created_at:desc").json
    assert (len(page["results"]), page["pagination"]["total"]) == (100, 2000)
    assert len({each["creator"] for each in page["results"]}) > 1
    made = [datetime.fromisoformat(each["created_at"]) for each in page["results"]]
    assert made == sorted(made, reverse=True)
    assert all(moment <= datetime.now(UTC) for moment in made)


def test_an_empty_filling_is_none():
    sandbox = Sandbox()
    sandbox.fill(0)
    assert len(sandbox.store) == 0
