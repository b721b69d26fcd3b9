"""What each stage costs at the very least, in the same run: the part of it that no importer could leave out.

read: parsing the sheet and nothing else. check: pandera over text columns. group: encoding finished objects as JSON.
send: a bare aiohttp loop that posts finished bodies. write: compressing the XML of the finished workbook.
"""

from __future__ import annotations

import asyncio
import json
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import aiohttp
import pandas as pd
import python_calamine
from sending import TRACKER, Send, read_arguments, timed
from sheets import COLUMNS, PINS_A_SCOPE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pandera.pandas as pa

XLSX_LEVEL = 1
Row = Sequence[Any]


def main() -> None:
    arguments = read_arguments()
    rows = timed("read", lambda: parse(arguments.sheet), len)
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="string[pyarrow]" if find_spec("pyarrow") else str)
    timed("check", lambda: schema().validate(frame, lazy=True), len)
    objects = [body(rows[at : at + PINS_A_SCOPE]) for at in range(0, len(rows), PINS_A_SCOPE)]
    bodies = timed("group", lambda: [json.dumps(each).encode() for each in objects], lambda _: len(rows))
    for send in arguments.send:
        chosen = bodies[: send.scopes] if send.scopes else bodies
        timed(send.name, lambda s=send, b=chosen: asyncio.run(post_all(s, b)), lambda _, b=chosen: len(b))
    parts = inflated(arguments.output)
    timed("write", lambda: [compressed(part) for part in parts], lambda _: len(rows))


def parse(path: str) -> list[Row]:
    workbook = python_calamine.CalamineWorkbook.from_path(path)
    return workbook.get_sheet_by_index(0).to_python()[1:]


def schema() -> pa.DataFrameSchema:
    """Closed words and filled cells: the plainest of the rules."""
    words = {"target_type": ("item", "criteria", "all"), "pin_type": ("item", "criteria")}
    checks = {name: pa.Column(checks=pa.Check.isin(allowed)) for name, allowed in words.items()}
    filled = {name: pa.Column(checks=pa.Check.str_length(min_value=1)) for name in ("model", "position")}
    return pa.DataFrameSchema(checks | filled)


def body(rows: Sequence[Row]) -> dict[str, Any]:
    """A scope's object, near enough."""
    scope = dict(zip(COLUMNS[:7], map(str, rows[0]), strict=False))
    pins = [dict(zip(COLUMNS[7:16], map(str, row[7:16]), strict=True)) for row in rows]
    return {**scope, "pin_definitions": pins}


async def post_all(send: Send, bodies: Sequence[bytes]) -> None:
    """Workers over one iterator: as bare as a client gets that still reads its answers."""
    url = f"{send.url}/v1/recommender/pin/{TRACKER}/scope"
    todo = iter(bodies)

    async def work(session: aiohttp.ClientSession) -> None:
        for each in todo:
            async with session.post(url, data=each) as answer:
                await answer.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(work(session) for _ in range(send.concurrency)))


def inflated(path: str) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def compressed(part: bytes) -> int:
    return len(zlib.compress(part, XLSX_LEVEL))


if __name__ == "__main__":
    main()
