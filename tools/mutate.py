"""Mutation testing of changed lines: put one small fault at a time into the code and see which the
tests miss.

`scripts/bench mutate` takes the lines that a branch changed, or the files it is given. A fault
lives in the memory of one forked process only: no file is written. mutmut and cosmic-ray were
looked at: the first runs the whole suite once to learn which test reaches which function, the
second starts Python anew for each fault; on this suite either takes hours.

The near tests are collected once. Module by module, what they share is made ready in one process; a
fork of it tells which test passes the lines of which fault, and another a fault asks those tests,
quickest first, one case of each first. What a shared fixture went through is asked last, of
processes that make it anew. What the near tests missed, all others are asked in the same way: which
tests pass its lines is learnt, not guessed.
"""

from __future__ import annotations

import argparse
import ast
import copy
import ctypes
import gc
import inspect
import os
import random
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cache, partial
from importlib.machinery import SourceFileLoader
from itertools import groupby, zip_longest
from math import inf
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import cast

import pytest
from _pytest.runner import call_and_report

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
WORDS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow and not browser")
"""For pytest."""
SECONDS_A_TEST = 120
"""A test that takes longer noticed the fault: most often a loop without an end."""
AT_ONCE = 20
"""Faults that are settled before others are begun: a run that is stopped has a share to tell, of
whole such parts.
"""
SILENT = 600
"""Seconds without a word after which a process of tests hangs: its faults are not settled."""
NEAREST = 4
"""Files of tests that are asked first: most faults are noticed there."""
CANNOT_START = "no test can start"
PR_SET_PDEATHSIG = 1
"""Of Linux: a process gets this signal when its parent is gone."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One small change of a file: the node `index` of its tree (in `ast.walk` order), altered in
    way `variant`.
    """

    file: Path
    line: int
    index: int
    variant: int
    before: str
    after: str
    lines: range
    """Of its statement, or of the head of one that has a body."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before}  →  {self.after}"


def faults(file: Path, lines: set[int] | None = None) -> Iterator[Fault]:
    """Every fault of a file, or of some lines of it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = {id(node) for part in _not_behaviour(tree) for node in ast.walk(part)}
    statements = _statements(tree)
    for index, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 0)
        if id(node) in skipped or (lines is not None and line not in lines):
            continue
        for variant, altered in enumerate(_alterations(node)):
            within = statements.get(line, range(line, line + 1))
            yield Fault(file, line, index, variant, _brief(node), _brief(altered), within)


def _statements(tree: ast.AST) -> dict[int, range]:
    """The lines of the innermost statement that each line belongs to; of one with a body, those of
    its head.
    """
    statements: dict[int, range] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            statements |= dict.fromkeys(lines := range(node.lineno, last + 1), lines)
    return statements


def _not_behaviour(tree: ast.AST) -> Iterator[ast.AST]:
    """Parts whose change no test should notice: annotations, decorators, assertions (`strict` among
    them), what `repr` shows, messages of errors.
    """
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from node.decorator_list
                yield from filter(
                    None,
                    [
                        node.returns,
                        *(arg.annotation for arg in node.args.args + node.args.kwonlyargs),
                    ],
                )
            case ast.ClassDef():
                yield from node.decorator_list
            case ast.AnnAssign():
                yield node.annotation
            case (
                ast.Assert()
                | ast.Raise()
                | ast.Import()
                | ast.ImportFrom()
                | ast.keyword(arg="strict" | "repr")
            ):
                yield node
            case ast.If() if "TYPE_CHECKING" in ast.unparse(node.test) or "__name__" in ast.unparse(
                node.test
            ):
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
        case ast.Return(
            value=ast.Constant(value=None | False)
        ):  # who asks whether it is so is told the same
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


@cache
def nearest(file: Path, tests: Path = Path("tests")) -> list[str]:
    """Test files that should notice a fault of `file`, nearest first: of its name, that import it,
    of its package and those above it.
    """
    name, packages = (
        ".".join(file.with_suffix("").parts).removesuffix(".__init__"),
        file.parts[1:-1][::-1],
    )
    by_package = rf"from {name.rpartition('.')[0]} import [^\n]*\b{file.stem}\b"
    imports = re.compile(rf"\b(from {name} import|import {name}\b|{by_package})")
    every = sorted(
        map(Path, short(tests)), key=lambda test: test.relative_to(tests).parts[0] != "unit"
    )
    named = [test for test in every if test.stem == f"test_{file.stem}"]
    importing = [test for test in every if imports.search(test.read_text(encoding="utf-8"))]
    around = [
        test
        for folder in packages
        for test in every
        if folder in test.relative_to(tests).parts[:-1]
    ]
    return list(dict.fromkeys(map(str, [*named, *importing, *around])))


