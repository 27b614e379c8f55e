"""The decomposition of a score adds up to the score, whatever the phrase and the supplier."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.context import Services
from discovery.engine.port import Order, SearchRequest, Signals
from discovery.search.explain import Explanation, explain, factors_of, gaussian, obstacles, tiers_of
from discovery.search.query import Query
from tests.api.corpus import LISTED

PHRASES = (
    "nettoyage de bureaux à Lyon", "nettoyage", "entretien", "menuiserie bois", "blanchisserie ESAT",
    "nettoyage à 30 km de Lyon, ESAT ou EI", "menuizerie", "collecte de papier toute la France",
    "ménage près de Vienne", "Lyon", "",
)  # fmt: skip


def put_together(found: Explanation) -> float:
    """The parts of a score, as decision 12 puts them together."""
    signals = sum(signal.value for signal in (found.text, *found.signals))
    return (found.base + sum(tier.value for tier in found.tiers) + signals) * found.factor


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_parts_add_up_to_the_engine_s_own_score_and_order(
    services: Services, phrase: str
) -> None:
    request = services.search.request(Query(q=phrase, per_page=100))
    hits = services.engine.search(request).hits
    assert hits
    for rank, hit in enumerate(hits, 1):
        found = explain(services.engine, request, hit.document)
        assert found is not None
        assert math.isclose(put_together(found), found.score, rel_tol=1e-5)
        if request.order is Order.RELEVANCE:
            assert hit.score is not None
            assert math.isclose(found.score, hit.score, rel_tol=1e-6)
            assert found.rank == rank
            same = [
                one
                for one in hits
                if one.score and math.isclose(one.score, hit.score, abs_tol=5e-7)
            ]
            assert found.equals == len(same) - 1


def test_who_is_put_first_or_last_is_told_so() -> None:
    request = SearchRequest(signals=Signals(pinned=("first",), buried=("last",)))
    assert [name for name, factor in factors_of({"id": "first"}, request) if factor > 1] == [
        "pinned"
    ]
    assert [name for name, factor in factors_of({"id": "last"}, request) if factor < 1] == [
        "buried"
    ]
    assert not list(factors_of({"id": "other"}, request))


def test_who_has_no_point_is_near_nothing(services: Services) -> None:
    request = services.search.request(Query(q="nettoyage près de Lyon"))
    document = {**(services.engine.get(LISTED[0]) or {}), "location": None}
    tiers = tiers_of(document, request, [True] * len(request.needs), named=False)
    assert [tier.value for tier in tiers if tier.name == "place"] == [0.0]


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("id", LISTED)
def test_who_is_not_found_is_told_what_keeps_it_out(
    services: Services, phrase: str, id: str
) -> None:
    request = services.search.request(Query(q=phrase, per_page=100))
    document = services.engine.get(id)
    assert document is not None
    found = explain(services.engine, request, document)
    held = id in {hit.id for hit in services.engine.search(request).hits}
    assert (found is not None) == held
    if held:
        assert obstacles(services.engine, request, document) == []


def test_words_are_told_field_by_field_the_best_first(services: Services) -> None:
    request = services.search.request(Query(q="nettoyage de bureaux"))
    document = services.engine.get("propre-lyon")
    assert document is not None
    found = explain(services.engine, request, document)
    assert found is not None
    assert [word.text for word in found.words] == ["nettoyage", "bureaux"]
    assert request.text is not None
    asked_fields = {name for name, _ in request.text.fields}
    for word in found.words:
        scores = [clause.score for clause in word.clauses]
        assert scores == sorted(scores, reverse=True)
        assert {clause.field for clause in word.clauses} <= asked_fields
        assert math.isclose(word.score, scores[0] + found.tie_breaker * sum(scores[1:]))
    assert all(0 <= signal.value <= signal.weight for signal in found.signals)


@given(
    value=st.floats(0, 1e4),
    offset=st.floats(0, 100),
    scale=st.floats(1, 1e3),
    decay=st.floats(0.01, 0.99),
)
def test_a_decay_is_whole_within_its_offset_and_decay_at_its_scale(
    value: float, offset: float, scale: float, decay: float
) -> None:
    assert 0 <= gaussian(value, offset, scale, decay) <= 1
    assert gaussian(min(value, offset), offset, scale, decay) == 1
    assert math.isclose(gaussian(offset + scale, offset, scale, decay), decay, rel_tol=1e-6)
