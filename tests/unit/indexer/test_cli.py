"""Every `indexer` command: what it says, and its exit code. 0 all well, 1 done with differences, 2
could not.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from discovery.engine.port import Action, WriteStatus
from discovery.mappings import packaged_mappings
from indexer.cli import main
from indexer.context import Context
from indexer.store import ledger
from tests.tables import cases
from tests.unit.indexer.conftest import Put, file_of, indexed, supplier

Run = Callable[..., Result]

ROW = {
    "id": "a1",
    "name": "Atelier",
    "kind": "EI",
    "address": {"post_code": "69003", "city": "Lyon"},
}
COMMANDS = (
    "import", "generate", "migrate", "sync", "worker", "beat", "rebuild", "rollback", "status", "check", "dead-letters",
    "delist", "restore", "pull",
)  # fmt: skip
HEAVY = (
    "sqlalchemy",
    "celery",
    "numpy",
    "yaml",
    "tqdm",
    "discovery.places",
    "discovery.engine",
    "indexer.store",
)
NEED_THE_STORE = [
    ("status",), ("sync",), ("check",), ("check", "--repair"), ("rebuild",), ("rollback",), ("dead-letters", "list"),
    ("dead-letters", "replay"), ("dead-letters", "drop", "a"), ("delist", "a"), ("restore", "a"),
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the home of `context`, or in a new one; nothing may end in a stack trace."""
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)

    def command(*words: str, stdin: bytes | str | None = None) -> Result:
        result = CliRunner().invoke(main, words, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        assert "Traceback" not in result.output
        return result

    return command


@pytest.fixture
def canonical(tmp_path: Path) -> Callable[..., str]:
    """A file of canonical rows; its path."""

    def write(*rows: Any) -> str:
        file = tmp_path / "rows.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return str(file)

    return write


# What is not there


@pytest.mark.parametrize("words", NEED_THE_STORE, ids=" ".join)
def test_without_a_store_every_command_says_what_to_run(
    words: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    result = run(*words, stdin=json.dumps(ROW))
    assert result.exit_code == 2
    assert "indexer migrate" in result.stderr
    assert str(tmp_path / "store.sqlite") in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [], "a question makes no file"


def test_a_store_of_another_revision_is_not_touched(run: Run, context: Context) -> None:
    with context.store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    result = run("status")
    assert result.exit_code == 2
    assert "revision 0000" in result.stderr
    assert "indexer migrate" in result.stderr


def test_a_store_that_is_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"anything but a database " * 300)
    result = run("status")
    assert result.exit_code == 2
    assert "not a database" in result.stderr
    assert "DISCOVERY_HOME" in result.stderr


def test_an_index_that_is_no_index(run: Run, context: Context, put: Put) -> None:
    """Said with the way out, and the way out works."""
    put(supplier("a"))
    assert run("sync").exit_code == 0
    file = file_of(context)
    file.write_bytes(b"anything but an index " * 300)
    file.with_name(file.name + "-wal").unlink(missing_ok=True)
    for words in (("sync",), ("status",), ("check",)):
        result = run(*words)
        assert result.exit_code == 2, words
        assert file.name in result.stderr
        assert "indexer rebuild" in result.stderr
    assert run("rebuild").exit_code == 0
    assert run("check").exit_code == 0


# Settings that can't be


@pytest.mark.parametrize(
    ("variable", "value", "said"), cases(__file__, "a_setting_that_cannot_be_used_is_named")
)
def test_a_setting_that_cannot_be_used_is_named(
    variable: str,
    value: str,
    said: str,
    run: Run,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, value)
    result = run("sync")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_home_that_is_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "file"
    home.touch()
    monkeypatch.setenv("DISCOVERY_HOME", str(home))
    result = run("migrate")
    assert result.exit_code == 2
    assert str(home) in result.stderr
    assert "DISCOVERY_HOME" in result.stderr


def test_broken_mappings_are_told_by_file_and_line(
    run: Run, context: Context, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(supplier("a"))
    folder = tmp_path / "mappings"
    shutil.copytree(packaged_mappings(), folder)
    file = folder / "vocabulary" / "kinds.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("code: EI\n", "cod: EI\n", 1), encoding="utf-8"
    )
    monkeypatch.setenv("DISCOVERY_MAPPINGS", str(folder))
    for words in (("sync",), ("rebuild",), ("import", "-")):
        result = run(*words, stdin=json.dumps(ROW))
        assert result.exit_code == 2, words
        assert "kinds.yaml:" in result.stderr
    assert ledger.pending_count(context.store) == 1, "nothing was claimed"


# The life of a supplier


def test_from_an_import_to_the_index_and_back(
    run: Run, context: Context, canonical: Callable[..., str]
) -> None:
    assert "created 2" in run("import", "--no-index", canonical(ROW, {**ROW, "id": "b2"})).stdout
    status = run("status").stdout
    assert "2 live, 0 delisted" in status
    assert "2 waiting, the oldest since" in status
    assert "none yet" in status
    synced = run("sync")
    assert (synced.exit_code, synced.stdout) == (0, "2 indexed\n")
    assert run("sync").stdout == "0 indexed\n"
    assert run("check").stdout == "2 checked, 0 differ\n"
    delisted = run("delist", "a1")
    assert (delisted.exit_code, "indexer sync" in delisted.stdout) == (0, True)
    assert run("sync").stdout == "1 indexed\n"
    status = run("status").stdout
    assert "1 live, 1 delisted" in status
    assert ", 1 suppliers" in status
    assert run("restore", "a1").exit_code == 0
    assert run("sync").stdout == "1 indexed\n"
    assert ", 2 suppliers" in run("status").stdout


@pytest.mark.parametrize(("command", "kind"), [("delist", "live"), ("restore", "delisted")])
def test_an_id_that_nobody_has(
    command: str, kind: str, run: Run, context: Context, put: Put
) -> None:
    put(supplier("a"))
    result = run(command, "zzz")
    assert result.exit_code == 2
    assert f"no {kind} supplier has the id zzz" in result.stderr


# Import


# Index against store


def test_a_check_finds_and_repairs(run: Run, context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"))
    run("sync")
    context.serving().bulk(
        [Action("b", 900, None), Action("ghost", 901, context.builder.build(supplier("ghost")))]
    )
    found = run("check")
    assert found.exit_code == 1
    assert found.stdout == "3 checked, 2 differ\n  missing: 1\n  ghost: 1\n"
    assert "ghost ghost" in found.stderr
    repaired = run("check", "--repair")
    assert (repaired.exit_code, "2 queued" in repaired.stdout) == (1, True)
    assert run("sync").exit_code == 0
    assert run("check").exit_code == 0


def test_changed_mappings_ask_for_a_rebuild(
    run: Run, context: Context, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(supplier("a"))
    run("sync")
    folder = tmp_path / "mappings"
    shutil.copytree(packaged_mappings(), folder)
    file = folder / "vocabulary" / "sectors" / "hygiene-et-proprete.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Nettoyage", "Ménage", 1), encoding="utf-8"
    )
    monkeypatch.setenv("DISCOVERY_MAPPINGS", str(folder))
    assert "rebuild needed" in run("status").stdout
    assert "indexer rebuild" in run("sync").stderr
    assert run("rebuild").exit_code == 0
    assert "rebuild needed" not in run("status").stdout
    assert run("sync").stderr == ""


# Dead letters


@pytest.fixture
def dead(context: Context, put: Put) -> Context:
    """`x` and `y` were refused for good."""
    put(*(supplier(id_) for id_ in "axy"))
    claims = ledger.claim(context.store, 10, 60, context.synchroniser().clock())
    ledger.record_outcomes(
        context.store,
        [
            ledger.ChangeOutcome(claim, WriteStatus.INDEXED)
            if claim.supplier_id == "a"
            else ledger.ChangeOutcome(claim, WriteStatus.DEAD, f"no room for {claim.supplier_id}")
            for claim in claims
        ],
    )
    return context


def test_dead_letters_are_listed_with_their_reasons(run: Run, dead: Context) -> None:
    result = run("dead-letters", "list")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["x\t1 tries\tno room for x", "y\t1 tries\tno room for y"]
    assert "2 dead" in run("status").stdout


def test_some_are_replayed_and_others_dropped(run: Run, dead: Context) -> None:
    assert run("dead-letters", "replay", "x").exit_code == 0
    assert run("dead-letters", "drop", "y").stdout == "1 dropped\n"
    assert run("dead-letters", "list").stdout == ""
    assert run("sync").stdout == "1 indexed\n"


@pytest.mark.parametrize("command", ["replay", "drop"])
def test_an_id_that_is_no_dead_letter_is_told(command: str, run: Run, dead: Context) -> None:
    result = run("dead-letters", command, "x", "a", "nobody")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 ")
    assert "2 of the ids are no dead letters" in result.stderr
    assert "y" in run("dead-letters", "list").stdout


def test_dropping_needs_ids(run: Run, dead: Context) -> None:
    assert run("dead-letters", "drop").exit_code == 2
    assert "2 dead" in run("status").stdout


# The program


def test_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in result.stdout
        assert run(name, "--help").exit_code == 0
    assert "Exit codes" in result.stdout


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"]])
def test_what_needs_nothing_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom indexer.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert len(done.stdout.splitlines()) > 1


def test_the_installed_program_is_this_one(tmp_path: Path) -> None:
    """As people run it, from any folder: output and errors apart, the exit code the process's."""
    program = Path(sys.executable).with_name("indexer")
    done = subprocess.run(
        [str(program), "status"],
        env={"DISCOVERY_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("indexer: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("--index",)], ids=str)
def test_one_command_makes_the_default_store_imports_and_indexes(
    words: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    done = run("import", *words, "-", stdin=json.dumps(ROW))
    assert done.exit_code == 0, done.output
    assert "1 indexed" in done.output
    assert indexed(Context()).keys() == {"a1"}


@pytest.mark.parametrize("words", [("--index",), ()], ids=str)
def test_a_store_that_was_named_is_made_by_migrate_and_indexed_when_told(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOVERY_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    refused = run("import", *words, "-", stdin=json.dumps(ROW))
    assert (refused.exit_code, "indexer migrate" in refused.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
    run("migrate")
    done = run("import", *words, "-", stdin=json.dumps(ROW))
    assert done.exit_code == 0, done.output
    assert ("1 indexed" in done.output) == bool(words)


def test_a_dry_run_indexes_nothing(run: Run, context: Context) -> None:
    done = run("import", "--index", "--dry-run", "-", stdin=json.dumps(ROW))
    assert done.exit_code == 0, done.output
    assert context.catalog.targets().serving is None
