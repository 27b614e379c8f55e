"""The engine answers late, in part or not at all: the service says so at once, and is back by
itself.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from discovery.app import create_app
from discovery.engine.definition import define
from discovery.mappings import Settings, load_mappings
from tests.door import Door
from tests.elasticsearch import GROUP, index_of
from tests.generated import documents

pytestmark = pytest.mark.xdist_group(GROUP)
ADDRESSES = (
    "/api/v1/search?q=nettoyage+à+Lyon",
    "/api/v1/suppliers/sample-000001",
    "/api/v1/suppliers?siret=999000006",
    "/readyz",
)


@pytest.fixture(scope="module")
def index(elasticsearch_url: str) -> str:
    return index_of(define(load_mappings()), documents(50))


@pytest.fixture
def door(elasticsearch_url: str) -> Iterator[Door]:
    with Door(elasticsearch_url).standing() as door:
        yield door


@pytest.fixture
def client(door: Door, index: str, tmp_path: Path) -> FlaskClient:
    settings = Settings(home=tmp_path, engine=door.url(), index_prefix=index, engine_timeout=0.3)
    return create_app(settings).test_client()


def status(client: FlaskClient, address: str) -> int:
    return client.get(address).status_code


def wait_for(client: FlaskClient, address: str, expected: int) -> None:
    for _ in range(600):
        if status(client, address) == expected:
            return
        time.sleep(0.1)
    pytest.fail(f"{address} never answered {expected}")


def assert_said(client: FlaskClient, address: str) -> None:
    """Unavailable, with what is wrong and when to come back."""
    answer = client.get(address)
    assert answer.status_code == 503, address
    assert answer.mimetype == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    assert (
        "search engine" in answer.get_json()["reason"]
        or "the search took" in answer.get_json()["reason"]
    )


def test_an_engine_that_does_not_answer_is_left_alone_until_it_does(
    client: FlaskClient, door: Door
) -> None:
    wait_for(client, ADDRESSES[0], 200)
    door.close()
    for address in ADDRESSES * 2:
        assert_said(client, address)
    came = door.came
    for address in ADDRESSES * 5:
        assert_said(client, address)
    assert door.came - came < len(ADDRESSES), (
        "but for one who tries now and then, the breaker keeps callers away"
    )
    page = client.get("/?q=nettoyage", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert status(client, "/healthz") == 200
    door.open()
    for address in (ADDRESSES[0], "/readyz"):
        wait_for(client, address, 200)


def test_an_answer_in_part_is_not_passed_on(client: FlaskClient, door: Door) -> None:
    wait_for(client, ADDRESSES[0], 200)
    door.change = lambda body: body.replace(b'"timed_out":false', b'"timed_out":true')
    assert_said(client, ADDRESSES[0])
    door.change = bytes
    wait_for(client, ADDRESSES[0], 200)


def test_a_service_that_starts_first_is_ready_when_its_engine_is(
    door: Door, index: str, tmp_path: Path
) -> None:
    door.close()
    settings = Settings(home=tmp_path, engine=door.url(), index_prefix=index, engine_timeout=0.3)
    client = create_app(settings).test_client()
    assert_said(client, "/readyz")
    assert_said(client, ADDRESSES[0])
    door.open()
    wait_for(client, "/readyz", 200)
    assert status(client, ADDRESSES[0]) == 200
