"""`indexer rebuild`, `rollback` and `status` as people and programs read them, on both engines."""

import json
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main
from indexer.context import Context
from indexer.indices import status
from indexer.lock import locked
from tests.unit.indexer.conftest import supplier
from tests.unit.lifecycle.conftest import Put, serving

Run = Callable[..., Result]


@pytest.fixture
def run(context: Context, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = context.settings
    monkeypatch.setenv("DISCOVERY_HOME", str(settings.home))
    monkeypatch.setenv("DISCOVERY_ENGINE", settings.engine)
    monkeypatch.setenv("DISCOVERY_INDEX_PREFIX", settings.index_prefix)

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return invoke


def judge(*lines: str, code: int) -> str:
    """The words of a command that is told an index, says these lines, and ends so."""
    script = f"import sys; assert sys.argv[1]; print({chr(10).join(lines)!r}); sys.exit({code})"
    return f'{sys.executable} -c "{script}"'


def test_the_life_of_an_index(run: Run, context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"))
    assert run("sync").stdout == "2 indexed\n"
    first = serving(context)
    done = run("rebuild")
    second = serving(context)
    assert (done.exit_code, done.stdout) == (0, f"{second} serves 2 suppliers\n")
    assert (
        done.stderr
        == 'not judged: --judge "discovery evaluate --gate --index" asks the judged queries first\n'
    )
    assert run("check").exit_code == 0
    said = run("status").stdout
    assert f"index: {second}, 2 suppliers\n  previous: {first}\n" in said
    assert said.splitlines()[-1].endswith(
        f"rebuild: {second} serves 2 suppliers, instead of {first}"
    )
    back = run("rollback")
    assert (back.exit_code, back.stdout) == (0, f"{first} serves 2 suppliers\n")
    again = run("rollback")
    assert (again.exit_code, "no previous index" in again.stderr) == (2, True)
    told = json.loads(run("status", "--json").stdout)
    assert (told["index"], told["documents"], told["previous"], told["lock"]) == (
        first,
        2,
        None,
        None,
    )
    deeds = [(entry["deed"], entry["index"], bool(entry["refused"])) for entry in told["history"]]
    assert deeds == [
        ("first", first, False),
        ("rebuild", second, False),
        ("rollback", first, False),
        ("rollback", "", True),
    ]


def test_a_judge_is_any_program(run: Run, context: Context, put: Put) -> None:
    put(supplier("a"))
    assert run("sync").exit_code == 0
    before = serving(context)
    refused = run("rebuild", "--judge", judge("nDCG@10", "nettoyage fell to 0.41", code=1))
    assert refused.exit_code == 2
    assert "nettoyage fell to 0.41" in refused.stderr
    assert serving(context) == before
    silent = run("rebuild", "--judge", f'{sys.executable} -c "import sys; sys.exit(3)"')
    assert (silent.exit_code, "ended with 3" in silent.stderr) == (2, True)
    held = run("rebuild", "--judge", judge("all well", code=0))
    assert (held.exit_code, held.stderr) == (0, "")
    assert serving(context) != before
    missing = run("rebuild", "--judge", "/nowhere/judge")
    assert (missing.exit_code, "/nowhere/judge" in missing.stderr) == (2, True)


def test_who_is_at_work_is_told(run: Run, context: Context, put: Put) -> None:
    put(supplier("a"))
    assert run("sync").exit_code == 0
    with locked(context.catalog.lock, "rebuild"):
        assert "\n  at work: rebuild by process" in run("status").stdout
        assert json.loads(run("status", "--json").stdout)["lock"]["work"] == "rebuild"
        refused = run("rebuild")
        assert refused.exit_code == 2
        assert "rebuild by process" in refused.stderr
    assert "at work" not in run("status").stdout


def test_an_index_that_outgrew_the_embedded_engine_is_told(
    run: Run, context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(supplier("a"), supplier("b"))
    assert run("sync").exit_code == 0
    assert "past its line" not in run("status").stdout
    monkeypatch.setattr(status, "EMBEDDED_SUPPLIERS", 1)
    embedded = context.settings.embedded
    assert ("more than 1: the embedded engine is past its line" in run("status").stdout) is embedded
    assert json.loads(run("status", "--json").stdout)["embedded"] is embedded
