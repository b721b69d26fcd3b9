"""The importer's stages one after another, each timed; run by `run.py` in a process of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sending import KEY, TRACKER, Send, read_arguments, timed

import importer
from importer.checking import check
from importer.delivery import Delivered, DeliveryRequest, plan_sending, run_delivery
from importer.ledger import Ledger
from importer.model import HeldBack, Outcome, Ready
from importer.reading import read
from importer.reporting import write_results
from importer.run import Run
from importer.scopes import Scopes
from importer.settings import CheckOptions, Secret, SendOptions, Tracker


def main() -> None:
    arguments = read_arguments()
    now = datetime.now(UTC)
    sheet = timed("read", lambda: read(arguments.sheet), lambda sheet: len(sheet.frame))
    options = CheckOptions(ZoneInfo("Europe/Bratislava"))
    checked = timed("check", lambda: check(sheet, options, now), lambda checked: len(checked.invalid))
    scopes = timed("group", lambda: grouped(checked), lambda _: len(sheet.frame))
    outcomes: list[Outcome] = [Ready() if ready else HeldBack("A row of it is invalid.") for ready in scopes.ready]
    for number, send in enumerate(arguments.send):
        ledger = Path(f"{arguments.ledger}.{number}")
        delivered = timed(send.name, lambda s=send, p=ledger: deliver(scopes, s, p), lambda d: len(d.outcomes))
        if not send.scopes:
            for at, outcome in delivered.outcomes.items():
                outcomes[at] = outcome
    run = Run(
        command="import",
        started=now,
        sheet=sheet,
        checked=checked,
        scopes=scopes,
        timezone="Europe/Bratislava",
        tracker=Tracker(TRACKER, "http://127.0.0.1"),
        outcomes=outcomes,
        ended=datetime.now(UTC),
    )
    timed("write", lambda: write_results(run, Path(arguments.output)), lambda _: len(sheet.frame))


def grouped(checked: importer.checking.Checked) -> Scopes:
    """The scopes, and every body made once."""
    scopes = Scopes(checked)
    ready: Sequence[int] = scopes.ready.nonzero()[0].tolist()
    for number in ready:
        _ = scopes[number].body
    return scopes


def deliver(scopes: Scopes, send: Send, ledger_path: Path) -> Delivered:
    """Send with a durable ledger of its own."""
    tracker = Tracker(TRACKER, send.url)
    options = SendOptions(concurrency=send.concurrency)
    with Ledger.open(ledger_path) as ledger, ledger.claim(tracker):
        plan = plan_sending(scopes, None, ledger, tracker, options, datetime.now(UTC))
        if send.scopes:
            plan = dataclasses.replace(plan, due=list(plan.due)[: send.scopes])
        delivered = run_delivery(scopes, plan, DeliveryRequest(tracker, Secret(KEY), options), ledger)
    if delivered.stop:
        raise SystemExit(delivered.stop.text)
    return delivered


if __name__ == "__main__":
    main()
