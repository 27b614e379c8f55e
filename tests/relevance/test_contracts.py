"""Judged queries from contracts: what becomes one, and where its winner is found."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.model.masking import masked
from indexer.cli import main as indexer
from tools.judge.contracts import Rank, from_contracts, summary

SECTOR = "creation-et-entretien-des-espaces-verts"
GARDENS = "Entretien des espaces verts de la commune"


def winner(siret: str, *objects: str) -> dict[str, Any]:
    return {"siret": siret, "contracts": [{"object": one} for one in objects]}


def test_an_object_is_a_query_and_all_its_winners_its_answers() -> None:
    (found,) = from_contracts(
        [winner("2", GARDENS), winner("1", GARDENS.upper()), winner("", "Nettoyage des écoles")],
        masked,
    )
    assert (found.q, found.winners) == (GARDENS, ("1", "2"))


@pytest.mark.parametrize(
    "text",
    [
        "Lot 2",
        "",
        "Écrire à jeanne.privee@private.example pour le marché",
        "Appeler le 06 39 98 12 34 avant",
    ],
)
def test_what_says_nothing_or_tells_of_somebody_is_left_out(text: str) -> None:
    assert from_contracts([winner("1", text)], masked) == []


def test_the_split_depends_on_the_words_alone() -> None:
    many = [winner(str(at), f"Entretien des locaux du site {at}") for at in range(200)]
    splits = {one.q: one.split for one in from_contracts(many, masked)}
    assert splits == {one.q: one.split for one in from_contracts(reversed(many), masked)}
    assert 60 < sum(split == "held" for split in splits.values()) < 140


def test_the_figures() -> None:
    ranks = [Rank("tune", rank, False) for rank in (1, 4, 0, 20)]
    assert summary(ranks) == {
        "queries": 4,
        "recall@10": 0.5,
        "recall@50": 0.75,
        "mrr": 0.325,
        "median_rank": 4,
    }
    assert summary([])["recall@10"] is None


def test_written_from_one_index_and_asked_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)
    place = {"address": {"post_code": "35000", "city": "Rennes"}, "kind": "EI"}
    rows = [
        place | {"siret": "00200000800017", "name": "Atelier vert", "activities": [{"sector": SECTOR}],
                 "contracts": [{"object": GARDENS, "source": "decp"}]},
        place | {"siret": "00200000800025", "name": "Atelier propre", "activities": [{"sector": "blanchisserie"}],
                 "contracts": [{"object": "Fourniture de repas à la cantine", "source": "decp"}]},
    ]  # fmt: skip

    def run(home: str, *words: str, group: Any = main) -> Result:
        monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path / home))
        done = CliRunner().invoke(group, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done

    for home in ("with", "without"):
        file = tmp_path / f"{home}.jsonl"
        told = [
            {key: value for key, value in row.items() if home == "with" or key != "contracts"}
            for row in rows
        ]
        file.write_text("".join(json.dumps(row) + "\n" for row in told), encoding="utf-8")
        run(home, "import", str(file), group=indexer)
    queries = tmp_path / "queries.jsonl"
    assert "2 queries" in run("with", "judgments", "from-contracts", str(queries)).stderr
    leaking = json.loads(run("with", "judgments", "measure", str(queries)).stdout)
    assert all(name.endswith("leaks") for name in leaking)
    clean = json.loads(run("without", "judgments", "measure", str(queries)).stdout)
    assert not any(name.endswith("leaks") for name in clean)
    assert sum(one["queries"] for one in clean.values()) == 2
    found = sum(one["queries"] * one["recall@10"] for one in clean.values())
    assert found == 1, "gardens are found by the trade, meals are not what the other does"
