"""Who does the trade next door and declares other places for it: shown apart, never counted, never
hidden.
"""

import pytest

from discovery.search.query import Query
from discovery.search.service import SearchService
from tests.contract.conftest import ServiceFactory
from tests.contract.corpus import GRENOBLE, LYON, VILLEURBANNE, at, does, everywhere, supplier

WOOD, CLEANING = "menuiserie", "nettoyage-de-locaux"
ISERE = at("department:38")


@pytest.fixture(scope="module")
def service(service_factory: ServiceFactory) -> SearchService:
    both = [does(WOOD, zone=ISERE), does(CLEANING, zone=everywhere())]
    return service_factory(
        [
            supplier("here", town=LYON, activities=[does(WOOD)]),
            supplier("comes", town=VILLEURBANNE, activities=[does(WOOD, zone=everywhere())]),
            supplier("next door", town=VILLEURBANNE, activities=[does(WOOD, zone=ISERE)]),
            supplier("joins", town=VILLEURBANNE, activities=both),
            supplier("far", town=GRENOBLE, activities=[does(WOOD, zone=ISERE)]),
            supplier("other trade", town=VILLEURBANNE, activities=[does(CLEANING)]),
        ]
    )


def test_neighbours_outside_their_zone_are_shown_apart(service: SearchService) -> None:
    answer = service.search(Query(q="menuiserie Lyon"))
    assert [hit.id for hit in answer.page.hits] == ["here", "comes"]
    assert answer.page.total == 2
    assert answer.neighbours is not None
    assert {hit.id for hit in answer.neighbours.hits} == {"joins", "next door"}
    assert all(
        hit.distance_km is not None and hit.distance_km < 30 for hit in answer.neighbours.hits
    )


@pytest.mark.parametrize(
    "query",
    [
        Query(q="menuiserie"),
        Query(q="menuiserie Isère"),
        Query(q="menuiserie à 20 km de Lyon"),
        Query(q="menuiserie Lyon", national="only"),
        Query(q="menuiserie Lyon", page=2),
    ],
)
def test_there_are_none_without_a_town_nor_in_a_circle(
    query: Query, service: SearchService
) -> None:
    assert service.search(query).neighbours is None


def test_filters_hold_for_them_too(service: SearchService) -> None:
    assert service.search(Query(q="menuiserie Lyon", kind=("GEIQ",))).neighbours is None
