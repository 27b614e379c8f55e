"""Mutation testing of changed lines: put one small fault at a time into the code and see which the nearest tests miss.

`scripts/bench mutate` takes the lines that a branch changed, or the files it is given. A fault lives in the memory
of one forked process only: no file is written. mutmut and cosmic-ray were looked at: the first runs the whole suite
once to learn which test reaches which function, the second starts Python anew for each fault; on this suite either
takes hours. `--record` runs the tests once under coverage.py and keeps which of them passes which line: then only these
are asked about a fault, one case of each test first. Without that record the nearest are.
"""

from __future__ import annotations

import argparse
import ast
import copy
import ctypes
import difflib
import gc
import importlib
import inspect
import os
import random
import re
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import SourceFileLoader
from itertools import zip_longest
from math import inf
from operator import itemgetter
from pathlib import Path
from types import CodeType, FunctionType
from typing import cast

import pytest

PRELOADED = ("flask", "hypothesis", "marshmallow", "numpy", "orjson", "pytest", "sqlalchemy", "yaml")
"""Third-party packages imported before the fork, so that each fault does not pay for them again."""
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip
PROGRAMS = ("discovery", "indexer")
LONG = ("browser", "e2e", "real", "reliability")
"""Folders of tests that start programs and browsers: too far from one line."""
HELD_BY = {
    "answers": ("api",), "engine": ("contract",), "http": ("api", "pages"), "search": ("contract", "api"),
    "indices": ("lifecycle", "indexer"), "sync": ("lifecycle", "indexer"),
}  # fmt: skip
"""Suites that promise what a room does, beside its own tests."""
REACH = Path(".reach")
"""The record: coverage.py's file of lines by test, with the tests' times and the sources as they stood."""
WORDS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow and not browser")
"""For pytest."""
SECONDS_A_TEST = 180
"""A test that takes longer noticed the fault: most often a loop without an end."""
NEAREST = 4
"""Files of tests that are asked first: most faults are noticed there."""
CANNOT_START = "no test can start"
PR_SET_PDEATHSIG = 1
"""Of Linux: a process gets this signal when its parent is gone."""


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
    """Parts whose change no test should notice: annotations, decorators, assertions (`strict` among them), messages of
    errors."""
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
            case ast.Assert() | ast.Raise() | ast.Import() | ast.ImportFrom() | ast.keyword(arg="strict"):
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
        case ast.Return(value=ast.Constant(value=None | False)):  # who asks whether it is so is told the same
            pass
        case ast.Return(value=ast.expr()):
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


def compiled(file: Path, fault: Fault | None = None) -> CodeType:
    """The code of a file, with a fault in it."""
    tree: ast.AST = ast.parse(file.read_text(encoding="utf-8"))
    if fault is not None:
        node = next(node for index, node in enumerate(ast.walk(tree)) if index == fault.index)
        tree = _Altering(node, list(_alterations(node))[fault.variant]).visit(tree)
        ast.fix_missing_locations(tree)
    return compile(cast(ast.Module, tree), str(file.resolve()), "exec")


def module_name(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


@cache
def nearest(file: Path, tests: Path = Path("tests")) -> list[str]:
    """Test files that should notice a fault of `file`, nearest first: of its name, that import it, of its package and
    those above it, and the suites that hold its room."""
    name, packages = module_name(file), file.parts[1:-1][::-1]
    package = name.rpartition(".")[0]
    pattern = rf"\b(from {name} import|import {name}\b|from {package} import [^\n]*\b{file.stem}\b)"
    imports = re.compile(pattern)
    every = [test for test in sorted(tests.rglob("test_*.py")) if test.relative_to(tests).parts[0] not in LONG]
    every.sort(key=lambda test: test.relative_to(tests).parts[0] != "unit")
    named = [test for test in every if test.stem == f"test_{file.stem}"]
    importing = [test for test in every if imports.search(test.read_text(encoding="utf-8"))]
    room = file.parts[1] if packages else file.stem
    around = [
        test
        for folder in (*packages, *HELD_BY.get(room, ()))
        for test in every
        if folder in test.relative_to(tests).parts[:-1]
    ]
    return list(dict.fromkeys(map(str, [*named, *importing, *around])))


class Recorder:
    """Of pytest: tells coverage.py which test runs, or which fixture that several share; keeps each test's time."""

    def __init__(self, switch: Callable[[str], object]) -> None:
        self.switch = switch
        self.tracer = sys.gettrace()
        self.under: list[str] = []
        self.seconds: dict[str, float] = {}
        self.shared: list[tuple[str, str]] = []

    def _within(self, context: str) -> Generator[None, object, object]:
        self.under.append(context)
        self.switch(context)
        outcome = yield
        self.under.pop()
        self.switch(self.under[-1] if self.under else "")
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        fixtures = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]
        self.shared += [(item.nodeid, _shared(own[-1])) for own in fixtures if own[-1].scope != "function"]
        if sys.gettrace() is not self.tracer:  # a test traced by itself
            sys.settrace(self.tracer)
        began = time.process_time()
        outcome = yield from self._within(item.nodeid)
        self.seconds[item.nodeid] = time.process_time() - began
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        return (yield from self._within(_shared(fixturedef)))


