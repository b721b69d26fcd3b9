"""The page's words and colours: every word in the catalogue, every colour that of the workbook."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from importer.catalogue import web as texts
from importer.reporting.styles import RESULT_COLOURS
from importer.web import render

FOLDER = files("importer.web")
TEMPLATES = sorted(path for path in (FOLDER / "templates").iterdir() if path.name.endswith(".html"))
CODE = "".join(path.read_text("utf-8") for path in FOLDER.iterdir() if path.name.endswith(".py"))
by_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)


@by_template
def test_a_template_has_no_words_of_its_own(template):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r'(?:data|aria)-[a-z]+="[^"]*"', " ", text)
    shown = re.sub(r"<[^>]*>", " ", text)
    assert re.findall(r"[A-Za-z]{2,}", shown) == []
    assert re.findall(r'(?:aria-label|title|placeholder|alt)="[^"{]*[A-Za-z]', text) == []


@by_template
def test_nothing_in_a_template_is_marked_safe_or_inline(template):
    text = template.read_text("utf-8")
    assert not re.search(r"\|\s*safe|autoescape|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r'(?:src|href)="(?!/static/|/|#|"|\{\{)', text)


def test_every_sentence_is_used_and_every_used_one_is_there():
    templates = "".join(template.read_text("utf-8") for template in TEMPLATES)
    whole = set(re.findall(r'say\("([a-z-]+)"(?! ~)', templates))
    parts = set(re.findall(r'say\("([a-z-]+-)" ~', templates))
    assert not {code for code in whole if code not in texts.PAGE}
    assert parts
    quoted = set(re.findall(r'"([a-z-]+)"', templates + CODE))
    suffixes = ("-wait",)
    unused = {
        code
        for code in texts.PAGE
        if code not in quoted and not code.startswith(tuple(parts)) and not code.endswith(suffixes)
    }
    assert unused == set()


def test_the_colours_are_those_of_the_workbook():
    light = (FOLDER / "static" / "page.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")[0]
    for result, shades in RESULT_COLOURS.items():
        name = render.slug(result)
        assert f"--{name}-cell: #{shades.cell.lower()};" in light
        assert f"--{name}-letters: #{shades.letters.lower()};" in light
        assert f"--{name}-row: {'#' + shades.row.lower() if shades.row else 'transparent'};" in light


def test_the_page_asks_nobody_else_for_anything():
    for name in ("page.css", "page.js"):
        text = (FOLDER / "static" / name).read_text("utf-8")
        assert "//" not in re.sub(r"^\s*//.*$|/\*.*?\*/", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (59, "59 s"), (61, "1 min"), (3599, "60 min"), (7200, "2.0 hours")]
)
def test_durations(seconds, said):
    assert render.duration(seconds) == said
