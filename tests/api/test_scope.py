"""A service that has opened a part of the country and of the trades: every answer keeps to it, and
says so.
"""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.answers.search import SearchAnswer
from discovery.app import application, create_app
from discovery.context import make_services
from discovery.http.api.suggest import SuggestAnswer
from discovery.http.api.vocabulary import VocabularyAnswer
from discovery.http.keys import Key, edited, hashed
from discovery.mappings import Mappings, Settings, SettingsError
from discovery.places import Gazetteer
from tests.api.test_errors import problem
from tests.shapes import faults

SEARCH = "/api/v1/search"
SCOPE = "region=84 sector=hygiene-et-proprete"
OPEN = {"propre-lyon", "eclat-villeurbanne", "interim-lyon", "interim-lyon-bis"}
"""Those of the corpus that clean, and sit in the region."""
LABEL = "Hygiène et propreté · Auvergne-Rhône-Alpes"


@pytest.fixture(scope="module")
def opened(
    configured: Settings, mappings: Mappings, tmp_path_factory: pytest.TempPathFactory
) -> FlaskClient:
    keys = tmp_path_factory.mktemp("keys") / "keys.json"
    with edited(keys) as held:
        held += [
            Key("esat", hashed("esat"), ("*",), {"kind": ("ESAT",)}),
            Key("linen", hashed("linen"), ("*",), {"sector": ("blanchisserie",)}),
        ]
    settings = replace(configured, scope=SCOPE, keys=keys)
    return application(make_services(settings, mappings=mappings)).test_client()


def ask(client: FlaskClient, address: str = SEARCH, **arguments: Any) -> dict[str, Any]:
    response = client.get(address, query_string=arguments)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def found(body: dict[str, Any]) -> set[str]:
    return {one["id"] for one in body["results"]}


def test_a_search_finds_what_is_open_and_says_so(opened: FlaskClient) -> None:
    body = ask(opened)
    assert faults(SearchAnswer, body) == []
    assert found(body) == OPEN
    assert body["total"]["value"] == len(OPEN)
    assert body["scope"] == {
        "label": LABEL,
        "sentence": f"Ce service couvre une partie des fournisseurs : {LABEL}. Les autres n'y figurent pas encore.",
        "region": ["84"],
        "department": [],
        "sector": ["hygiene-et-proprete"],
    }
    assert ask(opened, lang="en")["scope"]["label"] == "Hygiene and cleaning · Auvergne-Rhône-Alpes"


def test_facets_list_what_is_open(opened: FlaskClient) -> None:
    """The laundry that a cleaner also does is on its card, and no filter."""
    body = ask(opened)
    values = {
        name: {one["value"]: one["count"] for one in held} for name, held in body["facets"].items()
    }
    assert values["sector"] == {"nettoyage-de-locaux": 4}
    assert values["sector_group"] == {"hygiene-et-proprete": 4}
    assert values["region"] == {"84": 4}
    assert values["department"] == {"69": 4}
    sectors = {
        one["slug"]: one["matched"]
        for one in body["results"][0]["sectors"] + body["results"][1]["sectors"]
    }
    assert sectors["nettoyage-de-locaux"]
    for name, held in values.items():
        parameter = "sector" if name == "sector_group" else name
        for value, count in held.items():
            assert ask(opened, **{parameter: value})["total"]["value"] == count, (name, value)


def test_a_place_that_is_not_open_is_said_rather_than_a_bare_zero(opened: FlaskClient) -> None:
    body = ask(opened, q="nettoyage à Nantes")
    assert body["total"]["value"] == 0
    [told] = [one for one in body["warnings"] if one["code"] == "place_out_of_scope"]
    assert told["message"].startswith(
        f"Nantes (44) est hors du périmètre ouvert à ce jour ({LABEL})"
    )
    assert [one["code"] for one in ask(opened, q="nettoyage à Lyon")["warnings"]] == []


def test_a_trade_that_is_not_open_is_said_and_not_offered(opened: FlaskClient) -> None:
    body = ask(opened, q="traiteur", lang="en")
    assert [one["code"] for one in body["warnings"]] == ["sector_out_of_scope"]
    assert "is outside the current scope" in body["warnings"][0]["message"]
    assert body["query"]["offers"] == []


@pytest.mark.parametrize(
    "path", [SEARCH, "/api/v1/map", "/api/v1/export.csv", "/api/v1/export.xlsx"]
)
def test_a_closed_value_is_refused_in_plain_words(opened: FlaskClient, path: str) -> None:
    faults = problem(
        opened.get(f"{path}?region=52&sector=traiteur,nettoyage-de-locaux&department=69"), 422
    )["errors"]
    assert {(one["parameter"], one["value"], one["code"]) for one in faults} == {
        ("region", "52", "out_of_scope"),
        ("sector", "traiteur", "out_of_scope"),
    }
    region = next(one for one in faults if one["parameter"] == "region")
    assert region["message"].startswith(
        f"« Pays de la Loire » est hors du périmètre ouvert à ce jour : {LABEL}."
    )
    assert region["choices"] == ["84"]


