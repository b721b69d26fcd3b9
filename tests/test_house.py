"""How the package's files lean on one another: in one direction, and never in a circle.

Imports inside functions and under `TYPE_CHECKING` count like any other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import importer

PACKAGE = Path(importer.__file__).parent

LEVELS: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "version patterns characters columns settings shell_words",
        "cells model canonical headers import_key template_rows",
        "catalogue errors",
        "reading mapping checking headings bodies scopes api xlsx",
        "ledger",
        "live delivery run calendar",
        "reporting",
        "template sandbox options shops sources",
        "pipeline updating season undoing exporting",
        "importer cli web",
        "__main__",
    )
)
"""Rooms, that is folders and single files: each imports only of its own level and of those before it."""


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """For each module of the package the others that it imports."""
    trees = {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
    return {name: frozenset(_imported(tree, trees)) - {name} for name, tree in trees.items()}


def _module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, known: Mapping[str, object]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"an import relative to its folder: {ast.unparse(node)}"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from {whole if whole in known else node.module or ""} & known.keys()


def room(module: str) -> str:
    """The folder of the package, or the single file, that a module is in."""
    return module.split(".")[1] if "." in module else module


def circle(graph: Mapping[str, frozenset[str]]) -> Sequence[str]:
    """One circle of a graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: Sequence[str] = error.args[1]
        return found
    return ()


def test_no_file_imports_itself_by_way_of_others():
    assert not circle(imports())


def test_no_room_imports_itself_by_way_of_others():
    rooms: dict[str, set[str]] = {}
    for name in imports():
        rooms.setdefault(room(name), set()).update({room(other) for other in imports()[name]} - {room(name)})
    assert not circle({name: frozenset(others) for name, others in rooms.items()})


def test_rooms_import_in_one_direction():
    level = {name: number for number, names in enumerate(LEVELS) for name in names}
    missing = {room(name) for name in imports()} - level.keys()
    assert not missing, "name the level of these rooms"
    upwards = {
        (name, other)
        for name, others in imports().items()
        for other in others
        if level[room(other)] > level[room(name)]
    }
    assert not upwards


@pytest.mark.parametrize("name", sorted(name for name in imports() if room(name) == "sandbox"))
def test_the_stand_in_server_checks_signatures_by_itself(name):
    assert not [other for other in imports()[name] if "signing" in other or "canonical" in other]
