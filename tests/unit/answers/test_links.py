from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from discovery.answers.links import address, change, pages, pairs
from discovery.engine.port import FACETS, Box
from discovery.http.api.endpoint import read_query
from discovery.search.query import MAX_DEPTH, SORTS, Query

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
NAME = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=20)
VALUES = st.lists(NAME.filter(lambda text: "," not in text), max_size=3, unique=True).map(tuple)
DEGREES = st.floats(-90, 90)

QUERIES = st.builds(
    Query,
    q=TEXT.filter(lambda text: not text or text.strip() != ""),
    interpret=st.booleans(),
    literal=st.lists(NAME, max_size=2, unique=True).map(tuple),
    kind=VALUES,
    sector=VALUES,
    employees=st.sampled_from([(), ("500+",), ("1-9", "500+")]),
    place=st.lists(NAME, max_size=2, unique=True).map(tuple),
    near=st.one_of(st.just(""), NAME),
    lat=st.none() | DEGREES,
    lon=st.none() | DEGREES,
    radius=st.none() | st.floats(1, 500),
    bbox=st.none() | st.builds(Box, DEGREES, DEGREES, DEGREES, DEGREES),
    coverage=st.none() | st.sampled_from(["located", "serves"]),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 500),
    per_page=st.integers(1, 100),
    facets=st.none()
    | st.just(())
    | st.lists(st.sampled_from(FACETS), min_size=1, unique=True).map(tuple),
    lang=st.sampled_from(["fr", "en"]),
)


@given(QUERIES)
def test_reading_an_address_gives_the_query_that_made_it(query: Query) -> None:
    query_string = urlsplit(address("/search", query)).query
    assert read_query(MultiDict(parse_qsl(query_string, keep_blank_values=True))) == (query, [])


def test_values_are_written_as_people_write_them() -> None:
    query = Query(
        radius=30.0, lat=45.7677, lon=-1.0, kind=("ESAT", "EI"), place=("commune:69123",), facets=()
    )
    assert pairs(query) == [
        ("kind", "ESAT,EI"),
        ("place", "commune:69123"),
        ("lat", "45.7677"),
        ("lon", "-1"),
        ("radius", "30"),
        ("facets", "none"),
    ]


@given(page=st.integers(1, 200), per_page=st.integers(1, 100), total=st.integers(0, 20_000))
def test_pages_lead_to_what_exists_and_may_be_asked(page: int, per_page: int, total: int) -> None:
    found = pages("/s", Query(page=page, per_page=per_page), total)
    assert (found["prev"] is None) == (page == 1)
    exists = page * per_page < total
    allowed = (page + 1) * per_page <= MAX_DEPTH
    assert (found["next"] is not None) == (exists and allowed)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"radius": 50.0}, {"radius": 50}),
        ({"radius": 12.5}, {"radius": 12.5}),
        ({"kind": (), "near": "", "lat": None}, {"kind": None, "near": None, "lat": None}),
        ({"place": ("region:84",)}, {"place": ["region:84"]}),
        ({"q": "nettoyage"}, {"q": "nettoyage"}),
    ],
)
def test_a_change_is_said_in_json(changes: dict[str, Any], shown: dict[str, Any]) -> None:
    assert change(changes) == shown