def test_profiles(opened: FlaskClient) -> None:
    assert opened.get("/api/v1/suppliers/propre-lyon").status_code == 200
    for asked in ("linge-nantes", "linge-nantes-fiche", "bois-grenoble"):
        body = problem(opened.get(f"/api/v1/suppliers/{asked}"), 404)
        assert body["type"].endswith("#problem-not-open")
        assert LABEL in body["detail"]
    problem(opened.get("/api/v1/suppliers/parti"), 410)
    assert problem(opened.get("/api/v1/suppliers/nobody"), 404)["type"].endswith(
        "#problem-supplier-not-found"
    )


def test_exports(opened: FlaskClient, client: FlaskClient) -> None:
    response = opened.get("/api/v1/export.csv?lang=en")
    assert response.headers["X-Scope"] == SCOPE
    assert response.headers["X-Total-Count"] == str(len(OPEN))
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == len(OPEN)
    assert "X-Scope" not in client.get("/api/v1/export.csv").headers


def test_explanations(opened: FlaskClient) -> None:
    assert ask(opened, "/api/v1/explain", q="nettoyage", id="propre-lyon")["found"]
    assert problem(opened.get("/api/v1/explain?q=linge&id=linge-nantes"), 404)["type"].endswith(
        "#problem-not-open"
    )


def completions(client: FlaskClient, q: str, **arguments: Any) -> set[str]:
    body = ask(client, "/api/v1/suggest", q=q, limit=20, **arguments)
    assert faults(SuggestAnswer, body) == []
    return {one["value"] for group in body["groups"] for one in group["suggestions"]}


def test_suggestions(opened: FlaskClient, client: FlaskClient) -> None:
    for q, closed in {
        "44": "department:44",
        "44000": "postcode:44000",
        "nantes": "commune:44109",
        "saint-nazaire 44": "commune:44184",
        "pays de la l": "region:52",
        "traiteur": "traiteur",
        "les draps": "linge-nantes",
    }.items():
        assert closed in completions(client, q)
        assert closed not in completions(opened, q)
    assert completions(opened, "nantes") == {"commune:38273"}  # Nantes-en-Ratier, in Isère
    assert "commune:69123" in completions(opened, "lyo", types="place")
    assert "region:84" in completions(opened, "auvergne", types="place")
    assert "postcode:69003" in completions(opened, "69003")
    assert "hygiene-et-proprete" in completions(opened, "hygi", types="sector")
    assert "nettoyage-de-locaux" in completions(opened, "nettoyage", types="sector")
    assert "ESAT" in completions(opened, "esat", types="kind")
    assert completions(opened, "les", types="supplier") == {"propre-lyon"}
    assert ask(opened, "/api/v1/suggest", q="lyo")["scope"]["label"] == LABEL


def test_a_small_town_that_is_open_is_not_hidden_by_large_ones_that_are_not(
    opened: FlaskClient,
) -> None:
    """Of the many that begin so, the ten largest are elsewhere."""
    gazetteer = Gazetteer.load()
    towns = [
        gazetteer.commune(one.partition(":")[2])
        for one in completions(opened, "saint-d", types="place")
    ]
    assert len(towns) == 10
    assert {town.region for town in towns if town} == {"84"}
    assert all(one.region != "84" for one in gazetteer.by_prefix("saint-d", 5))


def test_the_vocabulary(opened: FlaskClient, client: FlaskClient) -> None:
    body, whole = ask(opened, "/api/v1/vocabulary"), ask(client, "/api/v1/vocabulary")
    assert faults(VocabularyAnswer, body) == []
    assert [one["value"] for one in body["sector_groups"]] == ["hygiene-et-proprete"]
    assert [one["value"] for one in body["sectors"]] == body["sector_groups"][0]["sectors"]
    assert body["scope"]["label"] == {
        "fr": LABEL,
        "en": "Hygiene and cleaning · Auvergne-Rhône-Alpes",
    }
    closed = {"scope", "sectors", "sector_groups"}
    assert {name: held for name, held in body.items() if name not in closed} == {
        name: held for name, held in whole.items() if name not in closed
    }


def test_a_key_narrows_what_is_open(opened: FlaskClient) -> None:
    assert found(ask(opened, key="esat")) == {"propre-lyon"}
    assert found(ask(opened, key="linen")) == set()
    page = ask(opened, key="esat", q="nettoyage")["links"]["page"]
    assert "kind=ESAT" in page
    assert "region" not in page  # the page keeps to it by itself


def test_it_can_not_start_on_half_a_scope(configured: Settings, mappings: Mappings) -> None:
    with pytest.raises(SettingsError, match=r"DISCOVERY_SCOPE: region=Lyon does not exist"):
        create_app(
            replace(configured, scope="region=Lyon sector=hygiene-et-proprete"), mappings=mappings
        )
