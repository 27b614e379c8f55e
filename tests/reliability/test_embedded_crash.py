"""kill -9 at any moment: no committed document is lost, no half batch is ever seen."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import Action, Filters, SearchRequest, WriteStatus
from tests.contract.worlds import DEFINITION, Split

BATCH = 20
KILLS = 6

WRITER = """
import sys
from pathlib import Path
from discovery.engine.embedded import EmbeddedWriter
from discovery.engine.port import Action
from tests.contract.worlds import DEFINITION, Split

writer = EmbeddedWriter(Path(sys.argv[1]), DEFINITION, Split(), "f")
number = int(sys.argv[2])
while True:
    # Each batch adds its own documents and rewrites the first twenty: an update is killed as well as an insertion.
    own = [{"id": f"b{number}-{i}", "live": True, "kind": f"k{number}", "name": f"w{number} w{i}"} for i in range(20)]
    shared = [{"id": f"shared-{i}", "live": True, "legal_form": f"v{number}", "name": f"w{number}"} for i in range(20)]
    outcomes = writer.bulk(Action(one["id"], number + 1, one) for one in own + shared)
    assert {outcome.status.value for outcome in outcomes} == {"indexed"}, outcomes
    print(number, flush=True)
    number += 1
"""

MERGER = """
import sys
from pathlib import Path
from discovery.engine.embedded import EmbeddedEngine
from discovery.engine.port import SearchRequest
from tests.contract.worlds import Split

engine = EmbeddedEngine(Path(sys.argv[1]), Split())
while True:
    engine.merge()
    print(engine.search(SearchRequest()).total, flush=True)
"""


ASKED = """
import sys
from pathlib import Path
from discovery.engine.embedded import EmbeddedEngine
from discovery.engine.port import SearchRequest
from tests.contract.worlds import Split

engine = EmbeddedEngine(Path(sys.argv[1]), Split())
for _ in sys.stdin:
    print(engine.search(SearchRequest()).total, flush=True)
"""


def run(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def killed(process: subprocess.Popen[str], after: int, pause: float) -> list[int]:
    """Wait for some lines, then a moment, then kill -9; every line it printed, as numbers."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after)]
    time.sleep(pause)
    process.kill()
    lines += process.stdout.read().splitlines(keepends=True)
    process.wait(timeout=30)
    process.communicate()
    return [int(line) for line in lines if line.endswith("\n")]


def totals(engine: EmbeddedEngine, numbers: range) -> list[int]:
    return engine.counts(
        [SearchRequest(filters=Filters(kind=(f"k{number}",))) for number in numbers]
    )


def assert_whole(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_killed_writer_loses_nothing_it_said_was_written(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    chance = random.Random(20261124)
    EmbeddedWriter(path, DEFINITION, Split(), "f").close()
    follower = EmbeddedEngine(path, Split(), background=False)  # lives through all the kills
    next_number = 0
    for kill in range(KILLS):
        said = killed(
            run(WRITER, str(path), str(next_number)), after=1 + kill, pause=chance.random() * 0.03
        )
        assert said == list(range(next_number, next_number + len(said)))
        last_said = said[-1]
        for engine in (follower, EmbeddedEngine(path, Split(), background=False)):
            counted = totals(engine, range(last_said + 2))
            assert counted[:-1] == [BATCH] * (last_said + 1)
            assert counted[-1] in (
                0,
                BATCH,
            )  # the batch it had no time to speak of: all of it or nothing
            last = last_said + (counted[-1] == BATCH)
            shared = SearchRequest(filters=Filters(legal_form=(f"v{last}",)))
            assert engine.counts([shared]) == [BATCH]
            assert engine.search(SearchRequest()).total == BATCH * (last + 2)
        next_number = last + 1
    assert_whole(path)
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f")) as writer:
        held = writer.versions(limit=100_000)
        assert len(held) == BATCH * (next_number + 1)
        assert {held[f"shared-{i}"] for i in range(BATCH)} == {next_number}
        late = writer.bulk([Action("shared-0", 1, None)])
        assert late[0].status is WriteStatus.STALE
    follower.close()


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.04])
def test_a_reader_killed_in_mid_merge_harms_no_one(tmp_path: Path, pause: float) -> None:
    path = tmp_path / "index.sqlite"
    documents = [
        {"id": f"d{number:04}", "live": True, "name": f"w{number % 50}"} for number in range(1500)
    ]
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f")) as writer:
        writer.bulk(Action(str(document["id"]), 1, document) for document in documents)
        process = run(MERGER, str(path))
        writer.bulk([Action("more", 1, {"id": "more", "live": True})])
        assert set(killed(process, after=2, pause=pause)) <= {1500, 1501}
        outcomes = writer.bulk([Action("after", 1, {"id": "after", "live": True})])
        assert outcomes[0].status is WriteStatus.INDEXED
    engine = EmbeddedEngine(path, Split(), background=False)
    assert engine.search(SearchRequest()).total == 1502
    engine.close()
    assert_whole(path)


def test_a_commit_is_seen_by_another_process_at_its_next_query(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f")) as writer:
        reader = run(ASKED, str(path))
        assert reader.stdin is not None
        assert reader.stdout is not None
        for number in range(1, 6):
            writer.bulk([Action(f"d{number}", 1, {"id": f"d{number}", "live": True})])
            reader.stdin.write("\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == f"{number}\n"
        reader.stdin.close()
        assert reader.wait(timeout=30) == 0
        reader.stdout.close()
