"""`discovery mappings check` against the index that serves: nothing, or a rebuild."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.cli import main
from discovery.engine.definition import define
from discovery.engine.factory import open_catalog
from discovery.mappings import Settings, load_mappings, packaged_mappings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged mappings, of which an empty index was made that serves."""
    mappings = tmp_path / "mappings"
    shutil.copytree(packaged_mappings(), mappings)
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    monkeypatch.setenv("DISCOVERY_MAPPINGS", str(mappings))
    catalog = open_catalog(Settings(home=tmp_path))
    definition = define(load_mappings(mappings))
    name = catalog.create(definition, datetime.now(UTC))
    catalog.finish(name, definition)
    catalog.promote(name)
    catalog.close()
    return mappings


def needed() -> dict[str, str]:
    result = CliRunner().invoke(main, ["mappings", "check", "--json"])
    assert result.exit_code == 0, result.output
    told: dict[str, str] = json.loads(result.output)["index"]
    return told


@pytest.mark.slow
def test_the_same_files_need_nothing(folder: Path) -> None:
    assert needed()["need"] == "nothing"


@pytest.mark.slow
def test_a_profile_is_no_matter_of_the_index(folder: Path) -> None:
    profile = folder / "profiles" / "balanced.yaml"
    profile.write_text(profile.read_text("utf-8").replace("weight: 3.0", "weight: 2.9"), "utf-8")
    assert needed()["need"] == "nothing"


@pytest.mark.slow
def test_a_new_field_needs_a_rebuild_where_an_index_is_a_file(folder: Path) -> None:
    file = folder / "suppliers.json"
    body = json.loads(file.read_text("utf-8"))
    body["mappings"]["properties"]["essai"] = {"type": "keyword"}
    file.write_text(json.dumps(body), "utf-8")
    assert needed()["need"] == "rebuild"
    assert "`indexer rebuild`" in needed()["why"]


@pytest.mark.slow
def test_a_stem_needs_a_rebuild(folder: Path) -> None:
    with (folder / "stems.txt").open("a", encoding="utf-8") as out:
        out.write("zingueries => zingueri\n")
    assert needed()["need"] == "rebuild"


def test_without_an_index_one_is_to_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    assert needed()["need"] == "an index"
