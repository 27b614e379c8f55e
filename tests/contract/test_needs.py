"""What is needed decides who matches; exclusions take suppliers out; undeclared zones are presumed: on every engine."""

from dataclasses import replace
from typing import Any

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    Coverage,
    Filters,
    MatchedBy,
    Need,
    Order,
    SearchEngine,
    SearchRequest,
    ServesBy,
)
from tests.contract.asking import SIGNALS, commune, department, ids, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import GRENOBLE, LYON, PARIS, VILLEURBANNE, at, does, everywhere, supplier, within

CLEANING, WOOD, GROUP = "nettoyage-de-locaux", "menuiserie", "hygiene-et-proprete"
RHONE = department("69", "84")


def presumed(km: int = 50, sector: str | None = None) -> dict[str, Any]:
    """An activity whose zone nobody declared, around Lyon; without a sector, that of a supplier that declares none."""
    zone = {"scope": "presumed", "radius_km": km, "location": {"lat": LYON.lat, "lon": LYON.lon}}
    return zone if sector is None else does(sector, zone=zone)


def need(analysis: Analysis, *sectors: str, text: str = "") -> Need:
    """A trade by its sectors, and words all of which tell of it."""
    held = words(analysis, text).words if text else ()
    return Need(sectors, held, max(1, len(held)))


def needing(analysis: Analysis, *needs: Need, text: str = "nettoyage", **changes: Any) -> SearchRequest:
    """The needs first, what stands besides last, as `signals` of the default profile have them."""
    given: dict[str, Any] = {"order": Order.RELEVANCE, "signals": SIGNALS, "size": 100, **changes}
    return SearchRequest(text=words(analysis, text), needs=needs, **given)


def how(engine: SearchEngine, request: SearchRequest) -> dict[str, Any]:
    return {hit.id: hit.matched_by for hit in engine.search(request).hits}


# who matches


