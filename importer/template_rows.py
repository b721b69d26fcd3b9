"""The rows that the template shows as examples, by which they are known again when they come back unchanged."""

from __future__ import annotations

from datetime import datetime

from importer.cells import Moment, Number

EXAMPLES: tuple[dict[str, str | Number | Moment], ...] = (
    {
        "model": "basket",
        "target_type": "item",
        "target_identity": "/p/123",
        "target_metadata": '{"title": "Diver watch 42 mm"}',
        "tags": "spring, straps",
        "position": Number(1),
        "pin_type": "item",
        "pin_identity": "/p/987",
        "active_from": Moment(datetime(2026, 12, 1), has_time=False),  # noqa: DTZ001 - cells have no zone
    },
    {
        "model": "basket",
        "target_type": "criteria",
        "target_criteria": '{"category": "Watches"}',
        "position": Number(-1),
        "pin_type": "criteria",
        "pin_criteria": '{"brand": "Lorient"}',
        "is_bundle_pin": "yes",
    },
)
"""Two rows that check clean at any time: a period without an end is never over."""
