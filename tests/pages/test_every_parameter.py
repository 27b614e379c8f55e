"""A parameter is whole: the API describes every field of `Query`, and what narrows has its chip.

`docs/howto/add-a-filter.md` names the places. What lacks one fails here by the parameter's name.
"""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from discovery.model.attributes import ATTRIBUTES, EXCLUSIONS
from discovery.search.query import ORDER, Query
from tests.pages.reading import Reader, parameters

WITHIN = {
    "unknown": "names of no parameter",
    "as_of": "the evaluation's day",
    "scope": "the key's presets",
}
"""Fields that no address sets, and what they are."""
TURNS = {"page", "per_page", "sort", "facets", "profile", "without", "lang", "key", "cursor"}
"""Parameters that leave who is found as it is: order, pages, words, what else is answered."""
PARTS = {"lat", "lon", "near", "radius", "literal"}
"""Parts of a place or of a phrase, asked about together with it in `test_chips.py`."""
NARROWS: dict[str, str] = {
    **{one.name: one.example[0] for one in ATTRIBUTES},
    **{name: one.example[0] for name, one in EXCLUSIONS.items()},
    "place": "department:69",
    "not_place": "department:69",
    "minutes": "45",
    "bbox": "4.0,45.0,5.5,46.5",
    "coverage": "located",
    "national": "only",
    "presumed": "exclude",
    "trades": "unknown",
    "interpret": "false",
    "cpv": "90910000",
    "naf": "81.21Z",
    "rome": "K2204",
}
"""Parameters that change who is found, each with a value: a chip says so, and takes it away."""
DESCRIBED = json.loads((Path(__file__).parents[1] / "api/openapi.json").read_text(encoding="utf-8"))


def test_every_field_of_a_query_is_of_one_sort() -> None:
    sorts = [{"q"}, set(WITHIN), TURNS, PARTS, set(NARROWS)]
    assert sorted(name for sort in sorts for name in sort) == sorted(
        item.name for item in fields(Query)
    ), "say here what a new parameter is"


def test_the_api_describes_every_parameter() -> None:
    asked = DESCRIBED["paths"]["/api/v1/search"]["get"]["parameters"]
    described = {one["name"]: one["description"] for one in asked if "name" in one}
    assert {*ORDER} - {*WITHIN} == {*described}
    assert all(described.values())


@pytest.mark.parametrize("name", NARROWS)
def test_what_narrows_has_a_chip_that_takes_it_away(reader: Reader, name: str) -> None:
    beside = {"coverage": "department:69", "presumed": "department:69", "minutes": "commune:69123"}
    asked = {name: NARROWS[name]} | ({"place": beside[name]} if name in beside else {})
    page = reader.search("nettoyage", **asked)
    removals = [
        parameters(link)
        for link in [*page.chips("active").values(), *page.chips("understood").values()]
    ]
    assert any(name not in left for left in removals), (
        f"no chip takes {name} away: pages/results/chips.py"
    )
    assert all(left.get("q", ["nettoyage"]) == ["nettoyage"] for left in removals)
