"""`undo`: a run is taken back, as a run of its own."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

from importer import options
from importer.catalogue.changes import UNDO, UNDO_ERRORS
from importer.catalogue.errors import ERRORS
from importer.catalogue.screen import counted
from importer.delivery import DeliveryRequest, Hooks
from importer.delivery.planning import SendPlan
from importer.errors import ImporterError, UsageError
from importer.ledger import Ledger
from importer.ledger.ledger_file import unusable
from importer.ledger.records import LedgerStatus, RunFact, fingerprint, target_key
from importer.live.undo import Bucket, History, Line, UndoPlan, counts_of, lines_of, plan_undo
from importer.model import AlreadyCreated, Outcome
from importer.pipeline import Stopwatch
from importer.reporting.undo_lines import Proposal, UndoReport
from importer.sources import default_ledger, refuse_without_tracker

if TYPE_CHECKING:
    from importer.delivery import Delivered
    from importer.model import Notice, Scope, Stop
    from importer.options import Options
    from importer.settings import Secret, Settings, Tracker


def undo(
    run: int | None = None,
    *,
    include_adopted: bool = False,
    confirm: Callable[[Proposal], bool] | None = None,
    hooks: Callable[[int], Hooks] | None = None,
    **given: Unpack[Options],
) -> UndoReport:
    """Take back a run: the last one of the tracker that changed something if `run` is left out.

    `given` are the options of `importer.run_import` that say where to, with which key and ledger and how fast; `output`
    is the report's file. `confirm` is called with what would be done, before anything is; if it says no, nothing is.
    An undoing that did not finish is continued. Raises `ImporterError` for trouble before anything was sent.
    """
    clock, settings = Stopwatch(), options.settings(given, with_key=True)
    tracker = refuse_without_tracker(settings)
    if settings.key is None:
        raise UsageError(f"{ERRORS['key-missing']} {settings.hint}".strip(), code="key-missing")
    path = settings.ledger or default_ledger()
    if not path.exists():
        raise UsageError(_no_run(run, path, tracker), code="no-run")
    with Ledger.open(path) as ledger, ledger.claim(tracker):
        fact, own = _chosen(run, ledger, tracker)
        plan = _plan(fact, ledger, tracker, include_adopted=include_adopted)
        parts = tuple(part for part in ledger.changes.begun_before(fact.run) if not ledger.changes.taken_back(part))
        proposal = Proposal(fact, plan, tracker, own is not None, parts)
        if not plan.count:
            lines = lines_of(plan, {})
            if own is not None:
                ledger.fulfil(own.run)
            return _nothing_left(proposal, tuple(lines))
        if confirm is not None and not confirm(proposal):
            return UndoReport(fact.run, 0, {}, message=UNDO["declined"], exit_code=1)
        undoing = Undoing(fact, tracker, settings.key, settings, ledger, include_adopted=include_adopted)
        sending = hooks(plan.count) if hooks is not None else Hooks()
        return replace(undoing.run(own, sending, clock), seconds=clock.seconds())


def _nothing_left(proposal: Proposal, lines: tuple[Line, ...]) -> UndoReport:
    """The report where nothing is sent. What an earlier undoing kept is still kept: the exit code is that one's."""
    number, counts, kept = proposal.run.run, counts_of(lines), len(proposal.adopted)
    text = UNDO["nothing"].format(run=number)
    if kept:
        text += " " + UNDO["nothing-adopted"].format(count=counted(kept, "customization"))
    return UndoReport(number, 0, counts, lines, kept, message=text, exit_code=_exit_code(counts, None))


def _no_run(run: int | None, path: Path, tracker: Tracker) -> str:
    code = "no-run" if run is None else "no-such-run"
    return UNDO_ERRORS[code].format(run=run, ledger=path, tracker=tracker.tracker_id)


