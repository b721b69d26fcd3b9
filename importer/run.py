"""Run: one frozen value that grows by `replace`, from the sheet that was read to what became of each row.

Whatever is counted of a run is counted here, and once; so is whatever an outcome means in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self, assert_never

import numpy as np

from importer.catalogue import results as texts
from importer.catalogue.outcomes import COMMENTS
from importer.delivery.planning import SendPlan
from importer.model import (
    AlreadyCreated,
    Created,
    Deleted,
    Failed,
    HeldBack,
    Notice,
    NotSent,
    Outcome,
    Provenance,
    Ready,
    Refused,
    Replaced,
    Result,
    Said,
    Sheet,
    Stop,
    TargetType,
    Unchanged,
    Unknown,
)
from importer.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from importer.checking import Checked
    from importer.live.plan import UpdatePlan
    from importer.scopes import Scopes
    from importer.settings import Tracker

RESULTS: tuple[Result, ...] = tuple(Result)
NUMBER: Mapping[Result, int] = {result: number for number, result in enumerate(RESULTS)}


@dataclass(frozen=True)
class Run:
    """One run of `import` or `check`, as far as it has come."""

    command: Literal["import", "check"]
    started: datetime
    """When it began, with a zone."""
    sheet: Sheet
    checked: Checked
    scopes: Scopes
    timezone: str = ""
    """The zone of dates that name none; "" where there is no such zone."""
    date_order: str = ""
    """How dates such as 03/04/2026 were read: `dmy`, `mdy`, `ymd`; "" where that was not said."""
    tracker: Tracker | None = None
    """Where the scopes go; `None` for a check without a tracker."""
    rehearsal: bool = False
    """Whether a stand-in server takes the scopes."""
    shop: str = ""
    """The shop in force, by its name in the configuration; "" for none."""
    version: str = __version__

    # Known before anything is sent.
    plan: SendPlan = field(default_factory=SendPlan)
    """What earlier runs say of the scopes, and which of them are due."""
    update: UpdatePlan | None = None
    """What is to become of each scope by what is live; `None` where that is not asked for."""
    pace: float | None = None
    """Scopes a second that this tracker is known or thought to take; `None` where nothing will be sent."""
    notices: tuple[Notice, ...] = ()
    """What people should know besides the sheet's own notices; sending may add to them."""

    # Known at the end.
    outcomes: Sequence[Outcome] = ()
    """One for each scope, by its number."""
    stop: Stop | None = None
    """Why sending ended early, if it did."""
    requests: int = 0
    """How many requests were made."""
    ended: datetime | None = None
    """When it ended, with a zone; `None` until then."""

    def settled(self, of_due: Callable[[int], Outcome]) -> Self:
        """The run with an outcome for each scope: held back, known from before, or what `of_due` says of its number."""
        outcomes: list[Outcome] = []
        for number, blocker in enumerate(self.scopes.blocker.tolist()):
            if blocker:
                outcomes.append(HeldBack(self._because(number, blocker)))
            else:
                outcomes.append(self.plan.outcomes.get(number) or of_due(number))
        return replace(self, outcomes=outcomes)

    def _because(self, number: int, blocker: int) -> str:
        """Why a wrong row holds a scope back: it is its only row, one of its rows, or may be one of them."""
        rows = self.scopes.rows(number)
        own = "held-by-row" if len(rows) > 1 else "held-by-itself"
        text = COMMENTS[own if blocker in rows else "held-by-neighbour"]
        return Said(text, self.sheet.row_label, {"row": blocker})

    @property
    def all_notices(self) -> tuple[Notice, ...]:
        """What people should know of the sheet, of its cells and scopes, of earlier runs, and of this one."""
        return (*self.sheet.notices, *self.notices)

    @property
    def provenance(self) -> Provenance:
        """What the results say of where they come from.

        A check without a tracker changes nothing, so it keeps what the input says.
        """
        if self.tracker is None:
            return self.sheet.provenance or Provenance("", "", self.rehearsal)
        return Provenance(self.tracker.tracker_id, self.tracker.base_url, self.rehearsal)

    def labelled_outcomes(self) -> Iterator[tuple[str, TargetType, str, Outcome]]:
        """Model, target type, target and outcome of every scope, in the order of their first rows."""
        for number, outcome in enumerate(self.outcomes):
            yield (*self.scopes.label(number), outcome)

    @cached_property
    def of_scopes(self) -> NDArray[np.int8]:
        """For each scope the place of its result in `RESULTS`."""
        return np.fromiter(map(NUMBER.__getitem__, map(result_of, self.outcomes)), np.int8, len(self.outcomes))

    @cached_property
    def of_rows(self) -> NDArray[np.int8]:
        """For each row the place of its result in `RESULTS`: that of its scope, unless the row itself is invalid."""
        of_scope = np.append(self.of_scopes, np.int8(NUMBER[Result.INVALID]))
        return np.where(self.checked.invalid, np.int8(NUMBER[Result.INVALID]), of_scope[self.scopes.of_row])

    @cached_property
    def row_results(self) -> Mapping[Result, int]:
        """How many rows have which result; they add up to all rows. Zeros are left out."""
        return _counted(self.of_rows)

    @cached_property
    def scope_results(self) -> Mapping[Result, int]:
        """How many scopes have which result; they add up to all scopes. Zeros are left out."""
        return _counted(self.of_scopes)

    @property
    def warning_count(self) -> int:
        """How many warnings there are, about rows and about the file."""
        count = self.checked.problems.warning_count
        for notice in self.all_notices:
            count += notice.severity == "warning"
        return count


