"""Values to HTML. What stands in a cell is text, even if it looks like HTML: every value is escaped."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any

import jinja2
import markupsafe

from importer.catalogue import web as texts
from importer.catalogue.screen import counted
from importer.model import Result
from importer.web.files import MOST_BYTES

EXAMPLE = files("importer.web") / "example.csv"
"""A sheet to try the page with: some pins of a shop for watches, two of them wrong."""
LONGEST_CELL = 300
"""Characters of a cell that a table shows."""


@cache
def environment() -> jinja2.Environment:
    """The templates of the page."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("importer.web") / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"say": say, "counted": counted, "results": list(Result), "slug": slug}
    made.globals |= {"style": "page.css", "script": "page.js", "most": MOST_BYTES // 1024**2}
    made.filters |= {
        "number": number,
        "duration": duration,
        "moment": moment,
        "basename": lambda path: PurePath(path).name,
        "short": short,
    }
    return made


def page(name: str, **values: Any) -> str:
    """One template with its values."""
    return environment().get_template(f"{name}.html").render(**values)


def escaped(text: str) -> str:
    """A text as HTML."""
    return str(markupsafe.escape(text))


def say(code: str, **facts: object) -> str:
    """A sentence of the page's catalogue."""
    return texts.PAGE[code].format(**facts)


def number(value: int) -> str:
    """A number with commas between its thousands."""
    return f"{value:,}"


def slug(result: str) -> str:
    """A word of `Import Result` as a class of the stylesheet: `already-created`."""
    return str(result).lower().replace(" ", "-")


def short(text: str, most: int = LONGEST_CELL) -> str:
    """A text cut visibly where it is long."""
    return text if len(text) <= most else text[: most - 1] + "…"


def moment(when: datetime | float) -> str:
    """A moment in this computer's zone."""
    when = datetime.fromtimestamp(when).astimezone() if isinstance(when, int | float) else when.astimezone()
    return f"{when:%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """A number of seconds, as people say it."""
    if seconds < 60:
        return texts.DURATIONS["seconds"].format(count=max(1, round(seconds)))
    if seconds < 3600:
        return texts.DURATIONS["minutes"].format(count=round(seconds / 60))
    return texts.DURATIONS["hours"].format(count=seconds / 3600)
