"""The bodies that requests compile to, kept as files for people to read and compare.

    UPDATE_GOLDEN=1 .venv/bin/pytest tests/unit/elasticsearch/test_bodies.py

writes them again; the change is then to be read in the diff.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from discovery.engine.elasticsearch.query import lookups, search
from discovery.engine.port import (
    Alternative,
    Coverage,
    DistanceSignal,
    Filters,
    FreshnessSignal,
    National,
    Need,
    Order,
    Point,
    SearchRequest,
    SeaSignal,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
    drawn,
)
from discovery.mappings.profiles import Promise, TradeTiers
from tests.contract import worlds

GOLDEN = Path(__file__).parent / "golden"
LYON = Point(45.7677, 4.8354)
TEXT = TextQuery(
    (
        Word("vitres", (Alternative("vitr"), Alternative("carreau", 0.85))),
        Word("bureaux", (Alternative("bureau"),)),
    ),
    2,
    (("sector_terms", 3.0), ("name", 2.0)),
    0.15,
)
SIGNALS = Signals(
    base=1.0,
    trade=TradeTiers(36, 12, 4),
    promise=Promise(1, 0.9, 0.8, 0.3),
    text=TextSignal(0.25, 30),
    distance=DistanceSignal(0.5, (LYON, Point(45.77, 4.88)), 3, 25, 250, 0.45),
    completeness=0.08,
    certifications=0.04,
    freshness=FreshnessSignal(0.05, date(2026, 3, 1), 180, 720, 0.5),
    sea=SeaSignal(0.001, frozenset({"971", "974"})),
    rotation=drawn("2026-03-01 vitres"),
)
NEED = Need(("menuiserie",), TEXT.words, 2)
COMMUNE = Target(
    communes=frozenset({"69123"}),
    zone_places=frozenset({"commune:69123", "department:69", "region:84"}),
    zone_points=(LYON,),
)
DEPARTMENT = Target(
    departments=frozenset({"69"}),
    zone_places=frozenset({"department:69", "region:84"}),
    zone_within=frozenset({"department:69"}),
)
PLAIN = SearchRequest(facets=())
BODIES = {
    "signals": search.body(
        replace(
            PLAIN,
            text=TEXT,
            signals=SIGNALS,
            targets=(COMMUNE,),
            needs=(NEED,),
            order=Order.RELEVANCE,
        )
    ),
    "exclusions": search.body(
        replace(
            PLAIN,
            exclude=Filters(kind=("ESAT",), sector=("traiteur",), service_type=("DISP", "PREST")),
            exclude_targets=(DEPARTMENT,),
            needs=(NEED,),
            text=TEXT,
            presumed=False,
        )
    ),
    "one_activity": search.body(
        replace(PLAIN, filters=Filters(sector=("menuiserie",), service_type=("PREST",)))
    ),
    "facets_counts": search.counts(
        SearchRequest(
            text=TEXT, filters=Filters(kind=("EI",), sector=("menuiserie",)), targets=(COMMUNE,)
        )
    ),
    "lookup_names": lookups.names(["atelier", "bo"], "", 10),
}
"""What other requests compile to is held by the contract: both engines give the oracle's answers.
"""


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_the_one_kept(name: str) -> None:
    file = GOLDEN / f"{name}.json"
    text = json.dumps(BODIES[name], indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, (
        "if it should change: UPDATE_GOLDEN=1, as CONTRIBUTING says"
    )


def test_no_file_is_kept_for_nothing() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        for file in GOLDEN.glob("*.json"):
            if file.stem not in BODIES:
                file.unlink()
    assert {file.stem for file in GOLDEN.glob("*.json")} == BODIES.keys()


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name of an object with its value, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


@given(worlds.requests())
def test_bodies_use_what_any_node_has(request_: SearchRequest) -> None:
    """No scripts, which a cluster may forbid; nothing of the paid or optional modules."""
    used = {name for name, _ in (*parts(search.body(request_)), *parts(search.counts(request_)))}
    assert used.isdisjoint(
        {"script", "script_score", "script_fields", "rank_feature", "fuzzy", "fuzziness"}
    )
    assert used.isdisjoint({"match", "multi_match", "query_string"}), (
        "words are analysed by us, once"
    )


@given(worlds.requests())
def test_filters_never_score(request_: SearchRequest) -> None:
    """What a filter asks stands where nothing is scored: in `filter`, the post filter, a function's
    filter.
    """
    body = search.body(replace(request_, order=Order.RELEVANCE, signals=Signals()))
    alone = search.body(
        SearchRequest(text=request_.text, needs=request_.needs, order=Order.RELEVANCE, facets=())
    )
    for scoring in ("must", "should"):
        assert body["query"]["bool"].get(scoring) == alone["query"]["bool"].get(scoring)


@given(worlds.requests())
def test_a_body_is_always_the_same(request_: SearchRequest) -> None:
    """Sets have no order of their own; two processes must ask the same, or replicas would shuffle
    pages.
    """
    for compiled in (search.body, search.counts):
        assert json.dumps(compiled(request_)) == json.dumps(compiled(replace(request_)))
        for name, value in parts(compiled(request_)):
            if name == "terms" and "field" not in value:
                assert all(values == sorted(values) for values in value.values())


@given(worlds.requests())
def test_facets_are_the_same_for_every_page_in_any_order(request_: SearchRequest) -> None:
    """So that Elasticsearch need not count them again."""
    turned = replace(request_, offset=60, size=7, order=Order.NAME, signals=Signals())
    assert search.counts(turned) == search.counts(request_)


@given(worlds.requests())
def test_pages_of_a_search_go_to_the_same_copy(request_: SearchRequest) -> None:
    body = search.body(request_)
    assert search.preference(body) == search.preference(
        search.body(replace(request_, offset=60, size=7))
    )
    assume("match_none" not in json.dumps(body))
    other = replace(request_, filters=replace(request_.filters, siret="42"))
    assert search.preference(body) != search.preference(search.body(other))
    assert not search.preference(body).startswith("_")


def test_a_plain_where_narrows_the_query_and_no_aggregation_asks_it_of_all_again() -> None:
    body = search.counts(SearchRequest(targets=(COMMUNE,)))
    assert body["aggs"]["placed"]["filter"] == {"match_all": {}}
    assert "geo_distance" in json.dumps(body["query"]) or "activities.places" in json.dumps(
        body["query"]
    )


@pytest.mark.parametrize(
    "narrow",
    [
        {"coverage": Coverage.LOCATED},
        {"coverage": Coverage.SERVES},
        {"national": National.EXCLUDE},
        {"national": National.ONLY},
        {"filters": Filters(sector=("menuiserie",))},
        {"filters": Filters(service_type=("PREST",))},
    ],
)
def test_what_a_facet_may_widen_stays_out_of_the_query(narrow: dict[str, Any]) -> None:
    body = search.counts(SearchRequest(targets=(COMMUNE,), **narrow))
    assert not {"activities", "commune"} & set(re.findall(r"[a-z]+", json.dumps(body["query"])))
    assert body["aggs"]["placed"]["filter"] != {"match_all": {}}


def test_activities_are_counted_one_by_one_only_of_suppliers_whose_zones_differ() -> None:
    free = search.counts(SearchRequest(targets=(COMMUNE,)))["aggs"]["free"]["aggs"]
    assert [name for name in free if name.startswith("both")] == [
        "both_seated_together",
        "both_serving_together",
        "both_serving",
    ]
    assert {"term": {"one_zone": True}} in free["both_serving"]["filter"]["bool"]["must_not"]
    assert "reverse_nested" not in json.dumps(free["both_serving_together"])
    nowhere = search.counts(SearchRequest())["aggs"]
    assert "nested" not in json.dumps(nowhere["free"]["aggs"]["both_all_together"])
    chosen = search.counts(SearchRequest(filters=Filters(sector=("menuiserie",))))["aggs"]["free"][
        "aggs"
    ]
    assert set(chosen) >= {"sectors_all_together", "services_all"}, (
        "only the sector's own facet leaves it aside"
    )
