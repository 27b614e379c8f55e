"""Around every answer: validators, compression, who may read, what is logged, whether the service
is ready.
"""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from discovery.app import application, create_app
from discovery.context import make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.http.api.health import Ready
from discovery.mappings import Mappings, Settings
from tests.api.corpus import LISTED, SUPPLIERS, build_index
from tests.shapes import faults

SEARCH = "/api/v1/search?q=nettoyage"


def test_the_same_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first, second = client.get(SEARCH), client.get(SEARCH)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith('W/"')
    assert first.get_json()["took_ms"] > 0
    again = client.get(SEARCH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert again.headers[name] == first.headers[name]


def test_an_answer_changes_with_the_index(tmp_path: Path, mappings: Mappings) -> None:
    folder = IndexFolder(tmp_path / "index", "suppliers")
    build_index(folder, mappings, SUPPLIERS[:2])
    client = application(make_services(Settings(home=tmp_path), mappings=mappings)).test_client()
    held = client.get(SEARCH)
    assert held.get_json()["total"]["value"] == 2
    folder.remove(folder.targets().serving or "")
    build_index(folder, mappings, SUPPLIERS)
    after = client.get(SEARCH, headers={"If-None-Match": held.headers["ETag"]})
    assert after.status_code == 200
    assert after.get_json()["total"]["value"] > 2


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/vocabulary", "/api/openapi.json", "/api/docs"])
def test_long_answers_are_compressed_for_who_takes_it(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers.get("ETag") == plain.headers.get("ETag")
    unpacked = gzip.decompress(packed.data)
    if plain.mimetype == "application/json":
        ours, theirs = json.loads(unpacked), plain.get_json()
        ours.pop("took_ms", None)
        theirs.pop("took_ms", None)
        assert ours == theirs


@pytest.mark.parametrize(
    "path", [SEARCH, "/api/v1/suppliers/propre-lyon", "/api/v1/nothing", "/api/v1/search?kind=X"]
)
def test_a_page_elsewhere_may_read_answers_and_errors(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "X-Request-ID" in response.headers["Access-Control-Expose-Headers"]
    assert "Set-Cookie" not in response.headers


def test_preflights_are_answered(client: FlaskClient) -> None:
    response = client.options(
        SEARCH, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
    )
    assert response.status_code == 200
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert "POST" not in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", [SEARCH, "/api/docs", "/healthz", "/nothing"])
def test_nothing_runs_sniffs_or_frames(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_documentation_needs_nothing_inline_nor_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert "http://" not in page
    assert "https://" not in page
    for operation in ("search", "supplier", "suppliers", "vocabulary", "healthz", "readyz"):
        assert f'id="{operation}"' in page
    for example in ("nettoyage à 30 km de Lyon, ESAT ou EI", "84", "true"):
        assert f"<code>{example}" in page, "as an address holds it"
    assert client.get("/api/static/api_docs.css").status_code == 200


def test_pieces_are_logged_and_words_are_not(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get(
        "/api/v1/search", query_string={"q": "porcelaine à Lyon"}, headers={"X-Request-ID": "r-1"}
    )
    (line,) = capsys.readouterr().err.splitlines()
    logged = json.loads(line)
    assert logged["request_id"] == "r-1"
    assert logged["pieces"] == ["place"]
    assert (logged["total"], logged["zero"]) == (0, True)
    assert (logged["path"], logged["status"]) == ("/api/v1/search", 200)
    assert "porcelaine" not in line
    assert "127.0.0.1" not in line


def test_heads_are_answered_without_a_body(client: FlaskClient) -> None:
    response = client.head(SEARCH)
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["ETag"] == client.get(SEARCH).headers["ETag"]


def test_ready_when_an_index_serves(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.headers["Cache-Control"] == "no-store"
    assert faults(Ready, response.get_json()) == []
    assert response.get_json()["documents"] == len(LISTED)
    assert response.get_json()["rebuild_needed"] is False


def test_ready_as_soon_as_an_index_comes(tmp_path: Path, mappings: Mappings) -> None:
    client = create_app(Settings(home=tmp_path), mappings=mappings).test_client()
    response = client.get("/readyz")
    body = problem_without_cors(response.get_json(force=True), response.status_code)
    assert "indexer rebuild" in body["reason"]
    assert response.headers["Retry-After"]
    build_index(IndexFolder(tmp_path / "index", "suppliers"), mappings)
    assert client.get("/readyz").status_code == 200
    assert client.get(SEARCH).status_code == 200


def problem_without_cors(body: dict[str, str], status: int) -> dict[str, str]:
    assert status == 503
    assert body["type"].endswith("#problem-not-ready")
    return body


def test_other_mappings_than_the_index_s_are_ready_and_said(home: Path, mappings: Mappings) -> None:
    changed = replace(mappings, vocabulary_fingerprint="another")
    client = create_app(Settings(home=home), mappings=changed).test_client()
    assert client.get("/readyz").get_json()["rebuild_needed"] is True
    assert client.get(SEARCH).get_json()["rebuild_needed"] is True
