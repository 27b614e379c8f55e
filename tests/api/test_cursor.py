"""Cursors: a walk through an answer, page by page, however deep."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.search.query import WALKED

START = {"id": "", "name": "", "updated": "", "listed": "", "distance": "&near=Lyon"}


def get(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def pages(client: FlaskClient, address: str) -> Iterator[dict[str, Any]]:
    follow: str | None = address
    while follow:
        body = get(client, follow)
        yield body
        follow = body["links"]["next"]


def ids(body: dict[str, Any]) -> list[str]:
    return [one["id"] for one in body["results"]]


@pytest.mark.parametrize("sort", WALKED)
@pytest.mark.parametrize("per_page", [1, 2, 5, 100])
@pytest.mark.parametrize("q", ["", "nettoyage", "menuizerie bois"])
def test_following_next_gives_everyone_once(
    client: FlaskClient, sort: str, per_page: int, q: str
) -> None:
    start = f"/api/v1/search?q={q}&sort={sort}{START[sort]}"
    whole = get(client, f"{start}&per_page=100")
    walked = list(pages(client, f"{start}&per_page={per_page}"))
    assert [id for body in walked for id in ids(body)] == ids(whole)
    assert all(body["results"] for body in walked), "no empty page at the end"
    assert {body["total"]["value"] for body in walked} == {whole["total"]["value"]}
    assert all("cursor=" in (body["links"]["next"] or "cursor=") for body in walked)
    assert walked[-1]["links"]["next"] is None


def test_a_page_by_cursor_is_itself_again(client: FlaskClient) -> None:
    second = get(client, get(client, "/api/v1/search?sort=name&per_page=3")["links"]["next"])
    again = get(client, second["links"]["self"])
    assert ids(again) == ids(second)
    assert again["links"] == second["links"]
    assert second["links"]["prev"] is None


def test_a_walk_may_change_its_pace_its_language_and_its_facets(client: FlaskClient) -> None:
    first = get(client, "/api/v1/search?sort=id&per_page=2")
    cursor = first["links"]["next"].partition("cursor=")[2]
    rest = get(client, f"/api/v1/search?sort=id&per_page=100&lang=en&facets=none&cursor={cursor}")
    assert sorted([*ids(first), *ids(rest)]) == ids(
        get(client, "/api/v1/search?sort=id&per_page=100")
    )


def test_pages_by_number_stay(client: FlaskClient) -> None:
    by_number = [
        ids(get(client, f"/api/v1/search?sort=name&per_page=4&page={page}")) for page in (1, 2)
    ]
    first = get(client, "/api/v1/search?sort=name&per_page=4")
    assert [ids(first), ids(get(client, first["links"]["next"]))] == by_number
    assert "page=2" in get(client, "/api/v1/search?per_page=4")["links"]["next"], (
        "relevance is paged by number"
    )


def refused(client: FlaskClient, address: str) -> tuple[int, list[str], list[str]]:
    response = client.get(address)
    errors = response.get_json()["errors"]
    return response.status_code, [one["code"] for one in errors], [one["message"] for one in errors]


def test_by_relevance_a_cursor_is_refused_with_what_to_do(client: FlaskClient) -> None:
    cursor = get(client, "/api/v1/search?sort=name&per_page=2")["links"]["next"].partition(
        "cursor="
    )[2]
    for sort in ("", "&sort=relevance"):
        status, codes, [message] = refused(
            client, f"/api/v1/search?per_page=2{sort}&cursor={cursor}"
        )
        assert (status, codes) == (422, ["cursor_needs_sort"])
        assert "name" in message
        assert "page" in message


def test_a_cursor_serves_its_own_search_only(client: FlaskClient) -> None:
    cursor = get(client, "/api/v1/search?sort=name&per_page=2")["links"]["next"].partition(
        "cursor="
    )[2]
    for other in (
        "sort=id",
        "sort=name&kind=ESAT",
        "sort=name&q=nettoyage",
        "sort=distance&near=Lyon",
    ):
        status, codes, _ = refused(client, f"/api/v1/search?{other}&cursor={cursor}")
        assert (status, codes) == (422, ["cursor_of_another"])
    status, codes, _ = refused(client, f"/api/v1/search?sort=name&page=2&cursor={cursor}")
    assert (status, codes) == (422, ["cursor_with_page"])


def test_a_cursor_that_was_tampered_with_is_refused(client: FlaskClient) -> None:
    cursor = get(client, "/api/v1/search?sort=name&per_page=2")["links"]["next"].partition(
        "cursor="
    )[2]
    for other in (
        cursor[:-1],
        cursor + "A",
        "A" + cursor[1:],
        cursor[::-1],
        "x",
        "é",
        "...",
        "null",
        "W10.abc",
    ):
        status, codes, _ = refused(client, f"/api/v1/search?sort=name&cursor={other}")
        assert (status, codes) == (422, ["unknown_cursor"])


def test_a_walk_keeps_the_reading_that_it_began_with(client: FlaskClient) -> None:
    """Begun leniently (a typo), every page is lenient and says so."""
    walked = list(pages(client, "/api/v1/search?q=netoyage&sort=name&per_page=1"))
    assert len(walked) > 1
    assert all(body["query"]["relaxed"] for body in walked)
