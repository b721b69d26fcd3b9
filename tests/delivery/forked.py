"""A process that runs deliveries in forked children, which may be killed: a fork costs less than a start.

Reads one JSON order a line on standard input, answers each with a line: the child's process ID, later its exit code.
An order names the server, the ledger and how many scopes; `moment` and `at` the probe call at which the child ends
itself without ado, as a power cut would. An order with a `file` has the whole program import it instead: read, check,
send, write the results; `within` seconds after its moment the child is killed.
"""

from __future__ import annotations

import faulthandler
import functools
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from importer import options as given_options
from importer.checking import check as check_sheet
from importer.delivery import DeliveryRequest, Hooks, plan_sending, run_delivery
from importer.errors import ImporterError
from importer.ledger import Ledger
from importer.pipeline import run_import
from importer.reporting import write_results
from importer.settings import Secret, SendOptions, Tracker
from tests.delivery.shop import several

LOADED = (check_sheet, write_results)
"""What a forked child need not load."""


def killer(moment: str, at: int) -> Callable[[str], None]:
    seen: Counter[str] = Counter()

    def probe(name: str) -> None:
        seen[name] += 1
        if name == moment and seen[name] == at:
            os._exit(9)

    return probe


def deliver(order: dict[str, Any]) -> int:
    # A delivery that hangs must fail its test, and say where it hung.
    faulthandler.dump_traceback_later(15, exit=True)
    target = Tracker(order["tracker_id"], order["url"])
    options = SendOptions(date_window=0.2, settle_time=0.6, timeout=2.0, concurrency=order.get("concurrency", 2))
    probe = killer(order.get("moment", ""), order.get("at", 0))
    scopes = several(order["count"])
    with Ledger.open(Path(order["ledger"]), probe=probe) as ledger, ledger.claim(target):
        plan = plan_sending(scopes, None, ledger, target, options, datetime.now(UTC))
        hooks = Hooks(probe=probe, jitter=lambda: 0.1)
        delivered = run_delivery(scopes, plan, DeliveryRequest(target, Secret(order["key"]), options), ledger, hooks)
    found = {**plan.outcomes, **delivered.outcomes}
    summary = {
        scopes[n].target: [type(one).__name__, getattr(one, "id", None) or getattr(one, "comment", "")]
        for n, one in found.items()
    }
    Path(order["ledger"] + ".json").write_text(json.dumps(summary), "utf-8")
    return delivered.stop.exit_code if delivered.stop else 0


def killer_within(moment: str, at: int, within: float) -> Callable[[str], None]:
    """Have this process killed so many seconds after the n-th time that a moment comes."""
    seen: Counter[str] = Counter()

    def kill() -> None:
        time.sleep(within)
        os.kill(os.getpid(), signal.SIGKILL)

    def probe(name: str) -> None:
        seen[name] += 1
        if name == moment and seen[name] == at:
            threading.Thread(target=kill).start() if within else kill()

    return probe


def import_whole(order: dict[str, Any]) -> int:
    """Import a file as the library does, with a shorter `Date` window, all that is temporary below one folder."""
    faulthandler.dump_traceback_later(300, exit=True)
    home, said = Path(order["home"]), Path(order["said"])
    said.unlink(missing_ok=True)
    lines = said.with_suffix(".lines").open("w", buffering=1)
    tempfile.tempdir, os.environ["HOME"] = str(home / "tmp"), str(home)
    os.chdir(home)
    given_options.SendOptions = functools.partial(SendOptions, date_window=0.2)  # type: ignore[misc,assignment]
    probe = killer_within(order.get("moment", ""), order.get("at", 0), order.get("within", 0.0))
    try:
        report = run_import(
            order["file"],
            hooks=lambda _: Hooks(
                probe=probe,
                jitter=lambda: 0.1,
                waits=lambda text: print(text, file=lines),
                attempt=lambda attempt: print(attempt, file=lines),
            ),
            tracker_id=order["tracker_id"],
            base_url=order["url"],
            private_key=order["key"],
            ledger=order["ledger"],
            settle_time=1.5,
            timeout=20.0,
            concurrency=order.get("concurrency", 4),
            timezone="UTC",
            **({"output": order["output"]} if order.get("output") else {}),
            **({"update": True, "yes_delete": order["update"]} if order.get("update") else {}),
        )
    except ImporterError as error:
        said.write_text(json.dumps({"message": str(error), "results": None}), "utf-8")
        return error.exit_code
    facts = {"message": report.message, "results": report.results, "scopes": dict(report.scope_results)}
    said.write_text(json.dumps(facts), "utf-8")
    return report.exit_code


def workbook_says(path: Path) -> dict[str, tuple[str, str, str]]:
    """Customization ID, result and comment by target, as the rows of a results workbook give them."""
    from openpyxl import load_workbook  # noqa: PLC0415 - the children need none

    book = load_workbook(path, read_only=True)
    header, *rows = book["Results"].iter_rows(values_only=True)
    book.close()
    names = ("target_identity", "Customization ID", "Import Result", "Import Comment")
    places = [list(header).index(name) for name in names]
    found = {str(row[places[0]]): tuple(str(row[place]) for place in places[1:]) for row in rows}
    return cast("dict[str, tuple[str, str, str]]", found)


def main() -> None:
    guard = threading.Lock()

    def say(line: dict[str, Any]) -> None:
        with guard:
            print(json.dumps(line), flush=True)

    for line in sys.stdin:
        order = json.loads(line)
        if order.get("wait"):
            _, status = os.waitpid(order["wait"], 0)
            say({"exit": os.waitstatus_to_exitcode(status)})
            continue
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = import_whole(order) if "file" in order else deliver(order)
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(code)
        say({"child": child})


if __name__ == "__main__":
    main()
