"""Of when the lists are that suppliers come from, said once; and the date that a list is ordered
by, on each card.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.context import Services
from discovery.engine.port import Hit
from discovery.pages.results.page import OLD, dated, listed
from discovery.search.query import Query
from discovery.texts import day, translator

days = st.dates().map(lambda one: one.isoformat())
FR = translator("fr")


def hit(services: Services, **public: Any) -> Hit:
    found = services.search.search(Query(q="nettoyage", per_page=1)).page.hits[0]
    return replace(
        found, document={**found.document, "public": {**found.document["public"], **public}}
    )


def of(services: Services, *days: str | None) -> Hit:
    return hit(services, provenance=[{"source": "finess", "date": at, "told": []} for at in days])


@given(known=st.lists(st.one_of(st.none(), days), max_size=4))
def test_the_last_source_that_confirmed_it(services: Services, known: list[str | None]) -> None:
    told = listed([of(services, *known), of(services)], FR, "fr")
    latest = max((at for at in known if at), default="")
    old = latest < (datetime.now(UTC) - OLD).date().isoformat()
    assert told.startswith(f"Liste du {day(latest, 'fr')}" if latest else "")
    assert told.endswith("de plus de deux ans : à vérifier") == bool(latest and old)
    assert bool(told) == bool(latest)


def test_several_lists_are_told_by_the_first_and_the_last(services: Services) -> None:
    told = listed(
        [of(services, "2026-03-02"), of(services, "2026-05-01"), of(services, "2026-04-01")],
        FR,
        "fr",
    )
    assert told == "Listes du 2 mars 2026 au 1er mai 2026"


@pytest.mark.parametrize(
    ("field", "lang", "told"),
    [
        ("", "en", ""),
        ("updated_at", "fr", "mis à jour le 3 avril 2026"),
        ("first_listed_at", "en", ""),
    ],
)
def test_an_order_by_time_tells_its_own_date(
    services: Services, field: str, lang: str, told: str
) -> None:
    one = hit(services, updated_at="2026-04-03", first_listed_at=None)
    assert dated(one, field, translator(lang), lang) == told
