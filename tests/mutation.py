"""Changes both machines, what readings say, the signer and the outcome classifier in small ways, one at a time: a test
must fail for each.

    python -m tests.mutation [--only NAME]

Works on a copy of the project. Prints every mutant that no test noticed, as soon as it is known; those in `EQUIVALENT`
change nothing that can be seen, each with the reason. Exits 1 if another one survives.
"""

import argparse
import ast
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import aiohttp  # noqa: F401 - loaded once for all
import pytest

ROOT = Path(__file__).parent.parent
NOTED = "survivors.json"
CLASSIFIER = "tests/delivery/test_classifier.py"
RECONCILE = "tests/delivery/test_reconcile.py"
TARGETS: dict[str, tuple[set[str] | None, list[str]]] = {
    "importer/api/signing.py": ({"http_date", "string_to_sign", "signature", "authorization"}, ["tests/api"]),
    "importer/api/messages.py": (
        {"parse_created", "names_target", "_is_foreign", "refusal", "page"},
        ["tests/api", CLASSIFIER],
    ),
    "importer/delivery/machine.py": (
        None,
        [CLASSIFIER, "tests/delivery/test_machine.py"],
    ),
    "importer/delivery/reconcile.py": ({"judge_missing", "_is_new", "_decide"}, [RECONCILE]),
    "importer/delivery/readings.py": (
        {"missing_of", "adds_up", "canary_shown", "proof_of", "_is_whole", "_may_end_here"},
        [RECONCILE],
    ),
    "importer/delivery/contents.py": ({"likeness_of"}, [RECONCILE]),
    "importer/delivery/dispatcher.py": ({"event_of"}, [CLASSIFIER]),
    "importer/delivery/ascent.py": (None, ["tests/delivery/test_earlier_ids.py"]),
    "importer/delivery/jobs.py": ({"hold"}, ["tests/delivery/test_earlier_ids.py"]),
    "importer/live/changes.py": (None, ["tests/live/test_changes.py"]),
    "importer/live/states.py": (None, ["tests/live/test_changes.py"]),
}
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
_NOT_OF_THE_BASELINE = "what is judged is not of the baseline, so it never stands where one of it does"
_RECONCILE = "importer/delivery/reconcile.py"
_READINGS = "importer/delivery/readings.py"
EQUIVALENT = {
    "importer/api/signing.py http_date: 8 -> 9": "the size of a cache",
    f"{_RECONCILE} _is_new: place < first -> place <= first": _NOT_OF_THE_BASELINE,
    f"{_RECONCILE} _is_new: place < last -> place <= last": _NOT_OF_THE_BASELINE,
    f"{_READINGS} adds_up: place < first -> place <= first": _NOT_OF_THE_BASELINE,
    f"{_READINGS} adds_up: first < place < last -> first <= place < last": _NOT_OF_THE_BASELINE,
    f"{_READINGS} adds_up: True -> False (2)": "of a complete baseline only whether it is `None` is looked at",
    f"{_READINGS} adds_up: True -> False (3)": "nothing stands amid the baseline then, new or not",
    "importer/delivery/jobs.py hold: rank(scope_id) < rank(before.oldest) -> rank(scope_id) <= rank(before.oldest)": (
        "the oldest is of the baseline itself"
    ),
    "importer/delivery/ascent.py Ascent: True -> False (2)": "slots save memory, and nothing else",
    "importer/delivery/ascent.py Ascent: '' -> 'x'": "no ID is as long as what this stands beside",
    "importer/delivery/ascent.py Ascent: '' -> 'x' (2)": "no ID is as long as what this stands beside",
}


class Mutant(NamedTuple):
    """A file with one change."""

    name: str
    """Path, function, what it was and what it is; of several such ones all but the first have their number."""
    path: str
    line: int
    source: str