def _chosen(run: int | None, ledger: Ledger, tracker: Tracker) -> tuple[RunFact, RunFact | None]:
    """The run to take back, and the undoing of it that did not finish. Raises `UsageError`."""
    tracker_number, known = ledger.number_of(tracker), ledger.changes
    last = None if tracker_number is None else known.last_run(tracker_number)
    fact = last if run is None else known.run(run)
    if fact is not None and run is None and fact.undoes is not None and not fact.finished:
        # The same command goes on with what a kill or Ctrl-C ended.
        fact = known.run(fact.undoes)
    if fact is None or fact.tracker_number != tracker_number:
        raise UsageError(_no_run(run, ledger.path, tracker), code="no-run")
    unfinished = [each for each in known.taken_back(fact.run) if not each.finished]
    return fact, unfinished[-1] if unfinished else None


def _plan(fact: RunFact, ledger: Ledger, tracker: Tracker, *, include_adopted: bool) -> UndoPlan:
    known = ledger.changes
    done = known.of_run(fact.run)
    ids = {entry.id for entry in done}
    history = History(
        run=fact.run,
        made=known.made_by(fact.run),
        changes=done,
        open=known.open_of(fact.run),
        later=known.done_since(fact.tracker_number, fact.run),
        before=known.sent_bodies(fact.tracker_number, ids, before=fact.run),
    )
    return plan_undo(history, tracker, include_adopted=include_adopted)


class Came(NamedTuple):
    """What the requests did, all together."""

    plan: UndoPlan
    """What was to be done, by the ledger after earlier requests were settled."""
    outcomes: Mapping[int, Outcome]
    """What became of each, by its number."""
    stop: Stop | None
    """Why it ended early, if it did."""
    notices: tuple[Notice, ...]
    """What people should know."""
    requests: int
    """How many were sent."""


