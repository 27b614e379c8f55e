"""An import that is stopped: whole batches stay, the place is told, the same command goes on."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from indexer.intake import run
from indexer.intake.source import Interrupted
from indexer.store import repository
from tests.unit.indexer.processes import environment, program, running, wait_for
from tests.unit.intake.support import Intake, counts, record
from tools.sample import generate

BATCH = 10


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH", BATCH)


def stopping(stage: str, calls: int) -> Any:
    """A `Progress` that presses Ctrl-C when a stage has told so often how far it is."""
    told = 0

    def progress(name: str, _done: int, _total: int) -> None:
        nonlocal told
        told += name == stage
        if told == calls:
            raise KeyboardInterrupt

    return progress


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("batches", [1, 3])
def test_whole_batches_stay_and_the_place_is_told(intake: Intake, batches: int) -> None:
    file = intake.file("\n" + "".join(json.dumps(record(at)) + "\n" for at in range(45)))
    with pytest.raises(Interrupted) as caught:
        intake(file, progress=stopping("write", batches))
    done = BATCH * batches
    assert (caught.value.file, caught.value.line, caught.value.rows) == (str(file), done + 1, done)
    assert f"{file}:{done + 1}. The {done} rows up to there are in the store" in str(caught.value)
    assert len(intake.stored()) == len(intake.ledger()) == done
    assert counts(intake(file)) == (45 - done, 0, done, 0)


@pytest.mark.usefixtures("small_batches")
def test_within_a_batch_nothing_of_it_stays(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, saved = repository.save, 0

    def stopped_in_the_second(*arguments: Any) -> Any:
        nonlocal saved
        saved += 1
        done = save(*arguments)
        if saved == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(repository, "save", stopped_in_the_second)
    with pytest.raises(Interrupted, match="The 10 rows"):
        intake([record(at) for at in range(25)])
    assert len(intake.stored()) == len(intake.ledger()) == BATCH


@pytest.mark.usefixtures("small_batches")
def test_once_written_a_batch_is_counted(intake: Intake, engine: Engine) -> None:
    """Ctrl-C as the second batch has just been committed: what is said is what is stored."""
    commits: list[Connection] = []

    def given_back(*_: object) -> None:
        if len(commits) == 2:
            signal.raise_signal(signal.SIGINT)

    event.listen(engine, "commit", commits.append)
    event.listen(engine, "checkin", given_back)
    with pytest.raises(Interrupted) as caught:
        intake([record(at) for at in range(45)])
    event.remove(engine, "checkin", given_back)
    assert (caught.value.line, caught.value.rows) == (20, 20)
    assert len(intake.stored()) == len(intake.ledger()) == 20


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(
    ("stage", "options"),
    [("check", {}), ("plan", {"complete": "canonical"}), ("plan", {"dry_run": True})],
)
def test_before_the_first_write_nothing_was(
    intake: Intake, stage: str, options: dict[str, Any]
) -> None:
    with pytest.raises(Interrupted, match="Nothing was written") as caught:
        intake([record(at) for at in range(45)], progress=stopping(stage, 2), **options)
    assert caught.value.rows == 0
    assert intake.stored() == {}


ROWS = 2_500


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)]
)
def test_the_command_stopped_or_killed(
    intake: Intake, engine: Engine, tmp_path: Path, by: signal.Signals, code: int
) -> None:
    file = intake.file(list(generate(ROWS)))
    log = tmp_path / "log"
    env = environment(tmp_path, DISCOVERY_DATABASE_URL=engine.url.render_as_string())
    with running([program("indexer"), "import", str(file)], env, log) as process:
        wait_for("the first rows", lambda: intake.stored(), process)
        process.send_signal(by)
        assert process.wait(timeout=60) == code
    said = log.read_text(encoding="utf-8")
    stored = len(intake.stored())
    assert stored == len(intake.ledger())
    assert stored % run.BATCH == 0
    assert 0 < stored < ROWS
    assert "Traceback" not in said
    assert (
        by is signal.SIGKILL
        or f"{file}:{stored}. The {stored} rows up to there are in the store" in said
    )
    assert counts(intake(file)) == (ROWS - stored, 0, stored, 0)
