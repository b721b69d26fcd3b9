"""Places that stand empty for a few days between two pins: one ends on the 24th, the next begins on the 26th."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from importer.catalogue.run import NOTICES
from importer.catalogue.screen import counted
from importer.checking.codes import Codes
from importer.checking.coercion import Coerced
from importer.checking.row_rules import instants
from importer.checking.scope_rules import EARLIEST, LATEST, fixed_pins, whole_pins
from importer.model import Notice, Said, Sheet

_NO_GAP, _SHORT_GAP = 60_000, 3 * 86_400_000
"""Milliseconds. A pause of a minute is no gap, as days end with 23:59 or with their last second; one of more than three
days is the end of a campaign."""


def report_gaps(sheet: Sheet, coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> Iterator[Notice]:
    """Name the first of them and their count, once for the whole sheet."""
    before, after = _short_gaps(coerced, of_row)
    if len(after):
        first = int(np.argmin(np.maximum(before, after)))
        rows = {"one": int(sheet.frame.index[before[first]]), "two": int(sheet.frame.index[after[first]])}
        text = Said(NOTICES["short-gaps"], sheet.row_label, rows, gaps=counted(len(after), "gap"))
        yield Notice("short-gaps", text)


def _short_gaps(coerced: Mapping[str, Coerced], of_row: NDArray[np.int32]) -> tuple[Codes, Codes]:
    """Where a fixed place stands empty for a few days between two pins: the row that ends, and the one that begins."""
    rows = len(of_row)
    fixed, place = fixed_pins(coerced, of_row, whole_pins(coerced, of_row))
    start = instants(coerced, "active_from", rows, missing=EARLIEST)[fixed]
    end = instants(coerced, "active_to", rows, missing=LATEST)[fixed]
    if not len(place):
        return fixed, fixed
    order = np.lexsort((start, place))
    place, start, end = place[order], start[order], end[order]
    reached = pd.Series(end).groupby(place).cummax().to_numpy()
    longest = np.maximum.accumulate(
        np.where(np.r_[True, place[1:] != place[:-1]] | (reached == end), np.arange(len(end)), 0)
    )
    at = np.flatnonzero((place[1:] == place[:-1]) & (start[1:] > reached[:-1])) + 1
    empty = start[at] - reached[at - 1]
    at = at[(empty > _NO_GAP) & (empty <= _SHORT_GAP)]
    return fixed[order[longest[at - 1]]], fixed[order[at]]
