"""`write_calendar`: a sheet's way to its calendar, as a picture and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Unpack

from importer import options
from importer.catalogue import calendar as texts
from importer.catalogue import results as result_texts
from importer.catalogue.screen import counted, verbs
from importer.errors import UsageError
from importer.model import Notice
from importer.pipeline import Stopwatch, understand

if TYPE_CHECKING:
    import os
    from datetime import tzinfo

    from importer.calendar.draw import Format
    from importer.calendar.pins import Season
    from importer.options import Options

ENDINGS = (".svg", ".png", ".xlsx")
"""What a calendar can be written as."""

_NO_LIBRARY, _LETTERS, _LEFT_OUT = "no-library", "unknown-letters", "rows-left-out"


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """The result of drawing a calendar: the facts of its JSON, typed."""

    file: str
    targets: int
    """Targets that have a pin."""
    pins: int
    overlaps: int
    """Times in which two pins want one place."""
    gaps: int
    """Times in which a place stands empty between two pins."""
    unplaced: int
    """Rows that are not shown, since something in them is wrong."""
    written: tuple[str, ...]
    """The files."""
    notices: tuple[Notice, ...]
    seconds: float
    exit_code: int
    """0, or 1 where rows are left out or no picture could be drawn."""
    message: str


def write_calendar(path: str | os.PathLike[str], **given: Unpack[Options]) -> CalendarReport:
    """Read a sheet as `check` does, and write what is pinned when: a picture (SVG and PNG) and a workbook.

    `given` are options of reading (see `importer.Options`). With `output` that one file is written, by its ending, and
    replaces an older one; else all three, beside the sheet, over no file that is there. The picture needs matplotlib;
    without it only the workbook is written. Raises `ImporterError` for a file or an option that cannot be used,
    `UsageError` where nothing can be written.
    """
    output = given.pop("output", None)
    wanted = None if output is None else Path(output)
    if wanted is not None and wanted.suffix.lower() not in ENDINGS:
        raise UsageError(texts.OUTPUT.format(path=wanted), code="calendar-output")
    clock, settings = Stopwatch(), options.settings(given)
    run = understand(path, settings, clock.started)
    from importer.calendar.lanes import lanes_by_place  # noqa: PLC0415 - heavy
    from importer.calendar.picture import findings  # noqa: PLC0415
    from importer.calendar.pins import season  # noqa: PLC0415

    found = season(run.checked, run.scopes)
    if not found.pins:
        raise UsageError(texts.NO_PINS.format(file=path), code="calendar-empty")
    zone = settings.checking.timezone or options.local_timezone()
    page = _Page(found, Path(path), clock, zone)
    written, notices = page.write(wanted)
    counts = findings(found, lanes_by_place(found.pins))
    facts = [counted(counts.targets, "target"), counted(counts.pins, "pin")]
    facts += [counted(counts.overlaps, "overlap"), counted(counts.gaps, "gap")]
    notices = (*run.sheet.notices, *run.notices, *notices, *_left_out(found))
    return CalendarReport(
        file=str(path),
        targets=counts.targets,
        pins=counts.pins,
        overlaps=counts.overlaps,
        gaps=counts.gaps,
        unplaced=found.unplaced,
        written=tuple(map(str, written)),
        notices=notices,
        seconds=clock.seconds(),
        exit_code=int(bool({notice.code for notice in notices} & {_NO_LIBRARY, _LEFT_OUT})),
        message=texts.DRAWN.format(files=", ".join(map(str, written)), facts=", ".join(facts)),
    )


def _left_out(season: Season) -> Iterator[Notice]:
    if season.unplaced:
        said = {"rows": counted(season.unplaced, "row")} | verbs(season.unplaced)
        yield Notice(_LEFT_OUT, texts.LEFT_OUT.format(**said), "warning")


class _Page:
    """One calendar under way."""

    def __init__(self, season: Season, file: Path, clock: Stopwatch, zone: tzinfo) -> None:
        self._season = season
        self._file = file
        self._now = clock.started
        self._zone = zone
        self._unknown = ""

    def write(self, wanted: Path | None) -> tuple[list[Path], tuple[Notice, ...]]:
        """Write what is wanted, or all; the paths, and what people should know."""
        from importer.reporting.write import stamped  # noqa: PLC0415 - heavy

        paths = [wanted] if wanted else [stamped(self._file, "calendar", self._now, ending) for ending in ENDINGS]
        written, notices = [], []
        for path in paths:
            try:
                written.append(self._write(path, replace=wanted is not None))
            except ImportError:
                if wanted is not None:
                    raise UsageError(texts.NO_LIBRARY, code=_NO_LIBRARY) from None
                notices = [Notice(_NO_LIBRARY, texts.NO_LIBRARY, "warning")]
        if self._unknown:
            notices.append(Notice(_LETTERS, texts.UNKNOWN_LETTERS.format(letters=self._unknown)))
        return written, tuple(notices)

    def _write(self, path: Path, *, replace: bool) -> Path:
        from importer.reporting.atomic import write_whole  # noqa: PLC0415 - heavy
        from importer.reporting.write import beside  # noqa: PLC0415

        writers: dict[str, Callable[[IO[bytes]], None]] = {
            ".svg": partial(self._draw, "svg"),
            ".png": partial(self._draw, "png"),
            ".xlsx": self._workbook,
        }
        replace = replace and not (path.exists() and self._file.exists() and path.samefile(self._file))
        try:
            return write_whole(path, writers[path.suffix.lower()], replace=replace, others=beside(path))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise UsageError(texts.UNWRITABLE.format(path=path, why=why), code="calendar-unwritable") from error

    def _draw(self, form: Format, stream: IO[bytes]) -> None:
        from importer.calendar.draw import draw  # noqa: PLC0415 - heavy
        from importer.calendar.picture import picture  # noqa: PLC0415

        drawn = draw(picture(self._season, self._file.name, self._now, self._zone), stream, form)
        self._unknown = drawn.unknown_letters or self._unknown

    def _workbook(self, stream: IO[bytes]) -> None:
        from importer.calendar.sheet import calendar_table  # noqa: PLC0415 - heavy
        from importer.xlsx import Properties, write_workbook  # noqa: PLC0415

        title = texts.WORKBOOK_TITLE.format(file=self._file.name)
        table = calendar_table(self._season, self._now, self._zone)
        write_workbook(stream, [table], Properties(result_texts.CREATOR, title, self._now))
