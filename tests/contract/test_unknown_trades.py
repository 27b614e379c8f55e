"""Who sits at the place and tells no trade: offered apart where few do what is needed, in no total."""

from typing import Any

import pytest

from discovery.search.query import Query
from discovery.search.service import SearchService
from tests.contract.conftest import ServiceFactory
from tests.contract.corpus import GRENOBLE, LYON, does, supplier

CLEANING, KINDS = "nettoyage-de-locaux", ("ESAT", "AI", "EA", "ESAT")


def of_real_proportions() -> list[dict[str, Any]]:
    """Fifty around Lyon and Grenoble: four of five tell no trade, some of them by evidence."""
    silent = [
        supplier(
            f"silent-{n}",
            town=LYON if n % 2 else GRENOBLE,
            activities=[],
            kind=("ESAT", "AI", "EA", "ESAT")[n % 4],
        )
        for n in range(40)
    ]
    known = [supplier(f"wood-{n}", town=LYON, activities=[does("menuiserie")]) for n in range(5)]
    attested = [
        supplier(f"attested-{n}", town=LYON, activities=[], evidence_sectors=["menuiserie"])
        for n in range(4)
    ]
    return [
        *silent,
        *known,
        *attested,
        supplier("cleans", town=GRENOBLE, activities=[does(CLEANING)]),
    ]


@pytest.fixture(scope="module")
def service(service_factory: ServiceFactory) -> SearchService:
    return service_factory(of_real_proportions())


@pytest.mark.parametrize(
    "phrase", ["menuiserie Paris", "nettoyage Isère", "nettoyage près de Grenoble"]
)
def test_few_who_do_it_call_for_them(phrase: str, service: SearchService) -> None:
    answer = service.search(Query(q=phrase))
    found = answer.unknown_trades
    if "Paris" in phrase:
        assert found is None, "nobody sits in Paris"
        return
    assert found is not None
    assert (
        found.total
        == sum(count for _, count in found.kinds)
        == service.search(found.query).page.total
    )
    assert found.total == (40 if "près" in phrase else 20)
    assert {hit.id for hit in answer.page.hits} == {"cleans"}, "they never enter the list"
    assert answer.page.total == 1


def test_they_are_called_for_around_a_point_too(service: SearchService) -> None:
    found = service.search(Query(q="nettoyage", lat=GRENOBLE.lat, lon=GRENOBLE.lon)).unknown_trades
    assert found is not None
    assert (found.query.near, found.query.lat, found.query.lon) == ("", GRENOBLE.lat, GRENOBLE.lon)
    assert found.total == service.search(found.query).page.total == 40


def test_they_are_not_offered_where_enough_do_it_nor_without_a_place(
    service: SearchService,
) -> None:
    assert service.search(Query(q="menuiserie Rhône")).unknown_trades is None
    assert service.search(Query(q="nettoyage")).unknown_trades is None
    assert service.search(Query(q="nettoyage Isère"), strict=True).unknown_trades is None


@pytest.mark.parametrize(
    ("phrase", "kinds"),
    [("nettoyage Rhône", ["AI", "ESAT"]), ("horticulture Rhône", ["ESAT", "AI"])],
)
def test_kinds_that_do_such_things_oftenest_come_first(
    phrase: str, kinds: list[str], service: SearchService
) -> None:
    """Ten sit there of each; `mappings/trades/usual.yaml` says who cleans oftener, and who grows."""
    found = service.search(Query(q=phrase)).unknown_trades
    assert found is not None
    assert found.kinds == tuple((kind, 10) for kind in kinds)


def test_the_kinds_asked_for_stay(service: SearchService) -> None:
    found = service.search(Query(q="ESAT nettoyage Isère")).unknown_trades
    assert found is not None
    assert dict(found.kinds) == {"ESAT": 10}
    assert found.query.kind == ("ESAT",)