def short(tests: Path = Path("tests")) -> list[str]:
    """The test files of the short run: suites of the whole first, then rooms."""
    return [
        str(test)
        for test in sorted(tests.rglob("test_*.py"))
        if test.relative_to(tests).parts[0] not in LONG
    ]


@cache
def farther(file: Path) -> list[str]:
    """Every other test file: of what the nearest miss, those are asked that pass its lines."""
    return [test for test in short() if test not in nearest(file)]


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
        """Where the run stopped: the test that failed, or did not end, or with which the process
        died.
        """
        return self.failed if self.ended or self.failed else self.began or CANNOT_START

    @property
    def good(self) -> bool:
        return self.ended and not self.failed and self.passed > 0


class Listener:
    """Of pytest: says each test that passes or fails; does something else with what was collected."""

    def __init__(self, say: Callable[[str], None], ask: Callable[[pytest.Session], None]) -> None:
        self.say, self.ask, self.failed = say, ask, False
        self.sharing: Callable[[str, bool], object] = lambda *_: None
        """Told when a fixture that tests share begins to be made, and when it is."""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.say(f"began {nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        self.failed = self.failed or report.failed
        if report.failed or (report.passed and getattr(report, "when", "") == "call"):
            self.say(f"{report.outcome} {report.nodeid}")

    pytest_collectreport = pytest_runtest_logreport

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        self.sharing(_named(fixturedef), True)
        outcome = yield
        self.sharing(_named(fixturedef), False)
        return outcome

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.ask(session)
        return True

    def run(self, items: Sequence[pytest.Item], seconds: float) -> None:
        """Run tests until one fails, or they have taken so many seconds of the processor."""
        self.failed, ends = False, time.process_time() + seconds
        for _ in protocol(items):
            if self.failed or time.process_time() > ends:
                break
        self.say("ended")


def protocol(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Run tests, saying each when it has run. What the last shares with others stays, since they
    may be other processes' too.
    """
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following or item.parent)
        yield item


def _named(fixture: pytest.FixtureDef[object]) -> str:
    return f"{fixture.baseid} {fixture.argname}"


def _shared(item: pytest.Item) -> set[str]:
    """The fixtures of a test that others may share."""
    known = cast(pytest.Function, item)._fixtureinfo.name2fixturedefs.values()
    return {_named(own[-1]) for own in known if own[-1].scope != "function"}


def forked(work: Callable[[Callable[[str], None]], None], seconds: float) -> Iterator[str]:
    """Do some work in a forked process: each line that it says, until it ends, or is silent for so
    many seconds.

    All that it has started ends with it, and its temporary files go.
    """
    reading, writing = os.pipe()

    def say(line: str) -> None:
        os.write(writing, f"{line}\n".encode())

    with (
        tempfile.TemporaryDirectory(prefix="mutate-", ignore_cleanup_errors=True) as folder,
        open(reading, "rb"),
    ):
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
            while select.select([reading], [], [], seconds)[0] and (
                some := os.read(reading, 1 << 16)
            ):
                *lines, rest = (rest + some).split(b"\n")
                yield from map(bytes.decode, lines)
        finally:
            os.kill(child, signal.SIGKILL)  # it may not lead its group yet
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
        listener = listener_of(items[0].config)
        listener.say = say
        forget()
        install(codes)
        listener.run(items, seconds)

    return run(work)


def listener_of(config: pytest.Config) -> Listener:
    return next(
        plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, Listener)
    )


def run_files(words: Sequence[str], seconds: float, fault: Fault | None = None) -> Run:
    """Collect test files anew, with a fault, and run them until one test fails."""

    def work(say: Callable[[str], None]) -> None:
        if fault is not None:
            _install(fault)
        listener = Listener(say, lambda session: listener.run(session.items, seconds))
        pytest.main([*WORDS, "-x", *words], plugins=[listener])

    return run(work)


CACHES: list[_lru_cache_wrapper[object]] = []
"""What functions of the programs that faults are put into remember, once all is loaded."""


def forget() -> None:
    """Have these functions run again: what they remember was made without the fault."""
    for one in CACHES:
        one.cache_clear()


Place = tuple[str, str, int]
"""Where a function stands: file, name, line."""
Codes = Sequence[tuple[FunctionType | None, CodeType]]
"""The code to give to functions; to inner ones, wherever they were made."""


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
    """The functions of this process, and which of their code has run: what that made stands,
    whatever comes after.
    """

    def __init__(self) -> None:
        self._ran: dict[int, CodeType] = {}
        sys.settrace(
            lambda frame, *_: self._ran.setdefault(id(frame.f_code), frame.f_code) and None
        )

    def settle(self, programs: Container[str]) -> None:
        """All that is to be loaded is, and what was to run has run."""
        sys.settrace(None)
        self.ran = {_place(code) for code in self._ran.values()}
        self.every: dict[Place, list[FunctionType]] = {}
        gc.unfreeze()  # what is frozen is not told
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                self.every.setdefault(_place(function.__code__), []).append(function)
            elif (
                isinstance(function, _lru_cache_wrapper)
                and function.__module__.partition(".")[0] in programs
            ):
                CACHES.append(function)
        gc.freeze()

    def altered(self, fault: Fault) -> Codes | None:
        """The functions that a fault alters, each with its new code; None where they cannot be
        given it.
        """
        usual = set(_parts(compiled(fault.file)))
        faulty = _parts(compiled(fault.file, fault))
        changed = [code for code in faulty if code not in usual]
        places = {_place(code) for code in changed}
        if not changed or len(places) < len(changed) or _place(changed[0]) not in self.every:
            return None
        codes = [
            (function, code) for code in changed for function in self.every.get(_place(code), ())
        ]
        same = all(function.__code__.co_freevars == code.co_freevars for function, code in codes)
        inner = [(None, code) for code in changed if code.co_flags & inspect.CO_NESTED]
        return [*codes, *inner] if same else None

    def early(self, codes: Codes) -> bool:
        """Whether some of this code has run while tests were collected: what it made then stands."""
        return any(_place(code) in self.ran for _, code in codes)


def install(codes: Codes) -> None:
    """Give functions other code, in this process."""
    inner = {_place(code): code for function, code in codes if function is None}
    made = (
        function
        for function in (gc.get_objects() if inner else ())
        if isinstance(function, FunctionType)
    )
    for function, code in [*codes, *((own, inner.get(_place(own.__code__))) for own in made)]:
        if function and code and function.__code__.co_freevars == code.co_freevars:
            function.__code__ = code


def _install(fault: Fault) -> None:
    """Have the import system give the faulty code for its file, whatever compiled file lies beside
    it.
    """
    usual, path = SourceFileLoader.get_code, str(fault.file.resolve())

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return compiled(fault.file, fault) if self.path == path else usual(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


class Passing:
    """Which faults' statements are passed, by number: a function for `sys.settrace`."""

    def __init__(self, drawn: Mapping[int, Fault]) -> None:
        self.numbers: set[int] = set()
        self._lines: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, fault in drawn.items():
            for line in fault.lines:
                self._lines[str(fault.file.resolve())][line].add(number)
        self._codes: dict[int, tuple[CodeType, bool]] = {}

    def __call__(
        self, frame: FrameType, _event: str, _argument: object
    ) -> Callable[..., object] | None:
        code = frame.f_code
        if id(code) not in self._codes:
            lines = self._lines.get(code.co_filename, {})
            self._codes[id(code)] = code, any(line in lines for *_, line in code.co_lines())
        return self._line if self._codes[id(code)][1] else None

    def _line(self, frame: FrameType, _event: str, _argument: object) -> Callable[..., object]:
        self.numbers |= self._lines[frame.f_code.co_filename].get(frame.f_lineno, set())
        return self._line

    def hear(self) -> None:
        """From now on, in every thread; none is passed yet."""
        self.numbers = set()
        trace = cast(Callable[[FrameType, str, object], None], self)
        sys.settrace(trace)
        threading.settrace(trace)

    def leave(self) -> None:
        sys.settrace(None)
        threading.settrace(None)


class Room:
    """A process of pytest in which what tests share is made once: of it each fault has its fork."""

    def __init__(self, session: pytest.Session, drawn: Mapping[int, Fault]) -> None:
        self.session = session
        self.passing = Passing(drawn)
        self.made: dict[str, set[int]] = defaultdict(set)
        """The faults that are passed where a shared fixture is made, or a module made ready."""
        self._outer: list[set[int]] = []
        listener_of(session.config).sharing = self._sharing

    def _sharing(self, fixture: str, begins: bool) -> None:
        if begins:
            self._outer.append(self.passing.numbers)
            self.passing.numbers = set()
        else:
            self.made[fixture] |= self.passing.numbers
            self.passing.numbers |= self._outer.pop()

    def ready(self, items: Sequence[pytest.Item]) -> None:
        """Make what some tests of a module share, and end what only those before them did."""
        self.session._setupstate.teardown_exact(items[0])
        made: set[str] = set()
        for item in items:
            if new := _shared(item) - made:
                made |= new
                self.session._setupstate.teardown_exact(item)
                self.passing.hear()
                call_and_report(item, "setup", log=False)
                self.passing.leave()
                self.made[_module(item.nodeid)] |= self.passing.numbers
                with suppress(Exception):
                    self.session._setupstate.teardown_exact(cast(pytest.Item, item.parent))
                cast(pytest.Function, item)._initrequest()

    def reach(
        self, items: Sequence[pytest.Item]
    ) -> list[tuple[pytest.Item, float, set[int] | None]]:
        """Each test with its seconds of processor and the faults it passes; None where it fails in
        a fork, as one does whose server is a thread.
        """

        def work(say: Callable[[str], None]) -> None:
            listener = listener_of(self.session.config)
            listener.say = lambda _: None
            forget()
            began = time.process_time()
            self.passing.hear()
            for number, _ in enumerate(protocol(items)):
                self.passing.leave()
                passed = " ".join(map(str, self.passing.numbers))
                say(f"{number} {time.process_time() - began} {listener.failed:d} {passed}")
                listener.failed, began = False, time.process_time()
                self.passing.hear()

        reached: list[tuple[pytest.Item, float, set[int] | None]] = []
        for line in forked(work, SECONDS_A_TEST):
            number, seconds, failed, *passed = line.split()
            numbers = None if int(failed) else set(map(int, passed))
            reached.append((items[int(number)], float(seconds), numbers))
        return reached


class Judge:
    """Which test notices a fault. It counts only where it passes as the code stands: asked once,
    when needed.
    """

    def __init__(
        self, asked: Callable[[Path], list[str]], tell: Callable[[str], None], seconds: float
    ) -> None:
        """`asked`: the test files for a file; `seconds` of the processor: what the tests may take
        for one fault.
        """
        self.asked, self.tell, self.seconds = asked, tell, seconds
        self.stands: dict[str, bool] = {}
        self.spent: dict[Fault, float] = defaultdict(float)

    def noticed(self, fault: Fault, codes: Codes, items: Iterable[pytest.Item]) -> str:
        """The test among some that notices a fault put into a fork of this process, or ""."""
        items = [item for item in items if self.stands.get(item.nodeid, True)]
        while items and self.spent[fault] < self.seconds:
            began = _of_children()
            noticed = run_items(items, self.seconds - self.spent[fault], codes).noticed
            self.spent[fault] += _of_children() - began
            stopped = next((item for item in items if item.nodeid == noticed), None)
            if stopped is None or self._stands(
                noticed, partial(run_items, [stopped], self.seconds)
            ):
                return noticed
            items.remove(stopped)
        return ""

    def anew(self, fault: Fault, broken: Container[str]) -> str:
        """The test or file that notices a fault which is there before anything is loaded, or ""."""
        tests = [test for test in self.asked(fault.file) if test not in broken]
        return self._anew(fault, tests[:NEAREST]) or self._anew(fault, tests[NEAREST:])

    def _anew(self, fault: Fault, tests: list[str]) -> str:
        options = [] if _may_ask(fault, "elasticsearch") else ["-k", "not elasticsearch"]
        while tests:
            noticed = run_files([*options, *tests], self.seconds, fault).noticed
            test = tests[0] if noticed == CANNOT_START else noticed.partition("[")[0]
            if not noticed or self._stands(
                test, partial(run_files, [*options, test], self.seconds)
            ):
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


def _of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _quickest(reached: Iterable[tuple[pytest.Item, float]]) -> list[pytest.Item]:
    """One case of each test first."""
    ranked, names = list[tuple[bool, float, pytest.Item]](), set[str]()
    for item, seconds in sorted(reached, key=lambda pair: pair[1]):
        ranked.append((_name(item.nodeid) in names, seconds, item))
        names.add(_name(item.nodeid))
    return [item for *_, item in sorted(ranked, key=lambda entry: entry[:2])]


def _name(test: str) -> str:
    return test.partition("[")[0]


def _alike(item: pytest.Item) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Equal of tests of a module that share fixtures of the same parameters."""
    case = getattr(item, "callspec", None)
    shared = (
        {argument for argument, scope in case._arg2scope.items() if scope.value != "function"}
        if case
        else set()
    )
    return _module(item.nodeid), tuple(
        (name, case.indices[name]) for name in sorted(shared)
    ) if case else ()


def ask(
    session: pytest.Session, drawn: Mapping[int, tuple[Fault, Codes]], judge: Judge, ends: float
) -> Iterator[tuple[int, str | list[pytest.Item]]]:
    """Each fault with the test that noticed it, "" where none did, or those that may where what
    they share is made anew with it.
    """
    room = Room(session, {number: fault for number, (fault, _) in drawn.items()})
    left, seconds, alone = dict(drawn), dict[pytest.Item, float](), set[pytest.Item]()

    def near(fault: Fault, item: pytest.Item) -> bool:
        return _module(item.nodeid) in judge.asked(fault.file) and _may_ask(fault, item.nodeid)

    for _, group in groupby(session.items, _alike):
        items = [item for item in group if any(near(fault, item) for fault, _ in left.values())]
        if not items or time.monotonic() > ends:
            continue
        room.ready(items)
        reached = room.reach(items)
        judge.tell("")  # it goes on
        seconds |= {item: own for item, own, _ in reached}
        alone |= {item for item, _, passed in reached if passed is None}
        for number, (fault, codes) in list(left.items()):
            passing = [
                (item, own)
                for item, own, passed in reached
                if number in (passed or ()) and near(fault, item)
            ]
            if noticed := judge.noticed(fault, codes, _quickest(passing)):
                yield number, noticed
                del left[number]
    for number, (fault, _) in left.items() if time.monotonic() < ends else ():
        made = {fixture for fixture, passed in room.made.items() if number in passed}
        again = (
            item
            for item in seconds
            if item in alone or made & {_module(item.nodeid), *_shared(item)}
        )
        yield number, _quickest((item, seconds[item]) for item in again if near(fault, item)) or ""


def _may_ask(fault: Fault, test: str) -> bool:
    """Elasticsearch is a server a fault, for what the embedded engine shows too: its own files
    alone ask it.
    """
    return "elasticsearch" not in test or "elasticsearch" in fault.file.parts


def tried(
    drawn: Sequence[Fault],
    asked: Callable[[Path], list[str]],
    at_once: int,
    ends: float,
    each: float,
) -> Iterator[tuple[Fault, str]]:
    """Each fault with what noticed it among the files `asked`, or ""; those whose tests are
    collected anew come last. It `ends` at a time of the monotonic clock; `each`: seconds of the
    processor, for the tests of one fault.
    """
    near = Counter(test for fault in drawn for test in asked(fault.file))
    if not near:
        yield from ((fault, "") for fault in drawn)
        return

    def collect(say: Callable[[str], None]) -> None:
        functions, judge = Functions(), Judge(asked, lambda text: say(f"told {text}"), each)

        def begin(session: pytest.Session) -> None:
            functions.settle({fault.file.parts[0] for fault in drawn})
            say(f"collected {len(session.items)}")
            altered = {
                number: (fault, functions.altered(fault)) for number, fault in enumerate(drawn)
            }
            known = {
                number: (fault, codes)
                for number, (fault, codes) in altered.items()
                if codes is not None
            }
            early = {number for number, (_, codes) in known.items() if functions.early(codes)}
            places = {item: place for place, item in enumerate(session.items)}

            def told(number: int, noticed: str) -> None:
                say(
                    f"noticed {number} {noticed}"
                    if noticed or number not in early
                    else f"anew {number}"
                )

            def warm(some: Mapping[int, tuple[Fault, Codes]], tell: Callable[[str], None]) -> None:
                judge.tell = lambda text: tell(f"told {text}")
                for number, noticed in ask(session, some, judge, ends):
                    tests = (
                        noticed
                        if isinstance(noticed, str)
                        else " ".join(str(places[item]) for item in noticed)
                    )
                    tell(f"{'noticed' if isinstance(noticed, str) else 'cold'} {number} {tests}")

            for first in range(0, len(drawn), at_once):
                some = {
                    number: own
                    for number, own in known.items()
                    if first <= number < first + at_once
                }
                cold = dict[int, list[pytest.Item]]()
                for line in forked(partial(warm, some), SILENT):
                    word, _, rest = line.partition(" ")
                    if word == "cold":
                        number, *of = map(int, rest.split())
                        cold[number] = [session.items[place] for place in of]
                    elif word == "noticed":
                        told(int(rest.split(" ")[0]), rest.partition(" ")[2])
                    else:
                        say(line)
                for number, items in cold.items():
                    if time.monotonic() < ends:
                        told(number, judge.noticed(*known[number], items))
            for number in altered.keys() - known.keys():
                say(f"anew {number}")

        tests = (
            test for test, _ in near.most_common()
        )  # what is near many is there for all that fails
        pytest.main([*WORDS, *tests], plugins=[Listener(say, begin)])

    collected, broken, left = 0, set[str](), list[Fault]()
    for line in forked(collect, SILENT):
        match line.split(" ", 2):
            case ["collected", count]:
                collected = int(count)
            case ["failed", file]:
                broken.add(file)
                print(f"left out, cannot be collected as the code stands: {file}", flush=True)
            case ["told", text, *_] if text:
                print(line.removeprefix("told "), flush=True)
            case ["anew", number]:
                left.append(drawn[int(number)])
            case ["noticed", number, test]:
                yield drawn[int(number)], test
    if not collected and asked is nearest:
        raise SystemExit(
            f"No test near {'these lines' if drawn else 'any line'} can be collected: nothing was tried."
        )
    judge = Judge(asked, lambda text: print(text, flush=True), each)
    for fault in left:
        if time.monotonic() < ends:
            yield fault, judge.anew(fault, broken)


def changed_lines(since: str, roots: Sequence[str]) -> dict[Path, set[int]]:
    """Lines of Python that differ from the commit where this branch left `since`."""
    diff = subprocess.run(
        ["git", "diff", "-U0", "--merge-base", since, "--", *roots],
        check=True,
        capture_output=True,
        text=True,
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
        prog="scripts/bench mutate",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        help="files, folders or FILE:LINE; none: the lines changed since --since",
    )
    parser.add_argument(
        "--since", default="origin/main", help="the branch or commit that changes are counted from"
    )
    parser.add_argument(
        "--sites", type=int, default=0, help="so many faults drawn by chance (0: all)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument(
        "--seconds", type=float, default=inf, help="stop after so long, saying how many were tried"
    )
    parser.add_argument(
        "--each", type=float, default=inf, help="seconds of processor for the tests of a fault"
    )
    options = parser.parse_args()
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # its temporary files go, and it tells what it knows
    sys.path.insert(0, os.getcwd())
    changed = {} if options.paths else changed_lines(options.since, PROGRAMS)
    drawn = list(_drawn(options.paths))
    drawn += [
        fault for file, lines in changed.items() if file.exists() for fault in faults(file, lines)
    ]
    random.Random(options.seed).shuffle(drawn)
    drawn = drawn[: options.sites or None]
    began, left, missed = time.monotonic(), dict.fromkeys(drawn), dict[Fault, None]()
    with suppress(KeyboardInterrupt):
        for asked, some, at_once in ((nearest, left, AT_ONCE), (farther, missed, len(drawn))):
            for fault, by in tried(
                list(some), asked, at_once, began + options.seconds, options.each
            ):
                left.pop(fault, None)
                (missed.pop if by else missed.setdefault)(fault, None)
                print(
                    f"noticed: {fault}  by {by}"
                    if by
                    else f"missed by the {asked.__name__}: {fault}",
                    flush=True,
                )
    for word, some in (("survives", missed), ("not settled", left)):
        for fault in some:
            print(f"{word}: {fault}")
    told = f"{(number := len(drawn) - len(left))} of {len(drawn)} faults tried in {time.monotonic() - began:.0f} s"
    print(f"{told}: {len(missed)} survive ({len(missed) / max(1, number):.1%})")


if __name__ == "__main__":
    main()