def mutants(path: str, functions: set[str] | None) -> Iterator[Mutant]:
    """Every mutant of a file, within these functions or all of it."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    holders = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    if missing := (functions or set()) - {holder.name for holder in holders}:
        sys.exit(f"{path} has no {', '.join(sorted(missing))}")
    around = {node: f" {holder.name}" for holder in holders for node in ast.walk(holder)}
    counts = Counter[str]()
    for node in list(places(tree, functions)):
        kept = {name: list(value) if isinstance(value, list) else value for name, value in vars(node).items()}
        before = ast.unparse(node)
        mutate(node)
        name, source = f"{path}{around.get(node, '')}: {before} -> {ast.unparse(node)}", ast.unparse(tree)
        vars(node).update(kept)
        counts[name] += 1
        yield Mutant(name if counts[name] == 1 else f"{name} ({counts[name]})", path, node.lineno, source)


def places(tree: ast.Module, functions: set[str] | None) -> Iterator[ast.AST]:
    """The nodes that can be changed, in all of a module or in these functions."""
    for holder in ast.walk(tree):
        named = isinstance(holder, ast.FunctionDef) and functions is not None and holder.name in functions
        if named or (functions is None and isinstance(holder, ast.Module)):
            yield from changeable(holder)


def changeable(holder: ast.AST) -> Iterator[ast.AST]:
    """The nodes below a holder that `mutate` knows; what only documents is left alone, and so are types."""
    documents = {id(node) for each in ast.walk(holder) for node in documenting(each)}
    for node in ast.walk(holder):
        match node:
            case ast.Compare(ops=[first, *_]) if type(first) in SWAPS:
                yield node
            case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in SWAPS:
                yield node
            case ast.Constant(value=int() | float() | str()) if id(node) not in documents:
                yield node


def documenting(node: ast.AST) -> Iterator[ast.AST]:
    """What a node holds that changes nothing: a docstring, the texts that the members of an enumeration are, types."""
    types: list[ast.expr | None] = []
    match node:
        case ast.Expr(value=value):
            yield value
        case ast.ClassDef(bases=[ast.Name(id="Enum")], body=body):
            yield from (each.value for each in body if isinstance(each, ast.Assign))
        case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
            types = [annotation]
        case ast.FunctionDef(returns=returns):
            types = [returns]
    for each in types:
        yield from ast.walk(each) if each is not None else ()


def mutate(node: ast.AST) -> None:
    """Change one node."""
    match node:
        case ast.Compare():
            node.ops[0] = SWAPS[type(node.ops[0])]()
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=str() as value):
            node.value = value + "x"
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1


def forked(work: Callable[[], int]) -> int:
    """Let a fork do something; its process. What it gives back is its exit code."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = work()
    finally:
        os._exit(code)


def passes(folder: Path, tests: list[str]) -> bool:
    """Whether the tests of a copy pass: in a fork, since what pytest and aiohttp take to load is most of the time."""
    return os.waitpid(forked(partial(tested, folder, tests)), 0)[1] == 0


def tested(folder: Path, tests: list[str]) -> int:
    """Run tests of a copy in this process; pytest's exit code."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    # Two mutants of one second may be of one length: what is compiled of them must not be kept.
    sys.dont_write_bytecode = True
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests])


def survives(folder: Path, path: str, source: str) -> bool:
    """Whether the tests pass with the mutant in place."""
    original = (folder / path).read_text("utf-8")
    (folder / path).write_text(source, "utf-8")
    try:
        return passes(folder, TARGETS[path][1])
    finally:
        (folder / path).write_text(original, "utf-8")


def survivors(folder: Path, share: list[Mutant]) -> list[str]:
    """Those that survive in a copy of the project, each printed at once."""
    left = []
    for mutant in share:
        if survives(folder, mutant.path, mutant.source):
            reason = f"  = {EQUIVALENT[mutant.name]}" if mutant.name in EQUIVALENT else ""
            print(f"survived, line {mutant.line}: {mutant.name}{reason}", flush=True)
            left.append(mutant.name)
    return left


def note(folder: Path, share: list[Mutant]) -> int:
    """Write down which of them survive."""
    (folder / NOTED).write_text(json.dumps(survivors(folder, share)), "utf-8")
    return 0


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="mutants whose name holds this")
    only = parser.parse_args().only
    every = [mutant for path, (which, _) in TARGETS.items() for mutant in mutants(path, which) if only in mutant.name]
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch, str(number)) for number in range(2)]
        for folder in folders:
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", ".hypothesis"))
        for path in {mutant.path for mutant in every}:
            if not passes(folders[0], TARGETS[path][1]):
                sys.exit(f"the tests of {path} fail as it is")
        workers = [(folder, forked(partial(note, folder, every[at::2]))) for at, folder in enumerate(folders)]
        if not all([os.waitpid(worker, 0)[1] == 0 for _, worker in workers]):  # noqa: C419 - waits for all
            sys.exit("it broke off")
        left = [name for folder, _ in workers for name in json.loads((folder / NOTED).read_text("utf-8"))]
    print(f"{len(every)} mutants, {len(left)} survived, {sum(name in EQUIVALENT for name in left)} of them equivalent")
    sys.exit(1 if set(left) - set(EQUIVALENT) else 0)


if __name__ == "__main__":
    main()
