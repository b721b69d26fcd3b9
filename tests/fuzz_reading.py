"""Reads thousands of spoiled copies of real files: each is read or refused in words, in time, and nothing else.

    PIN_IMPORTER_PRACTICE=folder python tests/fuzz_reading.py [--count N] [--seed N] [--keep FOLDER]

Copies are spoiled byte by byte, cut, spliced, and, for zip packages, inside their parts, so that check sums still hold.
Prints what it counted and every finding; exits 1 if there is one.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from importer.errors import FileError
from importer.reading import read

MOST_SECONDS = 15.0
LARGEST = 1_000_000
SPICES = (
    b"\x00", b"\xff\xfe", b'"', b"\r", b"\n", b";", b"<", b"</c>", b"</row>", b't="e"', b"<f>", b"\xd0\xcf\x11\xe0",
    b"PK\x03\x04", b'r="XFD1048576"', b's="99999"', b"99999999999", b"-1", b"NaN", b"1E+400", b"&#x0;", b"\xed\xa0\x80",
)  # fmt: skip


def flipped(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed."""
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end, or a piece in the middle, taken out."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] if chance.random() < 0.5 else data[:first] + data[last:]


def spliced(data: bytes, chance: random.Random) -> bytes:
    """A piece repeated elsewhere, or something hot put in."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    piece = chance.choice(SPICES) if chance.random() < 0.6 else data[first : min(last, first + 5000)]
    place = chance.randrange(len(data) + 1)
    over = len(piece) if chance.random() < 0.5 else 0
    return data[:place] + piece + data[place + over :]


SPOILERS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flipped, cut, spliced, spliced)


def spoiled_package(data: bytes, chance: random.Random) -> bytes:
    """A zip package with one of its parts spoiled, packed again."""
    try:
        parts = [(info.filename, package.read(info)) for package in [zipfile.ZipFile(io.BytesIO(data))]
                 for info in package.infolist()]  # fmt: skip
    except Exception:  # noqa: BLE001 - already broken: spoil it as it is
        return flipped(data, chance)
    usable = [
        number for number, (name, content) in enumerate(parts) if content and name.endswith((".xml", ".rels", ".bin"))
    ]
    if usable:
        number = chance.choice(usable)
        name, content = parts[number]
        parts[number] = (name, chance.choice(SPOILERS)(content, chance))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
    return packed.getvalue()


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """One spoiled copy of a file."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        return spoiled_package(data, chance)
    return chance.choice(SPOILERS)(data, chance) if data else b"\x00"


def finding(path: Path) -> tuple[str, str | None]:
    """How reading ended, in a word, and what is wrong with that, if anything."""
    started = time.monotonic()
    try:
        read(path)
        ended, wrong = "read", None
    except FileError as error:
        text = str(error)
        ended = error.code if error.read is None else f"facts, {error.code}"
        wrong = None if text and "\n" not in text and "Traceback" not in text else f"message: {text!r}"
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        ended, wrong = "crash", f"{type(error).__name__}: {error}"
    took = time.monotonic() - started
    return ended, wrong or (f"took {took:.1f} s" if took > MOST_SECONDS else None)


def main() -> int:
    """Spoil, read, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    folder = os.environ.get("PIN_IMPORTER_PRACTICE")
    if not folder:
        print("PIN_IMPORTER_PRACTICE names no folder of files to spoil.", file=sys.stderr)
        return 2
    seeds = sorted(path for path in Path(folder).rglob("*") if path.is_file() and path.stat().st_size < LARGEST)
    chance = random.Random(options.seed)
    counted: Counter[str] = Counter()
    findings = 0
    with tempfile.TemporaryDirectory() as work:
        for number in range(options.count):
            seed = chance.choice(seeds)
            path = Path(work) / f"{number}{seed.suffix}"
            path.write_bytes(spoiled(seed.read_bytes(), chance))
            ended, wrong = finding(path)
            counted[ended] += 1
            if wrong:
                findings += 1
                kept = options.keep / f"finding-{options.seed}-{number}{seed.suffix}"
                kept.write_bytes(path.read_bytes())
                print(f"{kept} (from {seed.name}): {wrong}")
            path.unlink()
    own, children = (
        resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{options.count} files, {findings} findings; most memory {own} MiB here, {children} MiB in a child")
    print(", ".join(f"{word}: {count}" for word, count in counted.most_common()))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
