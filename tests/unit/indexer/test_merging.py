"""`indexer duplicates | merge | split`, from two files to the index and back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main as discovery
from indexer.cli import main

ROWS = [
    {"id": "a", "source": "finess", "name": "ESAT le Bocage", "siret": "00200000800017", "naf": "88.10C"},
    {"id": "b", "source": "le-marche", "name": "ESAT Le Bocage", "siret": "00200000800025",
     "activities": [{"sector": "blanchisserie"}], "updated_at": "2026-10-02"},
]  # fmt: skip
PLACE: dict[str, object] = {"kind": "ESAT", "address": {"post_code": "69003", "city": "Lyon"}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)
    file = tmp_path / "two.jsonl"
    file.write_text("".join(json.dumps(PLACE | row) + "\n" for row in ROWS), encoding="utf-8")  # type: ignore[operator]
    assert run("import", str(file)).exit_code == 0
    return tmp_path / "home"


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def found(phrase: str) -> list[str]:
    answer = CliRunner().invoke(discovery, ["search", phrase, "--json"])
    assert answer.exit_code == 0, answer.output
    return [one["id"] for one in json.loads(answer.stdout)["results"]]


@pytest.mark.slow
def test_a_pair_is_proposed_merged_found_once_and_split() -> None:
    proposed = run("duplicates")
    assert proposed.exit_code == 1
    assert proposed.stdout.startswith(
        "a b: same SIREN and commune\n  finess: ESAT le Bocage, ESAT, 00200000800017"
    )
    assert json.loads(run("duplicates", "--json").stdout)["why"] == "siren"
    assert sorted(found("ESAT Lyon")) == ["a", "b"]
    assert found("blanchisserie à Lyon") == ["b"]

    said = run("merge", "a", "b").stdout
    assert said == "b is merged into a (finess, le-marche); `indexer split b` undoes it\n"
    assert run("duplicates").exit_code == 0
    assert run("sync").exit_code == 0
    assert found("ESAT Lyon") == found("blanchisserie à Lyon") == ["a"]

    assert run("split", "b").stdout == "a and b are two suppliers again\n"
    run("sync")
    assert sorted(found("ESAT Lyon")) == ["a", "b"]
    assert found("blanchisserie à Lyon") == ["b"]


@pytest.mark.slow
def test_the_profile_says_from_whom_it_comes(home: Path) -> None:
    run("merge", "a", "b")
    run("sync")
    from discovery.app import create_app
    from discovery.mappings import Settings

    client = create_app(Settings(home=home)).test_client()
    body = client.get("/api/v1/suppliers/a").get_json()
    first, second = body["provenance"]
    assert (first["source"], first["source_label"], first["told"]) == (
        "finess",
        "le répertoire FINESS",
        [],
    )
    assert (second["source"], second["date"]) == ("le-marche", "2026-10-02")
    assert "activities" in second["told"]
    page = client.get(body["url"].replace("http://localhost", "")).get_data(as_text=True)
    assert "le marché de l&#39;inclusion, 2 octobre 2026" in page
    assert "métiers et zones" in page
    address = body["url"].rpartition("/")[2]
    moved = client.get("/api/v1/suppliers/b")
    assert (moved.status_code, moved.location.rpartition("/")[2]) == (308, "a")
    assert client.get("/fournisseurs/b").location.endswith(address)
    run("split", "b")
    run("sync")
    assert client.get("/api/v1/suppliers/b").get_json()["id"] == "b"


@pytest.mark.parametrize("words", [("merge", "a", "nobody"), ("split", "b")])
def test_what_can_not_be_done_is_said(words: tuple[str, ...]) -> None:
    failed = run(*words)
    assert failed.exit_code == 2
    assert failed.stderr.startswith("indexer: ")
