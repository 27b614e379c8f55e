"""Every block that README, the tutorial, how-tos, deploy and operate print is tried, or
`blocks.yaml` says why not.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.tables import read
from tests.unit.house.test_docs import HOME, pasted

PAGES = ("README.md", "docs/tutorial.md", "docs/deploy.md", "docs/howto/*.md", "docs/operate/*.md")
HOWS = read(Path(__file__).with_name("blocks.yaml"))
BIN = Path(sys.executable).parent


def blocks() -> Iterator[tuple[str, str, str]]:
    """Page, how it is tried ("" = nobody says), and text of each block."""
    for pattern in PAGES:
        for path in sorted(HOME.glob(pattern)):
            name = str(path.relative_to(HOME))
            for text in re.findall(
                r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S
            ):
                how = HOWS.get(name, {})
                yield name, how.get("all") or how.get(text.split("\n")[0], ""), text


BLOCKS = list(blocks())
TO_PASTE = [(name, text) for name, how, text in BLOCKS if how == "pasted"]


def block_of(page: str, words: str) -> str:
    return next(text for name, _, text in BLOCKS if name == page and words in text)


def test_every_block_has_its_trial_and_every_trial_its_block() -> None:
    assert [(name, text) for name, how, text in BLOCKS if not how] == []
    firsts = {(name, text.split("\n")[0]) for name, _, text in BLOCKS}
    listed = {(name, first) for name, rows in HOWS.items() for first in rows if first != "all"}
    assert listed - firsts == set()
    assert set(HOWS) == {name for name, _, _ in BLOCKS}


@pytest.mark.parametrize("how", sorted({how for _, how, _ in BLOCKS} - {"pasted"}))
def test_a_trial_is_there(how: str) -> None:
    if how.startswith("not: "):
        for named in re.findall(r"`(scripts/\w+)|(tests/[\w/.]+)", how):
            assert (HOME / "".join(named)).exists()
        return
    file, _, test = how.partition("::")
    assert f"def {test}(" in (HOME / file).read_text(encoding="utf-8")


READY = f'export PATH="{BIN}:$PATH" DISCOVERY_HOME=~/discovery\n'


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of somebody who imported the example."""
    home = tmp_path_factory.mktemp("imported")
    pasted(f"{READY}indexer import examples/suppliers.csv", home)
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "block"),
    TO_PASTE,
    ids=[f"{Path(page).stem}-{at}" for at, (page, _) in enumerate(TO_PASTE)],
)
def test_a_block_can_be_pasted(page: str, block: str, imported: Path, tmp_path: Path) -> None:
    """By whoever did what README says of real records."""
    shutil.copytree(imported, tmp_path, symlinks=True, dirs_exist_ok=True)
    assert pasted(READY + block, tmp_path)


def test_sources_are_enabled_as_printed(tmp_path: Path) -> None:
    both = [text for name, _, text in BLOCKS if name == "docs/operate/sources.md"]
    (tmp_path / "sources.yaml").write_text("".join(both), encoding="utf-8")
    told = pasted(f"export DISCOVERY_HOME={tmp_path}\n{BIN}/indexer sources check", tmp_path)
    assert (
        "les-emplois (every day at 03:20 UTC), finess (monday at 04:00 UTC), decp (every day at 05:00 UTC)"
        in told
    )


def test_rows_of_the_crosswalk_are_rows_of_ours() -> None:
    ours = yaml.safe_load(
        (HOME / "mappings/vocabulary/crosswalk/cpv.yaml").read_text(encoding="utf-8")
    )
    rows = [row for rows in ours.values() if isinstance(rows, list) for row in rows]
    for row in yaml.safe_load(block_of("docs/howto/map-codes.md", "prefix")):
        assert row in rows


@pytest.mark.slow
def test_an_assistant_starts_what_it_is_told_to(tmp_path: Path) -> None:
    (server,) = json.loads(block_of("docs/howto/ask-from-an-assistant.md", "mcpServers"))[
        "mcpServers"
    ].values()
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    env = {"PATH": f"{BIN}:{os.environ['PATH']}", "DISCOVERY_HOME": str(tmp_path), **server["env"]}
    done = subprocess.run(
        [str(BIN / server["command"]), *server["args"]], env=env, input=json.dumps(hello) + "\n",
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"]


def test_the_secrets_of_the_cluster_can_be_made(tmp_path: Path) -> None:
    """By kubectl itself, which asks no cluster when it only shows what it would make."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed here")
    dry = 'kubectl() { command kubectl "$@" --dry-run=client -o name; }\n'
    told = pasted(dry + block_of("docs/deploy.md", "create secret"), tmp_path)
    assert told.split() == ["secret/discovery-web", "secret/discovery-indexer"]


def test_prometheus_takes_what_it_is_to_scrape(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed here")
    (tmp_path / "prometheus.yml").write_text(
        block_of("docs/deploy.md", "scrape_configs"), encoding="utf-8"
    )
    assert "SUCCESS" in pasted(
        f"promtool check config --syntax-only {tmp_path}/prometheus.yml", tmp_path
    )