def _counted(results: NDArray[np.int8]) -> dict[Result, int]:
    """How often each result occurs, in their order."""
    numbers, counts = np.unique(results, return_counts=True)
    return dict(zip(map(RESULTS.__getitem__, numbers.tolist()), counts.tolist(), strict=True))


def result_of(outcome: Outcome) -> Result:  # noqa: C901, PLR0911 - one line a kind
    """The word for an outcome."""
    match outcome:
        case Created():
            return Result.CREATED
        case AlreadyCreated():
            return Result.ALREADY_CREATED
        case Replaced():
            return Result.REPLACED
        case Deleted():
            return Result.DELETED
        case Unchanged():
            return Result.UNCHANGED
        case HeldBack():
            return Result.HELD_BACK
        case Refused():
            return Result.REFUSED
        case Failed():
            return Result.FAILED
        case Unknown():
            return Result.UNKNOWN
        case NotSent():
            return Result.NOT_SENT
        case Ready():
            return Result.READY
        case _:
            assert_never(outcome)


def id_of(outcome: Outcome) -> str | None:
    """The ID of the customization that a scope is, if it is one."""
    return outcome.id if isinstance(outcome, Created | AlreadyCreated | Replaced | Deleted | Unchanged) else None


def comment_of(outcome: Outcome) -> str:
    """What became of a scope and what to do, for all its rows; "" where the result alone says it."""
    match outcome:
        case Created(warning=text) | Replaced(warning=text) | Deleted(warning=text) | Unchanged(comment=text):
            return text
        case AlreadyCreated(found=True):
            return _live_already(outcome)
        case AlreadyCreated(since=since, warning=warning):
            told = texts.CREATED_BEFORE_UNDATED
            if since is not None:
                told = texts.CREATED_BEFORE.format(since=f"{since:%Y-%m-%d %H:%M}")
            return f"{told} {warning}" if warning else told
        case HeldBack(text) | Failed(text) | Unknown(text) | NotSent(text) | Ready(text):
            return text
        case Refused():
            return reason_of(outcome)
        case _:
            assert_never(outcome)


def _live_already(outcome: AlreadyCreated) -> str:
    since, creator = outcome.since, outcome.creator
    key = "-".join(name for name, there in (("by", creator), ("since", since)) if there)
    told = texts.LIVE_ALREADY[key].format(creator=creator, since=f"{since:%Y-%m-%d %H:%M}" if since else "")
    return " ".join(filter(None, (told, outcome.warning)))


def reason_of(outcome: Refused) -> str:
    """Why the service refused a scope, in a sentence."""
    if outcome.reason:
        return texts.REFUSAL.format(reason=as_sentence(outcome.reason))
    return texts.REFUSAL_UNREASONED.format(status=outcome.status)


def as_sentence(text: str) -> str:
    """What a server says, with a full stop where it has none."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else texts.SENTENCE.format(text=text)
