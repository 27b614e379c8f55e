from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.answers.search import SupplierList
from discovery.answers.supplier import Supplier
from discovery.http.api.vocabulary import VocabularyAnswer
from discovery.mappings import Mappings
from tests.shapes import faults


def get(client: FlaskClient, key: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/suppliers/{key}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    assert faults(Supplier, body) == []
    return body


@pytest.mark.parametrize("key", ["propre-lyon", "propre-lyon-fiche", "ancienne-adresse"])
def test_slugs_past_and_present_answer_with_the_canonical_id(client: FlaskClient, key: str) -> None:
    assert get(client, key)["id"] == "propre-lyon"
    link = client.get(f"/api/v1/suppliers/{key}").headers["Link"]
    assert link == '</api/v1/suppliers/propre-lyon>; rel="canonical"'


@pytest.mark.parametrize("key", ["fondu", "fondu-fiche", "fondu-avant", "fondu-deux-fois"])
def test_a_merged_supplier_leads_to_the_one_that_stands(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/api/v1/suppliers/{key}?lang=en")
    assert (answer.status_code, answer.location) == (308, "/api/v1/suppliers/propre-lyon?lang=en")
    followed = client.get(f"/api/v1/suppliers/{key}", follow_redirects=True)
    assert followed.get_json()["id"] == "propre-lyon"


@pytest.mark.parametrize(
    "number", ["99900000600018", "999 000 006 00018", "999000006", "999%20000%20006"]
)
def test_suppliers_of_a_company(client: FlaskClient, number: str) -> None:
    body = client.get(f"/api/v1/suppliers?siret={number}").get_json()
    assert faults(SupplierList, body) == []
    assert [one["id"] for one in body["results"]] == ["interim-lyon", "interim-lyon-bis"]
    assert body["total"] == {"value": 2, "relation": "eq"}


def test_the_vocabulary_lists_every_value_in_both_languages(
    client: FlaskClient, mappings: Mappings
) -> None:
    body = client.get("/api/v1/vocabulary").get_json()
    assert faults(VocabularyAnswer, body) == []
    known = mappings.vocabulary
    assert [one["value"] for one in body["kinds"]] == list(known.kinds)
    assert [one["value"] for one in body["sectors"]] == list(known.sectors)
    listed = [sector for group in body["sector_groups"] for sector in group["sectors"]]
    assert sorted(listed) == sorted(known.sectors)
    lists = {name: values for name, values in body.items() if name != "scope"}
    assert all(
        one["label"]["fr"] and one["label"]["en"] for values in lists.values() for one in values
    )
    for kind in body["kinds"]:
        assert kind["short"] == dict(known.kinds[kind["value"]].short)
        assert kind["for_buyers"] == dict(known.kinds[kind["value"]].for_buyers)


def test_every_listed_value_is_taken_by_its_parameter(client: FlaskClient) -> None:
    body = client.get("/api/v1/vocabulary").get_json()
    for name, parameter in (
        ("kinds", "kind"),
        ("service_types", "service_type"),
        ("employees", "employees"),
    ):
        values = ",".join(one["value"] for one in body[name])
        response = client.get("/api/v1/search", query_string={parameter: values, "per_page": 1})
        assert response.status_code == 200, response.text
