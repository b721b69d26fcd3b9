"""What people should know when a mapping has made pins of their sheet (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from importer.catalogue.files import MOST_ROWS
from importer.catalogue.mapping import NOTICES, ROWS_ARE_OFF, ROWS_GIVE_NONE
from importer.catalogue.screen import counted
from importer.mapping.file import Mapping
from importer.mapping.find import listed
from importer.model import Notice, Sheet

if TYPE_CHECKING:
    from importer.mapping.find import Finder
    from importer.mapping.identities import Count


def notices_of(
    sheet: Sheet,
    mapping: Mapping,
    rows: NDArray[np.int32],
    off: dict[str, NDArray[np.int64]],
    find: Finder,
    counts: Sequence[Count],
) -> Iterator[Notice]:
    """Name the mapping in force; rows without pins, or switched off; missing columns; translated identities."""
    total = len(sheet.frame)
    facts = {
        "title": mapping.title,
        "name": mapping.name,
        "rows": counted(total, "row"),
        "pins": counted(len(rows), "pin"),
    }
    yield _notice("mapping", **facts)
    for column, positions in off.items():
        if len(positions):
            said = ROWS_ARE_OFF[len(positions) == 1].format(count=f"{len(positions):,}")
            yield _notice("mapping-skipped", rows=said, why=column, which=_labels(sheet, positions))
    without = np.setdiff1d(np.arange(total), np.concatenate([rows, *off.values()]))
    if len(without):
        said = ROWS_GIVE_NONE[len(without) == 1].format(count=f"{len(without):,}")
        yield _notice("mapping-no-pins", rows=said, which=_labels(sheet, without))
    if find.absent:
        yield _notice("mapping-absent", headers=listed(find.absent))
    for count in counts:
        yield _notice("mapping-translated", done=f"{count.done:,}", all=f"{count.asked:,}", table=count.table)


def _notice(code: str, **facts: object) -> Notice:
    return Notice(code, NOTICES[code].format(**facts))


def _labels(sheet: Sheet, positions: NDArray[np.int64]) -> str:
    labels = [str(sheet.row_label(int(row))) for row in sheet.frame.index.to_numpy()[positions[:MOST_ROWS]]]
    more = f" and {len(positions) - MOST_ROWS:,} more" if len(positions) > MOST_ROWS else ""
    return ("row " if len(positions) == 1 else "rows ") + ", ".join(labels) + more