@pytest.fixture(scope="module")
def trades(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(
        [
            supplier("declares", activities=[does(CLEANING)]),
            supplier("registered", evidence_sectors=[CLEANING, GROUP]),
            supplier("mentions", description="nettoyage de vitres"),
            supplier("says half of it", description="nettoyage"),
            supplier("another trade", activities=[does(WOOD)], description="bureaux propres"),
        ]
    )


def test_the_need_alone_decides_who_matches(trades: SearchEngine, analysis: Analysis) -> None:
    """An activity of the trade, evidence of it, or its words; other words only add to the score."""
    asked = needing(
        analysis,
        need(analysis, CLEANING, text="nettoyage vitres"),
        text="nettoyage vitres bureaux propres deux fois par mois",
    )
    assert how(trades, asked) == {
        "declares": MatchedBy.ACTIVITY,
        "registered": MatchedBy.EVIDENCE,
        "mentions": MatchedBy.MENTION,
    }


# exclusions


def without(engine: SearchEngine, analysis: Analysis, **changes: Any) -> set[str]:
    return {*ids(engine, needing(analysis, need(analysis, GROUP, text="nettoyage"), **changes))}


@pytest.fixture(scope="module")
def excludable(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(
        [
            supplier("offices", activities=[does(CLEANING)]),
            supplier("windows", activities=[does("nettoyage-de-vehicules")], description="nettoyage"),
            supplier("both", activities=[does(CLEANING), does("nettoyage-de-vehicules")]),
            supplier("windows and wood", activities=[does("nettoyage-de-vehicules"), does(WOOD)]),
            supplier("lends", activities=[does(CLEANING, services=["DISP"])], kind="AI"),
            supplier("lends and cleans", activities=[does(CLEANING, services=["DISP", "PREST"])], kind="AI"),
            supplier("declares nothing", description="nettoyage", kind="ESAT", town=PARIS, networks=["unapei"]),
            supplier("registered", evidence_sectors=[CLEANING, GROUP], certifications=["rge"]),
        ]
    )


ALL = {
    "offices",
    "windows",
    "both",
    "windows and wood",
    "lends",
    "lends and cleans",
    "declares nothing",
    "registered",
}


@pytest.mark.parametrize(
    ("exclude", "gone"),
    [
        (Filters(), set()),
        (Filters(kind=("ESAT",)), {"declares nothing"}),
        (Filters(kind=("ESAT", "AI")), {"declares nothing", "lends", "lends and cleans"}),
        (Filters(kind_group=("handicap",)), {"declares nothing"}),
        (Filters(network=("unapei",), certification=("rge",)), {"declares nothing", "registered"}),
        (Filters(service_type=("DISP",)), {"lends"}),
        (Filters(sector=("nettoyage-de-vehicules",)), {"windows", "windows and wood"}),
    ],
)
def test_an_exclusion_takes_suppliers_out(
    exclude: Filters, gone: set[str], excludable: SearchEngine, analysis: Analysis
) -> None:
    """A kind by the kind; a sector or a service type only when it is all that meets the need, words or not."""
    assert without(excludable, analysis, exclude=exclude) == ALL - gone


# presumed zones


@pytest.fixture(scope="module")
def undeclared(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(
        [
            supplier("no activity", activities=[presumed()]),
            supplier("no zone", activities=[presumed(sector=CLEANING)]),
            supplier("too far", activities=[presumed(2, CLEANING)]),
            supplier("declared", activities=[does(CLEANING, zone=within(100))]),
            supplier("national", town=PARIS, activities=[does(CLEANING, zone=everywhere())]),
            supplier("no point", location=None, activities=[{**at(LYON.place), "scope": "presumed", "radius_km": 50}]),
        ]
    )


AROUND = replace(commune(GRENOBLE), zone_points=(VILLEURBANNE.point,))
"""Grenoble, if it lay 5 km from Lyon: near enough for what is presumed."""


def test_an_undeclared_zone_is_presumed_around_the_seat(undeclared: SearchEngine) -> None:
    """Counts for `any` and `serves`, is a facet value of its own, and `presumed=exclude` leaves it out."""
    asked = SearchRequest(targets=(AROUND,), coverage=Coverage.SERVES)
    page = undeclared.search(asked)
    assert {hit.id: hit.serves_by for hit in page.hits} == {
        "no activity": ServesBy.PRESUMED,
        "no zone": ServesBy.PRESUMED,
        "declared": ServesBy.NEAR,
        "national": ServesBy.NATIONAL,
    }
    assert page.facets["coverage"] == {"serves": 4, "any": 4, "presumed": 2}
    alone = undeclared.search(replace(asked, coverage=Coverage.PRESUMED))
    assert {hit.id for hit in alone.hits} == {"no activity", "no zone"}
    without_it = undeclared.search(replace(asked, presumed=False))
    assert {hit.id for hit in without_it.hits} == {"declared", "national"}
    assert without_it.facets["coverage"] == {"serves": 2, "any": 2}
    assert undeclared.search(replace(asked, presumed=False, coverage=Coverage.PRESUMED)).total == 0


# tiers


def order_of(engine: SearchEngine, analysis: Analysis, **changes: Any) -> list[str]:
    asked = needing(analysis, need(analysis, CLEANING, text="nettoyage"), targets=(RHONE,), **changes)
    return ids(engine, asked)


def test_the_trade_then_the_place_then_the_rest(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """In this order of strength, whatever profiles and words say; of one town, whoever is surest to come."""
    rich: dict[str, Any] = {
        "completeness": 100,
        "certifications": ["rge", "iso-9001", "iso-14001"],
        "updated_at": "2026-02-28",
        "sector_terms": ["nettoyage"],
    }
    zone = {"scope": "presumed", "places": ["department:69"], "radius_km": 50}
    documents = [
        supplier("1 seated", activities=[does(CLEANING)], completeness=0),
        supplier("2 near", town=GRENOBLE, activities=[does(CLEANING, zone=at("department:69"))], **rich),
        supplier("3 national", town=GRENOBLE, activities=[does(CLEANING, zone=everywhere())], **rich),
        supplier("4 presumed", town=GRENOBLE, activities=[does(CLEANING, zone=zone)], **rich),
        supplier("5 evidence", evidence_sectors=[CLEANING], **rich),
        supplier("6 mention", **rich | {"name": "nettoyage nettoyage"}),
        supplier("7 mention", town=GRENOBLE, activities=[does(WOOD, zone=everywhere())], **rich),
    ]
    assert order_of(engine_factory(documents), analysis) == [document["id"] for document in documents]


def test_kilometres_weigh_against_the_promise(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Who serves all of France from next door is a neighbour; who only declares the place from afar is none."""
    engine = engine_factory(
        [
            supplier("a from afar", town=PARIS, activities=[does(CLEANING, zone=at("commune:69123"))]),
            supplier("b next door", town=VILLEURBANNE, activities=[does(CLEANING, zone=everywhere())]),
            supplier("c at home", activities=[does(CLEANING)]),
        ]
    )
    asked = needing(analysis, need(analysis, CLEANING), targets=(commune(LYON),))
    assert ids(engine, asked) == ["c at home", "b next door", "a from afar"]


def test_a_supplier_whose_name_is_typed_is_what_was_asked_for(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """ "La Maison des Tisserands" is a name before it is weaving: its bearer is not below those who weave."""
    engine = engine_factory(
        [
            supplier("weaver", activities=[does(WOOD)], sector_terms=["tisserands"]),
            supplier("bearer", name="maison tisserands"),
        ]
    )
    asked = needing(analysis, need(analysis, WOOD, text="tisserands"), text="maison tisserands")
    assert ids(engine, asked) == ["weaver", "bearer"]
    named = replace(SIGNALS, named=words(analysis, "maison tisserands").words)
    assert ids(engine, replace(asked, signals=named)) == ["bearer", "weaver"]


def test_it_serves_by_what_does_the_trade(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Joinery next door says nothing of cleaning all over France; who cleans elsewhere is no match."""
    engine = engine_factory(
        [
            supplier(
                "a",
                town=GRENOBLE,
                activities=[does(CLEANING, zone=everywhere()), does(WOOD, zone=at("department:69"))],
            ),
            supplier("b", town=GRENOBLE, activities=[does(CLEANING), does(WOOD, zone=at("department:69"))]),
            supplier(
                "c", town=GRENOBLE, activities=[does(WOOD, zone=at("department:69"))], evidence_sectors=[CLEANING]
            ),
        ]
    )
    asked = needing(analysis, need(analysis, CLEANING), targets=(RHONE,))
    found = engine.search(asked)
    assert {hit.id: hit.serves_by for hit in found.hits} == {"a": ServesBy.NATIONAL, "c": ServesBy.NEAR}
    assert found.facets["coverage"]["serves"] == 2
    assert found.facets["sector"] == {CLEANING: 1, WOOD: 1}
    here = replace(asked, targets=(department("38", "84"),))
    assert set(ids(engine, here)) == {"a", "b", "c"}, "a seat serves for all that it does"
