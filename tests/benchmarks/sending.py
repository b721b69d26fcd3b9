"""What is sent where, as the benchmark's scripts find it on their command lines."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

TRACKER = "1234-5678"
KEY = "your_private_api_key"


@dataclass(frozen=True, slots=True)
class Send:
    """One sending to measure: its name in the results, where to, how many at once, how many scopes (0: all)."""

    name: str
    url: str
    concurrency: int
    scopes: int = 0

    def words(self) -> list[str]:
        return ["--send", json.dumps([self.name, self.url, self.concurrency, self.scopes])]


def read_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of a script: `sheet`, `output`, `ledger` and any number of `send`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sheet")
    parser.add_argument("--output", required=True)
    parser.add_argument("--ledger", default="")
    parser.add_argument("--send", type=lambda text: Send(*json.loads(text)), action="append", default=[])
    return parser.parse_args(words)


def timed(name: str, work: Callable[[], Any], count: Callable[[Any], int]) -> Any:
    """Do one stage and print how long it took and how much it handled, as one JSON line."""
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"stage": name, "seconds": seconds, "count": count(result)}) + "\n")
    sys.stdout.flush()
    return result
