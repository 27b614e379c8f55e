"""The date that a card tells: what the list is ordered by, else when a source last confirmed the supplier."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.context import Services
from discovery.engine.port import Hit
from discovery.pages.results.page import OLD, when
from discovery.search.query import Query
from discovery.texts import day, translator

days = st.dates().map(lambda one: one.isoformat())


def hit(services: Services, **public: Any) -> Hit:
    found = services.search.search(Query(q="nettoyage", per_page=1)).page.hits[0]
    return replace(found, document={**found.document, "public": {**found.document["public"], **public}})


@given(known=st.lists(st.one_of(st.none(), days), max_size=4))
def test_the_last_source_that_confirmed_it(services: Services, known: list[str | None]) -> None:
    one = hit(services, provenance=[{"source": "finess", "date": at, "told": []} for at in known])
    told = when(one, "", translator("fr"), "fr")
    latest = max((at for at in known if at), default="")
    old = ", de plus de deux ans" if latest < (datetime.now(UTC) - OLD).date().isoformat() else ""
    assert told == (f"liste du {day(latest, 'fr')}{old}" if latest else "")


@pytest.mark.parametrize(
    ("field", "lang", "told"),
    [
        ("", "en", "list of 2 March 2026"),
        ("updated_at", "fr", "mis à jour le 3 avril 2026"),
        ("first_listed_at", "en", ""),
    ],
)
def test_an_order_by_time_tells_its_own_date(services: Services, field: str, lang: str, told: str) -> None:
    sources = [{"source": "finess", "date": "2026-03-02", "told": []}]
    one = hit(services, provenance=sources, updated_at="2026-04-03", first_listed_at=None)
    assert when(one, field, translator(lang), lang) == told
