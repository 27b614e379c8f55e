import pytest

from discovery.http.problems import STATUS, VARYING, Details, of_parameters, slug
from discovery.search.query import MALFORMED, Problem

ARGS = dict.fromkeys(VARYING, "…")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_every_type_has_the_members_of_the_rfc(name: str, status: int, lang: str) -> None:
    body = Details(name, ARGS).body(lang)
    assert body["type"] == f"/api/docs#problem-{slug(name)}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert "errors" not in body


@pytest.mark.parametrize("code", sorted(MALFORMED))
def test_unreadable_means_400(code: str) -> None:
    assert of_parameters([Problem("p", "v", code, {"value": "v", "parameter": "p"})]).status == 400