def _shared(fixture: pytest.FixtureDef[object]) -> str:
    return f"{fixture.baseid} {fixture.argname}"


def record(words: Sequence[str]) -> None:
    """Run tests once, and keep which lines each passes. coverage.py is not of the lock: `pip install coverage`."""
    REACH.unlink(missing_ok=True)
    coverage = importlib.import_module("coverage").Coverage(
        data_file=str(REACH), source=[*PROGRAMS], config_file=False, messages=False
    )
    coverage.start()
    recorder = Recorder(coverage.switch_context)
    pytest.main([*WORDS, *(f"--ignore=tests/{folder}" for folder in LONG), *words], plugins=[recorder])
    coverage.stop()
    coverage.save()
    with closing(sqlite3.connect(REACH)) as database, database:
        database.execute("create table test (name text primary key, seconds real)")
        database.execute("create table shared (test text, fixture text)")
        database.execute("create table source (path text primary key, text text)")
        database.executemany("insert into test values (?, ?)", recorder.seconds.items())
        database.executemany("insert into shared values (?, ?)", recorder.shared)
        files = [file for program in PROGRAMS for file in Path(program).rglob("*.py")]
        database.executemany(
            "insert into source values (?, ?)", [(str(f), f.read_text(encoding="utf-8")) for f in files]
        )


