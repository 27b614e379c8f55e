"""What is needed decides the order, on every engine; who matches, the oracle says."""

from dataclasses import replace
from typing import Any

from discovery.engine.analysis import Analysis
from discovery.engine.port import Need, Order, SearchRequest
from tests.contract.asking import SIGNALS, commune, department, ids, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import (
    GRENOBLE,
    LYON,
    PARIS,
    VILLEURBANNE,
    at,
    does,
    everywhere,
    supplier,
)

CLEANING, WOOD = "nettoyage-de-locaux", "menuiserie"
RHONE = department("69", "84")


def need(analysis: Analysis, *sectors: str, text: str = "") -> Need:
    """A trade by its sectors, and words all of which tell of it."""
    held = words(analysis, text).words if text else ()
    return Need(sectors, held, max(1, len(held)))


def needing(
    analysis: Analysis, *needs: Need, text: str = "nettoyage", **changes: Any
) -> SearchRequest:
    """The needs first, what stands besides last, as `signals` of the default profile have them."""
    given: dict[str, Any] = {"order": Order.RELEVANCE, "signals": SIGNALS, "size": 100, **changes}
    return SearchRequest(text=words(analysis, text), needs=needs, **given)


def test_the_trade_then_the_place_then_the_rest(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """In this order of strength, whatever profiles and words say; of one town, whoever is surest to
    come.
    """
    rich: dict[str, Any] = {
        "completeness": 100,
        "certifications": ["rge", "iso-9001", "iso-14001"],
        "updated_at": "2026-02-28",
        "sector_terms": ["nettoyage"],
    }
    zone = {"scope": "presumed", "places": ["department:69"], "radius_km": 50}
    documents = [
        supplier("1 seated", activities=[does(CLEANING)], completeness=0),
        supplier(
            "2 near", town=GRENOBLE, activities=[does(CLEANING, zone=at("department:69"))], **rich
        ),
        supplier(
            "3 national", town=GRENOBLE, activities=[does(CLEANING, zone=everywhere())], **rich
        ),
        supplier("4 presumed", town=GRENOBLE, activities=[does(CLEANING, zone=zone)], **rich),
        supplier("5 evidence", evidence_sectors=[CLEANING], **rich),
        supplier("6 mention", **rich | {"name": "nettoyage nettoyage"}),
        supplier("7 mention", town=GRENOBLE, activities=[does(WOOD, zone=everywhere())], **rich),
    ]
    asked = needing(analysis, need(analysis, CLEANING, text="nettoyage"), targets=(RHONE,))
    assert ids(engine_factory(documents), asked) == [document["id"] for document in documents]


def test_kilometres_weigh_against_the_promise(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """Who serves all of France from next door is a neighbour; who only declares the place from afar
    is none.
    """
    engine = engine_factory(
        [
            supplier(
                "a from afar", town=PARIS, activities=[does(CLEANING, zone=at("commune:69123"))]
            ),
            supplier(
                "b next door", town=VILLEURBANNE, activities=[does(CLEANING, zone=everywhere())]
            ),
            supplier("c at home", activities=[does(CLEANING)]),
        ]
    )
    asked = needing(analysis, need(analysis, CLEANING), targets=(commune(LYON),))
    assert ids(engine, asked) == ["c at home", "b next door", "a from afar"]


def test_a_supplier_whose_name_is_typed_is_what_was_asked_for(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """ "La Maison des Tisserands" is a name before it is weaving: its bearer is not below those who
    weave.
    """
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
