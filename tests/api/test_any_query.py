"""Whatever is asked: a valid answer, or a valid problem; never an accident."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.answers.search import SearchAnswer
from discovery.http.api.parameters import PARAMETERS
from discovery.http.problems import ProblemBody
from discovery.search.query import Query, composed
from tests.examples import some
from tests.shapes import faults

PIECES = (
    "nettoyage à 30 km de Lyon", "ESAT", "EI,AI", "69", "commune:69123", "department:69", "country", "Lyon", "45.76",
    "-4.8", "1e3", "nan", "0", "-1", "999999", "true", "none", "kind", "distance", "any", "only", "500+", "1,2,3,4",
    "4.7,45.6,5.1,45.9", "180,-90,-180,90", "é", "\0", "a" * 301, "'\"<>", "%", "٣", "rge", "nettoyage-de-locaux", "fr",
    "en", "balanced", "",
)  # fmt: skip
VALUE = st.sampled_from(PIECES) | st.text(max_size=40)
NAME = st.sampled_from(PARAMETERS) | st.text(max_size=10)
ARGUMENTS = st.lists(st.tuples(NAME, VALUE), max_size=8)


def encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@settings(
    max_examples=some(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ARGUMENTS)
def test_any_query_is_answered_or_refused(app: Flask, arguments: list[tuple[str, str]]) -> None:
    given = [(encodable(name), encodable(value)) for name, value in arguments]
    response = app.test_client().get("/api/v1/search", query_string=given)
    body = response.get_json(force=True)
    if response.status_code == 200:
        assert faults(SearchAnswer, body) == []
        assert len(body["results"]) <= body["total"]["value"]
    else:
        assert response.status_code in {400, 403, 422}, body
        assert response.mimetype == "application/problem+json"
        assert faults(ProblemBody, body) == []
        assert response.status_code == 403 or body["errors"]  # 403: a key that is none


@settings(
    max_examples=some(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(q=st.text(max_size=300), lang=st.sampled_from(["fr", "en"]))
def test_any_phrase_is_answered(app: Flask, q: str, lang: str) -> None:
    q = encodable(q)
    read = composed(Query(q=q)).q  # what the offsets of pieces count in
    response = app.test_client().get("/api/v1/search", query_string={"q": q, "lang": lang})
    assert response.status_code == 200
    body = response.get_json()
    assert body["query"]["q"] == (read if q.strip() else "")
    for piece in body["query"]["interpretation"]:
        assert read[piece["start"] : piece["end"]] == piece["text"]
        assert piece["cut"][0] <= piece["start"] < piece["end"] <= piece["cut"][1]


@settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(raw=st.binary(max_size=200))
def test_any_bytes_in_an_address_are_survived(app: Flask, raw: bytes) -> None:
    query = b"".join(b"%%%02x" % byte if not chr(byte).isalnum() else bytes([byte]) for byte in raw)
    address = "/api/v1/search?q=" + query.decode("latin-1") + "&" + query.decode("latin-1") + "=1"
    assert app.test_client().get(address).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/%00",
        "/api/v1/suppliers/%2e%2e",
        "/api/v1/search/",
        "/api/../etc",
        "/\ufffd",
        "/api/v1/suppliers/%00",
    ],
)
def test_odd_paths_are_unknown(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code in {200, 308, 404}
