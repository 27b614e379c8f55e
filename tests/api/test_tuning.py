"""What analysts change, through the API: profiles, layers switched off, edits taken in while the
service runs.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services, make_services
from discovery.mappings import Settings, load_mappings, packaged_mappings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(packaged_mappings(), tmp_path / "mappings")


@pytest.fixture
def edited(folder: Path, configured: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A service over a folder of its own, which looks at its files at every request."""
    monkeypatch.setattr("discovery.mappings.watched.EVERY_S", 0.0)
    return application(make_services(configured, mappings=load_mappings(folder))).test_client()


def asked(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def scores(client: FlaskClient, **parameters: Any) -> dict[str, float]:
    return {hit["id"]: hit["score"] for hit in asked(client, per_page=100, **parameters)["results"]}


def test_every_profile_answers_with_the_same_suppliers(
    client: FlaskClient, services: Services
) -> None:
    found = {
        name: scores(client, q="nettoyage à 50 km de Lyon", profile=name)
        for name in services.mappings.profiles
    }
    assert len({frozenset(one) for one in found.values()}) == 1
    assert found["nearest"] != found["balanced"] != found["trusted"]


def test_layers_are_switched_off_one_at_a_time(client: FlaskClient) -> None:
    """Scores fall to the tiers' and the text's own without any signal; one signal less, they fall
    less far.
    """
    whole = scores(client, q="nettoyage Lyon")
    bare = scores(client, q="nettoyage Lyon", without="signals")
    one_less = scores(client, q="nettoyage Lyon", without="distance")
    assert whole.keys() == bare.keys() == one_less.keys()
    assert all(bare[id_] < one_less[id_] <= whole[id_] for id_ in whole)
    every = scores(
        client, q="nettoyage Lyon", without="distance,completeness,certifications,freshness"
    )
    assert every == bare
    assert asked(client, q="nettoyage Lyon", without="signals")["links"]["self"].endswith(
        "without=signals"
    )


def test_an_edit_is_served_without_a_restart(edited: FlaskClient, folder: Path) -> None:
    before = scores(edited, q="nettoyage")
    file = folder / "profiles" / "balanced.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("declared: 36", "declared: 99"), encoding="utf-8")
    after = scores(edited, q="nettoyage")
    assert after.keys() == before.keys()
    assert max(after.values()) > 2 * max(before.values())
    words = folder / "synonyms" / "words.txt"
    words.write_text(
        words.read_text(encoding="utf-8") + "\nzorglub => nettoyage\n", encoding="utf-8"
    )
    assert scores(edited, q="zorglub").keys() == before.keys()


def test_a_bad_edit_leaves_the_service_as_it_was_and_is_told(
    edited: FlaskClient, folder: Path
) -> None:
    before = scores(edited, q="nettoyage")
    words = folder / "synonyms" / "words.txt"
    good = words.read_text(encoding="utf-8")
    words.write_text(good + "\nzorglub => nettoyage de bureaux\n", encoding="utf-8")
    assert scores(edited, q="nettoyage") == before
    told = edited.get("/readyz").get_json()
    assert told["status"] == "ready"
    assert told["mappings"]["status"] == "stale"
    assert "words.txt" in told["mappings"]["problems"][0]
    assert "multiword.txt" in told["mappings"]["problems"][0]
    words.write_text(good, encoding="utf-8")
    assert edited.get("/readyz").get_json()["mappings"] == {"status": "current", "problems": []}


def test_a_rule_past_its_day_is_a_warning_of_a_service_that_is_ready(
    edited: FlaskClient, folder: Path
) -> None:
    law = folder / "law.yaml"
    law.write_text(
        law.read_text(encoding="utf-8").replace("2027-12-31", "2026-08-31"), encoding="utf-8"
    )
    scores(edited, q="nettoyage")
    answer = edited.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")
    assert ["L2112-2-1" in one for one in answer.get_json()["warnings"]] == [True]


def test_pins_and_buries_of_a_profile_are_served(edited: FlaskClient, folder: Path) -> None:
    order = [hit["id"] for hit in asked(edited, q="nettoyage", per_page=100)["results"]]
    assert len(order) > 2
    (folder / "profiles" / "ours.yaml").write_text(
        "name: ours\nlabel: {fr: Nôtre, en: Ours}\nextends: balanced\n"
        f"pins:\n  - {{queries: [Nettoyage], ids: [{order[-1]}], why: Our own supplier must be seen first.}}\n"
        f"buries:\n  - {{queries: [nettoyage], ids: [{order[0]}], why: It refuses every order of ours.}}\n",
        encoding="utf-8",
    )
    ours = [
        hit["id"] for hit in asked(edited, q="nettoyage", profile="ours", per_page=100)["results"]
    ]
    assert ours == [order[-1], *order[1:-1], order[0]]
    lifted = asked(edited, q="nettoyage", profile="ours", without="pins", per_page=100)["results"]
    assert [hit["id"] for hit in lifted] == order