class Undoing:
    """One undoing, agreed to."""

    def __init__(
        self,
        fact: RunFact,
        tracker: Tracker,
        key: Secret,
        settings: Settings,
        ledger: Ledger,
        *,
        include_adopted: bool,
    ) -> None:
        self._fact, self._tracker, self._key = fact, tracker, key
        self._settings, self._ledger = settings, ledger
        self._include_adopted = include_adopted

    def run(self, own: RunFact | None, hooks: Hooks, clock: Stopwatch) -> UndoReport:
        """Do it, write the report, and say how it ended."""
        from importer.delivery.shutdown import listen  # noqa: PLC0415 - heavy

        tracker_number, number = self._begin(own)
        request = DeliveryRequest(self._tracker, self._key, self._settings.sending, run=(tracker_number, number))
        # Until the report is in place no signal ends the run: what was undone is known nowhere else but in the ledger.
        with listen(lambda: None):
            came = self._send(request, hooks)
            lines = lines_of(came.plan, came.outcomes)
            counts = counts_of(lines)
            finished = came.stop is None and Bucket.UNKNOWN not in counts
            report = UndoReport(
                run=self._fact.run,
                undo_run=number,
                counts=counts,
                lines=tuple(lines),
                adopted=sum(line.thing.adopted and line.bucket is Bucket.KEPT for line in lines),
                requests=came.requests,
                exit_code=_exit_code(counts, came.stop),
                message=_message(self._fact.run, counts, came.stop),
                notices=came.notices,
            )
            report = self._write(report, came.stop, clock.started)
            # Only now: where the report is missing, the same command goes on, and does not take the undoing back.
            self._close(number, finished=finished)
            return report

    def _begin(self, own: RunFact | None) -> tuple[int, int]:
        file = UNDO["file"].format(run=self._fact.run)
        now = datetime.now(UTC).timestamp()
        try:
            if own is not None:
                self._ledger.resume(own.tracker_number, own.run)
                return own.tracker_number, own.run
            return self._ledger.begin(self._tracker, file=file, sha256="", again=False, now=now, undoes=self._fact.run)
        except sqlite3.Error as error:
            raise unusable(self._ledger.path, error) from None

    def _send(self, request: DeliveryRequest, hooks: Hooks) -> Came:
        from importer.live.apply import carry_out  # noqa: PLC0415 - heavy

        first = carry_out((), request, self._ledger, hooks)
        plan = _plan(self._fact, self._ledger, self._tracker, include_adopted=self._include_adopted)
        parts, outcomes = [first], dict[int, Outcome]()
        if first.stop is None:
            parts.append(carry_out(plan.orders, request, self._ledger, hooks))
            outcomes |= parts[-1].outcomes
        if parts[-1].stop is None and plan.scopes:
            created, part = self._create_again(plan, request, hooks)
            outcomes |= created
            parts += [part] if part is not None else []
        notices = {notice.code: notice for part in parts for notice in part.notices}
        return Came(plan, outcomes, parts[-1].stop, tuple(notices.values()), sum(part.requests for part in parts))

    def _create_again(
        self, plan: UndoPlan, request: DeliveryRequest, hooks: Hooks
    ) -> tuple[dict[int, Outcome], Delivered | None]:
        """Create what was deleted, the way of every new customization: looked for where an answer is lost."""
        from importer.delivery import run_delivery  # noqa: PLC0415 - heavy

        numbers = sorted(plan.scopes)
        scopes: list[Scope] = [replace(plan.scopes[number], number=at) for at, number in enumerate(numbers)]
        send = self._send_plan(scopes)
        found: dict[int, Outcome] = {numbers[at]: outcome for at, outcome in send.outcomes.items()}
        if not send.due:
            return found, None
        watch = hooks.watch
        numbered = replace(
            hooks, watch=(lambda at, outcome: watch(numbers[at], outcome)) if watch is not None else None
        )
        delivered = run_delivery(scopes, send, request, self._ledger, numbered)
        return found | {numbers[at]: outcome for at, outcome in delivered.outcomes.items()}, delivered

    def _send_plan(self, scopes: list[Scope]) -> SendPlan:
        """Which of them are to be sent: the ledger knows those that are there already."""
        outcomes, known, due = dict[int, Outcome](), {}, []
        for scope in scopes:
            print_ = fingerprint(self._tracker, scope.canonical)
            entries = self._ledger.of_target(target_key(self._tracker, scope))
            same = next((entry for entry in entries if entry.fingerprint == print_), None)
            if same is not None and same.status is LedgerStatus.CREATED:
                outcomes[scope.number] = AlreadyCreated(same.id or "")
                continue
            if same is not None:
                known[scope.number] = same
            due.append(scope.number)
        return SendPlan(outcomes, due, known)

    def _close(self, number: int, *, finished: bool) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._ledger.end(number, now=datetime.now(UTC).timestamp())
            if finished:
                self._ledger.fulfil(number)

    def _write(self, report: UndoReport, stop: Stop | None, started: datetime) -> UndoReport:
        from importer.reporting.undo_sheet import UndoFile, write_undo  # noqa: PLC0415 - heavy

        moments = started, datetime.now(UTC).astimezone()
        runs = report.run, report.undo_run
        try:
            path = write_undo(
                UndoFile(report.lines, self._tracker, runs, moments, stop, report.notices), self._settings.output
            )
        except ImporterError as error:
            return replace(report, message=f"{report.message} {error}", exit_code=max(report.exit_code, 3))
        return replace(report, results=str(path))


def _exit_code(counts: Mapping[Bucket, int], stop: Stop | None) -> int:
    if stop is not None:
        return stop.exit_code
    if Bucket.UNKNOWN in counts:
        return 4
    return 0 if set(counts) <= {Bucket.UNDONE} else 1


def _message(run: int, counts: Mapping[Bucket, int], stop: Stop | None) -> str:
    if stop is not None:
        return stop.text
    said = ", ".join(f"{count:,} {bucket.lower()}" for bucket, count in counts.items())
    code = "unknown" if Bucket.UNKNOWN in counts else "done" if set(counts) <= {Bucket.UNDONE} else "some"
    return UNDO[code].format(run=run, counts=said)
