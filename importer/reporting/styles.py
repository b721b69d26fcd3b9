"""The colours of the workbooks: one for each kind of result."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from importer.model import Result
from importer.run import NUMBER, RESULTS
from importer.xlsx import CellStyle


class ResultColours(NamedTuple):
    """The colours of a result: behind the whole row, behind the result itself, and of its letters."""

    row: str
    cell: str
    letters: str


RESULT_COLOURS: dict[Result, ResultColours] = {
    Result.CREATED: ResultColours("", "C6EFCE", "0B5D1E"),
    Result.ALREADY_CREATED: ResultColours("", "E2EFDA", "375623"),
    Result.REPLACED: ResultColours("", "B7E4C7", "0B5D1E"),
    Result.DELETED: ResultColours("", "D0E6D6", "0B5D1E"),
    Result.UNCHANGED: ResultColours("", "EAF3E3", "375623"),
    Result.READY: ResultColours("", "DDEBF7", "1F4E79"),
    Result.INVALID: ResultColours("FDE9E7", "FFC7CE", "9C0006"),
    Result.HELD_BACK: ResultColours("FFF7E0", "FFE699", "7F6000"),
    Result.REFUSED: ResultColours("FBE9DD", "F8CBAD", "843C0C"),
    Result.FAILED: ResultColours("F6E6F1", "E8B9D8", "6F1D4F"),
    Result.UNKNOWN: ResultColours("EDE7F6", "CFC0E8", "402A73"),
    Result.NOT_SENT: ResultColours("F0F0F0", "D9D9D9", "404040"),
}

OWN_HEADER = CellStyle(fill="1F3864", color="FFFFFF", bold=True)
OPTIONAL_HEADER = CellStyle(fill="8EA9DB", color="1F3864", bold=True)
LINK = CellStyle(color="0563C1", underline=True)
RESULT_HEADER = CellStyle(fill="3A6B35", color="FFFFFF", bold=True)

STYLES: tuple[CellStyle, ...] = (
    CellStyle(),
    CellStyle(fill="FF9F97", color="7A0000", bold=True),
    CellStyle(fill="FFE08A"),
    *(CellStyle(fill=RESULT_COLOURS[result].row) for result in RESULTS),
    *(
        CellStyle(fill=RESULT_COLOURS[result].cell, color=RESULT_COLOURS[result].letters, bold=True)
        for result in RESULTS
    ),
)
PLAIN, WRONG, DOUBTFUL = 0, 1, 2
ROW = np.array(
    [3 + number if RESULT_COLOURS[result].row else PLAIN for number, result in enumerate(RESULTS)], dtype=np.int8
)
"""For each result the look of the row's cells."""
RESULT = np.arange(3 + len(NUMBER), 3 + 2 * len(NUMBER), dtype=np.int8)
"""For each result the look of the cell that names it."""
