"""A process that runs deliveries in forked children, which may be killed: a fork costs less than a start.

Reads one JSON order a line on standard input, answers each with a line: the child's process ID, later its exit code.
An order names the server, the ledger and how many scopes; `moment` and `at` the probe call at which the child ends
itself without ado, as a power cut would.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from importer.delivery import DeliveryRequest, Hooks, judge, run_delivery
from importer.ledger import Ledger
from importer.settings import Secret, SendOptions, Target
from tests.delivery.shop import several


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
    target = Target(order["tracker_id"], order["url"])
    options = SendOptions(date_window=0.2, settle_time=0.6, timeout=2.0, concurrency=order.get("concurrency", 2))
    probe = killer(order.get("moment", ""), order.get("at", 0))
    scopes = several(order["count"])
    with Ledger.open(Path(order["ledger"]), probe=probe) as ledger, ledger.claim(target):
        plan = judge(scopes, None, ledger, target, options, datetime.now(UTC))
        hooks = Hooks(probe=probe, jitter=lambda: 0.1)
        delivered = run_delivery(scopes, plan, DeliveryRequest(target, Secret(order["key"]), options), ledger, hooks)
    found = {**plan.outcomes, **delivered.outcomes}
    summary = {
        scopes[n].target: [type(one).__name__, getattr(one, "id", None) or getattr(one, "comment", "")]
        for n, one in found.items()
    }
    Path(order["ledger"] + ".json").write_text(json.dumps(summary), "utf-8")
    return delivered.stop.exit_code if delivered.stop else 0


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
                code = deliver(order)
            finally:
                os._exit(code)
        say({"child": child})


if __name__ == "__main__":
    main()
