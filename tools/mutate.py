"""Mutation testing of changed lines: put one small fault at a time into the code and see which the nearest tests miss.

`scripts/bench mutate` takes the lines that a branch changed, or the files it is given. A fault lives in the memory
of one forked process only: no file is written. mutmut and cosmic-ray were looked at: the first runs the whole suite
once to learn which test reaches which function, the second starts Python anew for each fault; on this suite either
takes hours.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, cast

PRELOADED = ("flask", "hypothesis", "marshmallow", "numpy", "orjson", "pytest", "sqlalchemy", "yaml")
"""Third-party packages imported before the fork, so that each fault does not pay for them again."""
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip
LONG = ("browser", "e2e", "real", "reliability")
"""Folders of tests that start programs and browsers: too far from one line."""
HELD_BY = {"engine": ("contract",), "search": ("contract", "api"), "answers": ("api",), "http": ("api",)}
"""Suites that promise what a room does, beside its own tests."""
SECONDS_A_FAULT = 300
"""A run that takes longer noticed it: most often a loop without an end."""
TOO_LONG = "no end"
SECONDS_AS_IT_STANDS = 600
"""What one file of tests may take without a fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One small change of a file: the node `index` of its tree (in `ast.walk` order), altered in way `variant`."""

    file: Path
    line: int
    index: int
    variant: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before}  →  {self.after}"


def faults(file: Path, lines: set[int] | None = None) -> Iterator[Fault]:
    """Every fault of a file, or of some lines of it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = {id(node) for part in _not_behaviour(tree) for node in ast.walk(part)}
    for index, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 0)
        if id(node) in skipped or (lines is not None and line not in lines):
            continue
        for variant, altered in enumerate(_alterations(node)):
            yield Fault(file, line, index, variant, _brief(node), _brief(altered))


def _not_behaviour(tree: ast.AST) -> Iterator[ast.AST]:
    """Parts whose change no test should notice: annotations, decorators, assertions, messages of errors."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from node.decorator_list
                yield from filter(
                    None, [node.returns, *(arg.annotation for arg in node.args.args + node.args.kwonlyargs)]
                )
            case ast.ClassDef():
                yield from node.decorator_list
            case ast.AnnAssign():
                yield node.annotation
            case ast.Assert() | ast.Raise() | ast.Import() | ast.ImportFrom():
                yield node
            case ast.If() if "TYPE_CHECKING" in ast.unparse(node.test) or "__name__" in ast.unparse(node.test):
                yield node


def _alterations(node: ast.AST) -> Iterator[ast.AST]:
    """The node with one small fault, once for each fault that its kind can have."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield ast.Compare(node.left, [COMPARISONS[type(operator)]()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _texts(node):
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.If() | ast.IfExp():
            for value in (True, False):
                altered = copy.copy(node)
                altered.test = ast.Constant(value)
                yield altered
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()


def _texts(node: ast.BinOp) -> bool:
    return any(isinstance(part, ast.JoinedStr | ast.List | ast.Tuple) or isinstance(getattr(part, "value", None), str)
               for part in (node.left, node.right))  # fmt: skip


def _brief(node: ast.AST) -> str:
    text = f"if {ast.unparse(node.test)}:" if isinstance(node, ast.If) else ast.unparse(node)
    return " ".join(text.split())[:100]


class _Altering(ast.NodeTransformer):
    def __init__(self, target: ast.AST, altered: ast.AST) -> None:
        self.target, self.altered = target, altered

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.target:
            return ast.copy_location(self.altered, node)
        return self.generic_visit(node)


def compiled(fault: Fault) -> CodeType:
    """The code of the file with the fault in it."""
    tree: ast.AST = ast.parse(fault.file.read_text(encoding="utf-8"))
    node = next(node for index, node in enumerate(ast.walk(tree)) if index == fault.index)
    altered = list(_alterations(node))[fault.variant]
    faulty = cast(ast.Module, _Altering(node, altered).visit(tree))
    ast.fix_missing_locations(faulty)
    return compile(faulty, str(fault.file), "exec")


