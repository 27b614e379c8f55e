"""`scripts/run` in a fresh clone, as somebody meets the project: one command, a page, and an
answer.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import free_port, leave_nothing, listens
from tests.tables import cases
from tests.unit.sources.double import Finess, establishment, serving

pytestmark = pytest.mark.xdist_group("run")

ROOT = Path(__file__).parents[2]
QUERY = "nettoyage à 30 km de Lyon, ESAT ou EI"
PATIENCE_SECONDS = 900
"""For the first start, which makes the environment: a slow network is no fault of ours."""


def environment(**settings: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DISCOVERY_", "VIRTUAL_ENV"))
    }
    # What is never imported need not be compiled: a third of the time that packages take.
    return kept | {"SAMPLE": "300", "PIP_COMPILE": "0", **settings}


def run(clone: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(clone / "scripts" / "run"), *words],
        env=environment(**settings),
        cwd=clone.parent,  # from anywhere
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and nothing else."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout: there is nothing to clone")
    folder = tmp_path_factory.mktemp("fresh") / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def first(clone: Path) -> tuple[subprocess.CompletedProcess[str], int]:
    """The first start, and its port."""
    port = free_port()
    return run(clone, "--check", PORT=str(port)), port


def answer(out: str) -> tuple[int, list[str]]:
    """The total that the terminal shows, and the ids listed."""
    total = re.search(r"^(\d+) fournisseurs?\b", out, re.MULTILINE)
    assert total, out
    return int(total[1]), re.findall(r"\[(sample-\d+)\]", out)


def test_a_fresh_clone_answers_the_example_and_stops(
    first: tuple[subprocess.CompletedProcess[str], int], clone: Path
) -> None:
    done, port = first
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created 300" in done.stdout
    assert "300 indexed" in done.stdout
    assert re.search(r"Nous avons compris : .*Lyon \(69\).*ESAT, EI.*nettoyage", done.stdout)
    total, ids = answer(done.stdout)
    assert total > 0
    assert len(ids) == min(total, 10)
    assert f"The page and the API answer: {total} found." in done.stdout
    assert not listens(port), "it stops by itself"
    assert "Traceback" not in done.stdout + done.stderr


def test_a_clone_that_ran_is_still_clean(first: object, clone: Path) -> None:
    """Environment, store and index are ignored by git."""
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""


def test_a_second_start_has_nothing_to_make(
    first: tuple[subprocess.CompletedProcess[str], int], clone: Path
) -> None:
    started = time.perf_counter()
    again = run(clone, "--check", PORT=str(free_port()))
    print(f"second start: {time.perf_counter() - started:.1f} s")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Making the environment" not in again.stderr
    assert "Loading" not in again.stdout
    assert answer(again.stdout) == answer(first[0].stdout)


def test_a_taken_port_is_told_and_nothing_is_made(
    first: object, clone: Path, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(clone, "--check", PORT=port, DISCOVERY_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Port {port} is taken" in done.stderr
    assert "PORT=8001 ./scripts/run" in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("settings", "said"), cases(__file__, "a_wrong_number_is_told"))
def test_a_wrong_number_is_told(settings: dict[str, str], said: str, clone: Path) -> None:
    done = run(clone, "--check", **settings)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said + "\n")


def test_an_unknown_option_is_told(clone: Path) -> None:
    done = run(clone, "--chekc")
    assert (done.returncode, done.stderr) == (2, "usage: scripts/run [--real] [--check]\n")


def test_own_suppliers_are_not_mixed_with_invented_ones(
    first: object, clone: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    row = {
        "id": "mine",
        "name": "Nettoyage du Rhône",
        "kind": "ESAT",
        "address": {"commune": "69123"},
    }
    indexer = str(clone / ".venv" / "bin" / "indexer")
    env = environment(DISCOVERY_HOME=str(home))
    subprocess.run([indexer, "import", "-"], env=env, check=True, input=json.dumps(row), text=True)
    done = run(clone, "--check", PORT=str(free_port()), DISCOVERY_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[mine]" in done.stdout
    assert "invented" not in done.stdout
    assert answer(done.stdout) == (1, [])


def test_a_first_start_that_was_interrupted_begins_again(
    first: object, clone: Path, tmp_path: Path
) -> None:
    (tmp_path / "sample").write_text("loading\n", encoding="utf-8")
    env = environment(DISCOVERY_HOME=str(tmp_path))
    subprocess.run([str(clone / ".venv" / "bin" / "indexer"), "migrate"], env=env, check=True)
    done = run(clone, "--check", PORT=str(free_port()), DISCOVERY_HOME=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created 300" in done.stdout
    assert (tmp_path / "sample").read_text(encoding="utf-8") == "loaded\n"


def test_an_index_of_another_version_is_made_again(
    first: object, clone: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(clone / ".home", tmp_path / "home", symlinks=True)
    [link] = [file for file in (home / "index").glob("*.sqlite") if file.is_symlink()]
    link.rename(link.with_name("suppliers.format-1.sqlite"))
    done = run(clone, "--check", PORT=str(free_port()), DISCOVERY_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "there is no index file" in done.stderr
    assert "Building the index again" in done.stderr
    assert "Loading" not in done.stdout


@pytest.fixture
def service(
    first: object, clone: Path, tmp_path: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`scripts/run` without --check, up."""
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(clone / "scripts" / "run")], env=environment(PORT=str(port)), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    leave_nothing(process)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while f"The page: http://127.0.0.1:{port}" not in log.read_text(encoding="utf-8"):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end
            time.sleep(0.1)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_the_page_says_that_the_suppliers_are_invented_and_stopping_stops_everything(
    service: tuple[subprocess.Popen[bytes], int],
) -> None:
    """The service, its workers and the indexer: no process of the group is left."""
    process, port = service
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
        text = page.read().decode()
    assert page.status == 200
    assert "fictif" in text or "fictives" in text or "inventé" in text
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 143
    assert not listens(port)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_real_sources_are_pulled_and_what_is_away_is_told(
    first: object, clone: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serving(Finess(rows=[establishment(number) for number in range(20)])) as double:
        (home / "sources.yaml").write_text(
            f"sources:\n  finess: {{url: '{double.url}'}}\n  les-emplois: {{url: 'http://127.0.0.1:9/'}}\n",
            encoding="utf-8",
        )
        done = run(clone, "--real", "--check", PORT=str(free_port()), DISCOVERY_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created 20" in done.stdout
    assert "Could not pull: les-emplois." in done.stderr
    assert "invented" not in done.stdout
    refused = run(
        clone, "--real", "--check", PORT=str(free_port()), DISCOVERY_HOME=str(clone / ".home")
    )
    assert (refused.returncode, "holds invented suppliers" in refused.stderr) == (2, True)
