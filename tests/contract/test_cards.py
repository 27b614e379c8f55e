"""A card's reasons are about one activity: the zone that it tells is that of the trade that it
tells.
"""

import pytest

from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.texts import t
from tests.contract.conftest import ServiceFactory
from tests.contract.corpus import GROUPS, crowd


@pytest.fixture(scope="module")
def many(service_factory: ServiceFactory) -> SearchService:
    return service_factory(crowd(250, seed=32))


@pytest.mark.parametrize("place", ["commune:69123", "department:38", "commune:75056", "region:84"])
@pytest.mark.parametrize("filtered", [True, False])
def test_no_card_joins_the_zone_of_one_activity_with_the_trade_of_another(
    place: str, filtered: bool, many: SearchService
) -> None:
    """Of each told trade some activity has the told zone, whether the trade is typed or a filter."""
    labels = {slug: term.label("fr") for slug, term in many.mappings.vocabulary.sectors.items()}
    everywhere = t("why.serves", "fr", where="dans toute la France")
    told = 0
    for slug in sorted(labels.keys() & GROUPS.keys()):
        asked = {"sector": (slug,)} if filtered else {"q": labels[slug]}
        answer = many.search(Query(place=(place,), per_page=100, coverage="serves", **asked))  # type: ignore[arg-type]
        why = many.why(answer)
        for hit in answer.page.hits:
            said = [reason.text for reason in why.of(hit)]
            offers = next((one for one in said if one.startswith("propose")), "")
            activities = [
                one
                for one in hit.document["activities"]
                if labels.get(one.get("sector", ""), "-") in offers
            ]
            if everywhere in said and offers:
                told += 1
                assert any(one["scope"] == "country" for one in activities), (hit.id, said)
            for radius in {one.get("radius_km") for one in hit.document["activities"]} - {None}:
                if t("why.serves_radius", "fr", radius=radius) in said and offers:
                    told += 1
                    assert any(one.get("radius_km") == radius for one in activities), (hit.id, said)
    assert told