def module_name(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def nearest(file: Path, tests: Path) -> list[Path]:
    """Test files that should notice a fault of `file`, nearest first: of its name, that import it, of its package and
    those above it, and the suites that hold its room."""
    name, packages = module_name(file), file.parts[1:-1][::-1]
    package = name.rpartition(".")[0]
    pattern = rf"\b(from {name} import|import {name}\b|from {package} import [^\n]*\b{file.stem}\b)"
    imports = re.compile(pattern)
    every = [test for test in sorted(tests.rglob("test_*.py")) if test.relative_to(tests).parts[0] not in LONG]
    named = [test for test in every if test.stem == f"test_{file.stem}"]
    importing = [test for test in every if imports.search(test.read_text(encoding="utf-8"))]
    folders = [*packages, *HELD_BY.get(packages[-1] if packages else "", ())]
    around = [test for folder in folders for test in every if folder in test.relative_to(tests).parts[:-1]]
    return list(dict.fromkeys([*named, *importing, *around]))


class Plugin:
    """Of pytest: keeps the file of the first test that failed, or could not be collected."""

    failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed = self.failed or (report.nodeid.partition("::")[0] if report.failed else "")

    pytest_collectreport = pytest_runtest_logreport


def failing(file: Path, fault: Fault | None, tests: Sequence[Path], seconds: float = SECONDS_A_FAULT) -> str:
    """The first test file that fails in a forked process which has the fault (None: as the code stands); "" = none.

    `TOO_LONG` where they don't end, or the process dies.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        _run_and_leave(file, fault, tests, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        ended = select.select([told], [], [], seconds)[0]
        said = told.read() if ended else ""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return said.strip() if said else TOO_LONG


def _run_and_leave(file: Path, fault: Fault | None, tests: Sequence[Path], told: int) -> None:
    import pytest

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.dont_write_bytecode = True  # what a faulty module derives is kept for nobody
    if fault is not None:
        _install(fault)
    plugin = Plugin()
    try:
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow and not browser"]
        if "elasticsearch" not in file.parts:
            words += ["-k", "not elasticsearch"]  # a server a fault, for what the embedded engine shows too
        pytest.main([*words, *map(str, tests)], plugins=[plugin])
    except BaseException:
        plugin.failed = plugin.failed or TOO_LONG
    os.write(told, f"{plugin.failed}\n".encode())
    os._exit(0)


class Judge:
    """Whether tests notice faults. A test file counts only if it passes as the code stands, asked once, when needed."""

    def __init__(self) -> None:
        self.passing: dict[str, bool] = {}

    def notices(self, fault: Fault, tests: Sequence[Path]) -> bool:
        held = [test for test in tests if self.passing.get(str(test), True)]
        while held:
            found = failing(fault.file, fault, held)
            if found in ("", TOO_LONG):
                return bool(found)
            if found not in self.passing:
                self.passing[found] = not failing(fault.file, None, [Path(found)], SECONDS_AS_IT_STANDS)
            if self.passing[found]:
                return True
            print(f"{found} fails as the code stands: left out", flush=True)
            held = [test for test in held if str(test) != found]
        return False


def _install(fault: Fault) -> None:
    """Have the import system give the faulty code for its file, whatever compiled file lies beside it."""
    usual, path = SourceFileLoader.get_code, str(fault.file.resolve())

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return compiled(fault) if self.path == path else usual(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def changed_lines(since: str, roots: Sequence[str]) -> dict[Path, set[int]]:
    """Lines of Python that differ from the commit where this branch left `since`."""
    diff = subprocess.run(
        ["git", "diff", "-U0", "--merge-base", since, "--", *roots], check=True, capture_output=True, text=True
    ).stdout
    changed: dict[Path, set[int]] = {}
    file = None
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file = Path(line[6:]) if line.endswith(".py") else None
        elif file is not None and (hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            changed.setdefault(file, set()).update(range(first, first + count))
    return changed


def _files(paths: Iterable[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench mutate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="*", help="files or folders; none: the lines changed since --since")
    parser.add_argument("--since", default="origin/main", help="the branch or commit that changes are counted from")
    parser.add_argument("--sites", type=int, default=0, help="so many faults drawn by chance (0: all)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument(
        "--seconds", type=float, default=0, help="stop after so long, saying how many were tried (0: never)"
    )
    parser.add_argument("--most", type=float, default=100, help="exit with 1 where a larger share, in %%, survives")
    options = parser.parse_args()
    sys.path.insert(0, os.getcwd())
    if options.paths:
        drawn = [fault for file in _files(options.paths) for fault in faults(file)]
    else:
        changed = changed_lines(options.since, ("discovery", "indexer"))
        drawn = [fault for file, lines in changed.items() if file.exists() for fault in faults(file, lines)]
    random.Random(options.seed).shuffle(drawn)
    drawn = drawn[: options.sites or None]
    for package in PRELOADED:
        importlib.import_module(package)
    return 1 if _tried(drawn, options.seconds) * 100 > options.most else 0


def _tried(drawn: Sequence[Fault], seconds: float) -> float:
    """Try each fault; print those that survive; their share."""
    began, survivors, tried, judge = time.monotonic(), 0, 0, Judge()
    nearby = cache(lambda file: nearest(file, Path("tests")))
    for number, fault in enumerate(drawn, 1):
        if seconds and time.monotonic() - began > seconds:
            break
        tried += 1
        if not judge.notices(fault, nearby(fault.file)):
            survivors += 1
            print(f"survives: {fault}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(drawn)}", end="", file=sys.stderr, flush=True)
    share = survivors / tried if tried else 0.0
    print(
        f"{tried} of {len(drawn)} faults tried in {time.monotonic() - began:.0f} s: {survivors} survive ({share:.1%})"
    )
    return share


if __name__ == "__main__":
    sys.exit(main())
