"""Driving the command line from tests, in this process: its words, its exit code."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from importer.cli import run

HEADER = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity"]


@dataclass(frozen=True)
class Said:
    """What a call came to."""

    code: int
    out: str
    err: str

    @property
    def object(self):
        """The JSON object that stdout holds, and nothing else."""
        return json.loads(self.out)


class Program:
    """The command line."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Said:
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Said(code, *self._capsys.readouterr())


def pins(path: Path, *rows: list[str], header: list[str] = HEADER) -> Path:
    """A CSV file with these rows; a row is completed to the header by a basket pin's usual cells."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    return path


def pin(target: str = "/p/1", position: object = 1, product: str = "/p/9", *more: str) -> list[str]:
    """A row for `pins`."""
    return ["basket", "item", target, str(position), "item", product, *more]
