"""What the `Summary` sheet of a results workbook, a label and a value in each row, says of the run that wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from importer.cells import shown
from importer.columns import BASE_URL, DATE_ORDER, NO, REHEARSAL, TRACKER, YES
from importer.model import Provenance
from importer.reading.raw import RawSheet
from importer.reading.table import cell_of
from importer.settings import DateOrder


def said_in(summary: RawSheet) -> dict[str, str]:
    """Read the values by their labels, in small letters."""
    places = sorted(summary.columns)[:2]
    if len(places) < 2:
        return {}
    labels, values = (summary.columns[place] for place in places)
    said: dict[str, str] = {}
    for row in range(summary.rows):
        name, value = cell_of(labels.values[labels.codes[row]]), cell_of(values.values[values.codes[row]])
        if isinstance(name, str) and value is not None:
            said.setdefault(name.strip().casefold(), shown(value).strip())
    return said


def provenance(said: Mapping[str, str]) -> Provenance | None:
    """Which service the run was for."""
    tracker, base_url = said.get(TRACKER.casefold()), said.get(BASE_URL.casefold())
    if tracker is None or base_url is None:
        return None
    return Provenance(tracker, base_url, rehearsal=said.get(REHEARSAL.casefold(), NO).casefold() in (YES, "true"))


def date_order(said: Mapping[str, str]) -> DateOrder | None:
    """In which order the run read days, months and years."""
    return next((order for order in get_args(DateOrder) if order == said.get(DATE_ORDER.casefold())), None)