class Reach:
    """The record: which tests pass a line."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(f"file:{REACH}?mode=ro", uri=True)
        self._times: dict[str, float] = dict(self._database.execute("select name, seconds from test"))
        self._users: dict[str, list[str]] = {}
        for test, fixture in self._database.execute("select test, fixture from shared"):
            self._users.setdefault(fixture, []).append(test)

    @cache  # noqa: B019  (one a process)
    def _lines(self, file: Path) -> tuple[list[int], list[tuple[bytes, list[str]]]]:
        """The number that each line had then, that of the line above where it is new; and a bit a line of each test."""
        [text] = self._database.execute("select text from source where path = ?", [str(file)]).fetchone() or [""]
        now = file.read_text(encoding="utf-8").splitlines()
        numbers: list[int] = [0] * (len(now) + 1)
        for then, here, size in difflib.SequenceMatcher(None, text.splitlines(), now, False).get_matching_blocks():
            numbers[here + 1 : here + size + 1] = range(then + 1, then + size + 1)
        passed = self._database.execute(
            "select numbits, context from line_bits join context on context.id = context_id"
            " join file on file.id = file_id where path = ? and context <> ''",
            [str(file.resolve())],
        )
        for number in range(1, len(numbers)):
            numbers[number] = numbers[number] or numbers[number - 1]
        return numbers, [(bits, self._users.get(context, [context])) for bits, context in passed]

    def knows(self, test: str) -> bool:
        """Whether a test was there when the record was made."""
        return test in self._times

    def passing(self, file: Path, line: int) -> list[str]:
        """The tests that pass a line, by module, the nearest first: of each test its quickest case, then all others;
        then the same of modules that are not near."""
        numbers, passed = self._lines(file)
        place, bit = divmod(numbers[line], 8)
        tests = {test for bits, own in passed if place < len(bits) and bits[place] >> bit & 1 for test in own}
        near = {module: rank for rank, module in enumerate(nearest(file))}
        ranks: dict[str, tuple[bool, bool, int, int]] = {}
        modules, names = dict[str, int](), set[str]()
        for test in sorted(tests, key=lambda test: self._times.get(test, inf)):
            module, name = _module(test), test.partition("[")[0]
            far, quick = near.get(module, len(near)), modules.setdefault(module, len(modules))
            ranks[test] = far >= NEAREST, name in names, far, quick
            names.add(name)
        return sorted(ranks, key=ranks.__getitem__)


@cache
def reach() -> Reach | None:
    return Reach() if REACH.exists() else None


def asked(fault: Fault) -> list[str]:
    """What is asked about a fault, first things first: the tests that pass its line, or the nearest modules where
    there is no record, or nothing passes the line once all is loaded. Tests newer than the record come before."""
    known = reach()
    return (known.passing(fault.file, fault.line) if known else []) or nearest(fault.file)


def _module(test: str) -> str:
    return test.partition("::")[0]


@dataclass(slots=True)
class Run:
    """What came of some tests in a process of their own."""

    passed: int = 0
    began: str = ""
    """The last test that began."""
    failed: str = ""
    """The first test that failed, or file that could not be collected."""
    ended: bool = False

    @property
    def noticed(self) -> str:
        """Where the run stopped: the test that failed, or did not end, or with which the process died."""
        return self.failed if self.ended or self.failed else self.began or CANNOT_START

    @property
    def good(self) -> bool:
        return self.ended and not self.failed and self.passed > 0


class Listener:
    """Of pytest: says each test that begins, passes or fails; does something else with what was collected."""

    def __init__(self, say: Callable[[str], None], ask: Callable[[pytest.Session], None]) -> None:
        self.say, self.ask, self.failed = say, ask, False

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.say(f"began {nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        self.failed = self.failed or report.failed
        if report.failed or (report.passed and getattr(report, "when", "") == "call"):
            self.say(f"{report.outcome} {report.nodeid}")

    pytest_collectreport = pytest_runtest_logreport

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.ask(session)
        return True

    def run(self, items: Sequence[pytest.Item], seconds: float) -> None:
        """Run tests until one fails, or they have taken so many seconds of the processor."""
        self.failed, ends = False, time.process_time() + seconds
        for item, following in zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed or time.process_time() > ends:
                break
        self.say("ended")


def forked(work: Callable[[Callable[[str], None]], None], seconds: float | None = None) -> Iterator[str]:
    """Do some work in a forked process: each line that it says, until it ends, or is silent for so many seconds.

    All that it has started ends with it, and its temporary files go.
    """
    reading, writing = os.pipe()

    def say(line: str) -> None:
        os.write(writing, f"{line}\n".encode())

    with tempfile.TemporaryDirectory(prefix="mutate-", ignore_cleanup_errors=True) as folder, open(reading, "rb"):
        os.chmod(folder, 0o755)  # PostgreSQL runs as another user
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                os.setsid()
                if sys.platform == "linux":
                    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1)
                os.dup2(quiet, 2)
                os.environ["TMPDIR"] = tempfile.tempdir = folder
                sys.dont_write_bytecode = True  # what a faulty module derives is kept for nobody
                work(say)
            os._exit(0)
        os.close(writing)
        rest = b""
        try:
            while select.select([reading], [], [], seconds)[0] and (some := os.read(reading, 1 << 16)):
                *lines, rest = (rest + some).split(b"\n")
                yield from map(bytes.decode, lines)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)


def run(work: Callable[[Callable[[str], None]], None]) -> Run:
    """What came of the tests that a forked process runs."""
    outcome = Run()
    for line in forked(work, SECONDS_A_TEST):
        word, _, test = line.partition(" ")
        match word:
            case "began":
                outcome.began = test
            case "passed":
                outcome.passed += 1
            case "failed":
                outcome.failed = outcome.failed or test
            case "ended":
                outcome.ended = True
                break  # something it started may live on, and hold the pipe open
    return outcome


def run_items(items: Sequence[pytest.Item], seconds: float, codes: Codes = ()) -> Run:
    """Run collected tests until one fails, with functions given other code."""

    def work(say: Callable[[str], None]) -> None:
        plugins = items[0].config.pluginmanager.get_plugins()
        listener = next(plugin for plugin in plugins if isinstance(plugin, Listener))
        listener.say = say
        for function, code in codes:
            function.__code__ = code
        listener.run(items, seconds)

    return run(work)


def run_files(words: Sequence[str], seconds: float, fault: Fault | None = None) -> Run:
    """Collect test files anew, with a fault, and run them until one test fails."""

    def work(say: Callable[[str], None]) -> None:
        if fault is not None:
            _install(fault)
        listener = Listener(say, lambda session: listener.run(session.items, seconds))
        pytest.main([*WORDS, "-x", *words], plugins=[listener])

    return run(work)


Place = tuple[str, str, int]
"""Where a function stands: file, name, line."""
Codes = Sequence[tuple[FunctionType, CodeType]]


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _parts(code: CodeType) -> Iterator[CodeType]:
    """The code of each function in some code, inner ones too."""
    for part in code.co_consts:
        if isinstance(part, CodeType):
            if part.co_flags & inspect.CO_OPTIMIZED:
                yield part
            yield from _parts(part)


class Functions:  # sys.settrace: only calls are heard, which is cheaper than a profile
    """The functions of this process, and which of their code has run: what that made stands, whatever comes after."""

    def __init__(self) -> None:
        self._ran: dict[int, CodeType] = {}
        sys.settrace(lambda frame, *_: self._ran.setdefault(id(frame.f_code), frame.f_code) and None)

    def settle(self) -> None:
        """All that is to be loaded is, and what was to run has run."""
        sys.settrace(None)
        self.ran = {_place(code) for code in self._ran.values()}
        self.every: dict[Place, list[FunctionType]] = {}
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                self.every.setdefault(_place(function.__code__), []).append(function)
        gc.freeze()

    def altered(self, fault: Fault) -> Codes | None:
        """The functions that a fault alters, each with its new code; None where they cannot be given it."""
        usual = {_place(code): code for code in _parts(compiled(fault.file))}
        faulty = list(_parts(compiled(fault.file, fault)))
        changed = [code for code in faulty if code != usual.get(_place(code))]
        places = {_place(code) for code in changed}
        if not changed or places & self.ran or len(places) < len(changed) or _place(changed[0]) not in self.every:
            return None
        codes = [(function, code) for code in changed for function in self.every.get(_place(code), ())]
        same = all(function.__code__.co_freevars == code.co_freevars for function, code in codes)
        return codes if same else None


def _install(fault: Fault) -> None:
    """Have the import system give the faulty code for its file, whatever compiled file lies beside it."""
    usual, path = SourceFileLoader.get_code, str(fault.file.resolve())

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return compiled(fault.file, fault) if self.path == path else usual(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


class Judge:
    """Which test notices a fault. It counts only where it passes as the code stands: asked once, when needed."""

    def __init__(self, tell: Callable[[str], None], seconds: float) -> None:
        """`seconds` of the processor: what the nearest tests may take for one fault."""
        self.tell, self.seconds = tell, seconds
        self.stands: dict[str, bool] = {}

    def in_place(self, fault: Fault, session: pytest.Session, functions: Functions) -> str | None:
        """The collected test that notices a fault, or ""; None where its tests have to be collected with it."""
        codes = functions.altered(fault)
        if codes is None:
            return None
        ranks = {test: number for number, test in enumerate(asked(fault))}
        known = reach()
        new = set(nearest(fault.file)) if known else ()

        def rank(test: str) -> int | None:
            if known and not known.knows(test) and _module(test) in new:
                return -1
            return ranks.get(test, ranks.get(_module(test)))

        ranked = [(rank(item.nodeid), item) for item in session.items]
        near = [(rank, item) for rank, item in ranked if rank is not None and _may_ask(fault, item.nodeid)]
        items = [item for _, item in sorted(near, key=itemgetter(0))]
        while items:
            noticed = run_items(items, self.seconds, codes).noticed
            if noticed == CANNOT_START:
                return None
            stopped = next((item for item in items if item.nodeid == noticed), None)
            if stopped is None or self._stands(noticed, partial(run_items, [stopped], self.seconds)):
                return noticed
            items.remove(stopped)
        return ""

    def anew(self, fault: Fault, broken: Container[str]) -> str:
        """The test or file that notices a fault which is there before anything is loaded, or ""."""
        tests = [test for test in nearest(fault.file) if test not in broken]
        return self._anew(fault, tests[:NEAREST]) or self._anew(fault, tests[NEAREST:])

    def _anew(self, fault: Fault, tests: list[str]) -> str:
        options = [] if _may_ask(fault, "elasticsearch") else ["-k", "not elasticsearch"]
        while tests:
            noticed = run_files([*options, *tests], self.seconds, fault).noticed
            test = tests[0] if noticed == CANNOT_START else noticed.partition("[")[0]
            if not noticed or self._stands(test, partial(run_files, [*options, test], self.seconds)):
                return noticed
            options.append(f"--deselect={test}")
            tests = [other for other in tests if other != test]
        return ""

    def _stands(self, test: str, run: Callable[[], Run]) -> bool:
        if test not in self.stands:
            self.stands[test] = run().good
            if not self.stands[test]:
                self.tell(f"left out, does not pass as the code stands: {test}")
        return self.stands[test]


def _may_ask(fault: Fault, test: str) -> bool:
    """Elasticsearch is a server a fault, for what the embedded engine shows too: its own files alone ask it."""
    return "elasticsearch" not in test or "elasticsearch" in fault.file.parts


def tried(drawn: Sequence[Fault], seconds: float, each: float) -> Iterator[tuple[Fault, str]]:
    """Each fault with what noticed it, or ""; those whose tests are collected anew come last. It ends after so many
    seconds; `each`: of the processor, for the tests of one fault."""
    ends = time.monotonic() + seconds
    modules = dict.fromkeys(_module(test) for fault in drawn for test in (*nearest(fault.file), *asked(fault)))
    tests = [module for module in modules if Path(module).exists()]  # the record may know some that are gone

    def collect(say: Callable[[str], None]) -> None:
        functions, judge = Functions(), Judge(lambda text: say(f"told {text}"), each)

        def ask(session: pytest.Session) -> None:
            functions.settle()
            say(f"collected {len(session.items)}")
            for number, fault in enumerate(drawn):
                if time.monotonic() < ends:
                    noticed = judge.in_place(fault, session, functions)
                    say(f"anew {number}" if noticed is None else f"noticed {number} {noticed}")

        pytest.main([*WORDS, *tests], plugins=[Listener(say, ask)])

    collected, broken, left = 0, set[str](), list[Fault]()
    for line in forked(collect):
        match line.split(" ", 2):
            case ["collected", count]:
                collected = int(count)
            case ["failed", file]:
                broken.add(file)
                print(f"left out, cannot be collected as the code stands: {file}", flush=True)
            case ["told", *_]:
                print(line.removeprefix("told "), flush=True)
            case ["anew", number]:
                left.append(drawn[int(number)])
            case ["noticed", number, test]:
                yield drawn[int(number)], test
    if not collected:
        raise SystemExit(f"No test near {'these lines' if drawn else 'any line'} can be collected: nothing was tried.")
    judge = Judge(lambda text: print(text, flush=True), each)
    for fault in left:
        if time.monotonic() < ends:
            yield fault, judge.anew(fault, broken)


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


def _drawn(paths: Iterable[str]) -> Iterator[Fault]:
    """The faults of files, folders, and lines (`file.py:12`)."""
    for path in paths:
        name, _, line = path.partition(":")
        for file in sorted(Path(name).rglob("*.py")) if Path(name).is_dir() else [Path(name)]:
            yield from faults(file, {int(line)} if line else None)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/bench mutate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="*", help="files, folders or FILE:LINE; none: the lines changed since --since")
    parser.add_argument("--since", default="origin/main", help="the branch or commit that changes are counted from")
    parser.add_argument("--sites", type=int, default=0, help="so many faults drawn by chance (0: all)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--seconds", type=float, default=inf, help="stop after so long, saying how many were tried")
    parser.add_argument("--each", type=float, default=inf, help="seconds of processor for the tests of a fault")
    parser.add_argument("--record", action="store_true", help="keep which tests pass which line (PATHS: of tests)")
    options = parser.parse_args()
    if options.record:
        record(options.paths)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its temporary files go
    sys.path.insert(0, os.getcwd())
    if options.paths:
        drawn = list(_drawn(options.paths))
    else:
        changed = changed_lines(options.since, ("discovery", "indexer"))
        drawn = [fault for file, lines in changed.items() if file.exists() for fault in faults(file, lines)]
    random.Random(options.seed).shuffle(drawn)
    drawn = drawn[: options.sites or None]
    for package in PRELOADED:
        importlib.import_module(package)
    began, number, survivors = time.monotonic(), 0, 0
    for fault, noticed in tried(drawn, options.seconds, options.each) if drawn else ():
        number, survivors = number + 1, survivors + (not noticed)
        print(f"noticed: {fault}  by {noticed}" if noticed else f"survives: {fault}", flush=True)
    share = survivors / number if number else 0.0
    print(
        f"{number} of {len(drawn)} faults tried in {time.monotonic() - began:.0f} s: {survivors} survive ({share:.1%})"
    )


if __name__ == "__main__":
    main()
