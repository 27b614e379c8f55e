"""`Server-Timing`: where a request's time went, told with every answer."""

import pytest
from flask.testing import FlaskClient

from tests.tables import cases
from tools.bench.timing import stages

GZIP = {"Accept-Encoding": "gzip"}


def told(client: FlaskClient, path: str, **headers: str) -> dict[str, float]:
    return stages(client.get(path, headers=headers).headers["Server-Timing"])


@pytest.mark.parametrize(("path", "expected"), cases(__file__, "the_stages_of_each_way_in"))
def test_the_stages_of_each_way_in(client: FlaskClient, path: str, expected: list[str]) -> None:
    found = told(client, path, **GZIP)
    assert [name for name in found if name in expected] == expected
    assert list(found)[-1] == "total"
    assert set(found) - {*expected, "total", "gzip"} == set()


def test_words_that_name_no_trade_are_given_to_the_classifier(client: FlaskClient) -> None:
    assert "classify" in told(client, "/api/v1/search?q=objets+trouves+ailleurs")
    assert "classify" not in told(
        client, "/api/v1/search?q=objets+trouves+ailleurs&interpret=false"
    )


def test_stages_add_up_to_less_than_the_total(client: FlaskClient) -> None:
    found = told(client, "/api/v1/search?q=nettoyage+lyon", **GZIP)
    total = found.pop("total")
    assert all(milliseconds >= 0 for milliseconds in found.values())
    assert sum(found.values()) <= total + 0.01 * len(found), "each is rounded to a hundredth"


def test_a_script_of_another_site_may_read_it(client: FlaskClient) -> None:
    assert "Server-Timing" in client.get("/api/v1/search").headers["Access-Control-Expose-Headers"]
