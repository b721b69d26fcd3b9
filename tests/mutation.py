"""Changes both machines, what readings say, the signer and the outcome classifier in small ways, one at a time: a test
must fail for each.

    python -m tests.mutation [--only NAME]

Works on a copy of the project. Prints every mutant that no test noticed, as soon as it is known; those in `EQUIVALENT`
change nothing that can be seen, each with the reason. Exits 1 if another one survives.
"""

import argparse
import ast
import copy
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
CLASSIFIER = "tests/delivery/test_classifier.py"
RECONCILE = "tests/delivery/test_reconcile.py"
TARGETS: dict[str, tuple[set[str] | None, list[str]]] = {
    "importer/api/signing.py": ({"http_date", "string_to_sign", "signature", "authorization"}, ["tests/api"]),
    "importer/api/messages.py": ({"parse_created", "names_target", "refusal", "page"}, ["tests/api", CLASSIFIER]),
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
    counts = Counter[str]()
    for number, original in enumerate(places(tree, functions)):
        changed = copy.deepcopy(tree)
        node = list(places(changed, functions))[number]
        mutate(node)
        name = f"{path}{around(tree, original)}: {ast.unparse(original)} -> {ast.unparse(node)}"
        counts[name] += 1
        name = name if counts[name] == 1 else f"{name} ({counts[name]})"
        yield Mutant(name, path, getattr(original, "lineno", 0), ast.unparse(changed))


def around(tree: ast.Module, node: ast.AST) -> str:
    """The innermost function or class that a node is in, after a space; "" where it is in none."""
    holders = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    names = [each.name for each in holders if any(node is inner for inner in ast.walk(each))]
    return f" {names[-1]}" if names else ""


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


def survives(folder: Path, path: str, source: str) -> bool:
    """Whether the tests pass with the mutant in place."""
    original = (folder / path).read_text("utf-8")
    (folder / path).write_text(source, "utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TARGETS[path][1]]
        return subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        (folder / path).write_text(original, "utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="mutants whose name holds this")
    only = parser.parse_args().only
    every = [mutant for path, (which, _) in TARGETS.items() for mutant in mutants(path, which) if only in mutant.name]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        folders = [Path(scratch, str(number)) for number in range(2)]
        for folder in folders:
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", ".hypothesis"))

        def tried(folder: Path, share: list[Mutant]) -> list[str]:
            left = []
            for mutant in share:
                if survives(folder, mutant.path, mutant.source):
                    reason = f"  = {EQUIVALENT[mutant.name]}" if mutant.name in EQUIVALENT else ""
                    print(f"survived, line {mutant.line}: {mutant.name}{reason}", flush=True)
                    left.append(mutant.name)
            return left

        left = [name for names in pool.map(tried, folders, [every[0::2], every[1::2]]) for name in names]
    print(f"{len(every)} mutants, {len(left)} survived, {sum(name in EQUIVALENT for name in left)} of them equivalent")
    sys.exit(1 if set(left) - set(EQUIVALENT) else 0)


if __name__ == "__main__":
    main()
