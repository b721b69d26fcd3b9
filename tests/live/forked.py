"""A process that replaces, deletes and undoes in forked children, which may be killed, as `tests.delivery.forked` does
for creates. The same orders again are the same command again."""

from __future__ import annotations

import faulthandler
import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

from importer import options as given_options
from importer.delivery import DeliveryRequest, Hooks, plan_sending, run_delivery
from importer.delivery.run import begin_run
from importer.ledger import Ledger
from importer.live.apply import carry_out
from importer.live.orders import order_of
from importer.live.plan import Change, Wanted
from importer.pipeline import run_import
from importer.reporting.undo_sheet import write_undo
from importer.settings import Secret, SendOptions, Tracker
from importer.undoing import undo
from tests.delivery.forked import killer_within
from tests.delivery.shop import several
from tests.live.changing import COLUMNS

LOADED = (write_undo,)
"""What a forked child need not load."""


def update(order: dict[str, Any]) -> int:
    """Replace, delete and create, in one run: what `import --update` sends."""
    from datetime import UTC, datetime  # noqa: PLC0415

    target = Tracker(order["tracker_id"], order["url"])
    options = SendOptions(date_window=0.2, settle_time=0.6, timeout=2.0, concurrency=4)
    probe = killer_within(order.get("moment", ""), order.get("at", 0), order.get("within", 0.0))
    hooks = Hooks(probe=probe, jitter=lambda: 0.1)
    orders = [
        order_of(
            Change(
                one["kind"], number, one["id"], one["version"],
                Wanted(one["body"].encode(), COLUMNS, metadata=b"{}") if one["body"] else None,
            )
        )
        for number, one in enumerate(order["changes"])
    ]  # fmt: skip
    scopes = several(order["creates"])
    with Ledger.open(Path(order["ledger"]), probe=probe) as ledger, ledger.claim(target):
        plan = plan_sending(scopes, None, ledger, target, options, datetime.now(UTC))
        request = DeliveryRequest(target, Secret(order["key"]), options, "pins.xlsx")
        request = DeliveryRequest(target, request.key, options, run=begin_run(request, ledger, 1.0))
        created = run_delivery(scopes, plan, request, ledger, hooks)
        changed = carry_out(orders, request, ledger, hooks)
    words = [type(one).__name__ for one in (*plan.outcomes.values(), *created.outcomes.values())]
    words += [type(changed.outcomes[number]).__name__ for number in sorted(changed.outcomes)]
    Path(order["said"]).write_text(json.dumps(words), "utf-8")
    stop = created.stop or changed.stop
    return stop.exit_code if stop else 0


def update_whole(order: dict[str, Any]) -> int:
    """`pin-importer import FILE --update`, with a shorter `Date` window."""
    given_options.SendOptions = functools.partial(SendOptions, date_window=0.2)  # type: ignore[misc,assignment]
    probe = killer_within(order.get("moment", ""), order.get("at", 0), order.get("within", 0.0))
    report = run_import(
        order["file"],
        hooks=lambda _: Hooks(probe=probe, jitter=lambda: 0.1),
        counts=True,
        update=True,
        tracker_id=order["tracker_id"],
        base_url=order["url"],
        private_key=order["key"],
        ledger=order["ledger"],
        settle_time=0.6,
        timeout=2.0,
        concurrency=4,
        timezone="UTC",
        output=order["output"],
    )
    words = [type(outcome).__name__ for *_, outcome in report.scope_list()]
    Path(order["said"]).write_text(json.dumps(words), "utf-8")
    return report.exit_code


def take_back(order: dict[str, Any]) -> int:
    """`pin-importer undo`, with a shorter `Date` window."""
    given_options.SendOptions = functools.partial(SendOptions, date_window=0.2)  # type: ignore[misc,assignment]
    probe = killer_within(order.get("moment", ""), order.get("at", 0), order.get("within", 0.0))
    report = undo(
        order["run"],
        include_adopted=True,
        hooks=lambda _: Hooks(probe=probe, jitter=lambda: 0.1),
        tracker_id=order["tracker_id"],
        base_url=order["url"],
        private_key=order["key"],
        ledger=order["ledger"],
        settle_time=0.6,
        timeout=2.0,
        concurrency=4,
        output=order["output"],
    )
    said = {"run": report.run, "undo_run": report.undo_run, "message": report.message}
    said |= {"lines": [[line.bucket, line.thing.did, line.id, line.comment] for line in report.lines]}
    Path(order["said"]).write_text(json.dumps(said), "utf-8")
    return report.exit_code


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if order.get("wait"):
            _, status = os.waitpid(order["wait"], 0)
            print(json.dumps({"exit": os.waitstatus_to_exitcode(status)}), flush=True)
            continue
        child = os.fork()
        if child == 0:
            code = 70
            try:
                faulthandler.dump_traceback_later(60, exit=True)
                code = (take_back if "run" in order else update_whole if "file" in order else update)(order)
            except Exception as error:
                Path(order["said"]).write_text(f"{error!r}", "utf-8")
                raise
            finally:
                os._exit(code)
        print(json.dumps({"child": child}), flush=True)


if __name__ == "__main__":
    main()
