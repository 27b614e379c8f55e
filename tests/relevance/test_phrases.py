"""What people add to a phrase, on the sample: whatever it is, who does the trade is still found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.search.answer import Answer
from discovery.search.parameters import Query
from tests.examples import some
from tests.relevance.conftest import Corpus

TRADES = (
    "nettoyage de bureaux", "blanchisserie", "entretien des espaces verts", "traiteur", "menuiserie", "mise sous pli",
    "conditionnement", "peinture", "restauration collective", "recyclage de papier", "déménagement", "couture",
)  # fmt: skip
PLACES = ("", " à Lyon", " dans le Rhône", " en Bretagne", " près de Lille", " 35")
ADDED = (
    "pour 80 personnes", "le 12 juin", "budget 1 500 €", "320 m²", "deux fois par mois", "lot n° 4", "avant fin mars",
    "bonjour, je cherche", "merci d'avance", "société", "devis", "prestataire",
    "pour la mairie", "de la Caisse primaire d'assurance maladie", "du conseil départemental",
)  # fmt: skip
AFTER = 12
"""`ADDED` before it may come first; what follows names an authority and comes last."""
EXCLUDED = ("sauf ESAT", "hors Lyon", "sauf EI", "sauf dans le Rhône", "sans ETTI")

asked = settings(
    deadline=None,
    max_examples=some(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Search = Callable[..., Answer]


@pytest.fixture(scope="module")
def search(sample: Corpus) -> Search:
    """Answers from the sample, a hundred hits at most."""
    service = sample.services.search

    def found(q: str, **given: object) -> Answer:
        return service.search(Query(q=q, **{"per_page": 100, "facets": (), **given}))  # type: ignore[arg-type]

    return found


def does(answer: Answer, trades: set[str]) -> list[str]:
    """Of the first ten, those that declare one of these trades."""
    return [
        hit.id
        for hit in answer.page.hits[:10]
        if any({one.get("sector"), one.get("sector_group")} & trades for one in hit.document.get("activities") or ())
    ]


def wanted(answer: Answer) -> set[str]:
    return {slug for one in answer.needs for slug in one.need.sectors}


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES), st.lists(st.sampled_from(ADDED), min_size=1, max_size=2))
def test_what_is_added_loses_nobody_who_does_the_trade(
    search: Search, trade: str, place: str, added: list[str]
) -> None:
    bare = search(trade + place)
    more = search(f"{trade}{place} {' '.join(added)}")
    trades = wanted(bare)
    assert trades, "each of these is a trade"
    assert more.page.total > 0 or not bare.page.total
    lost = set(does(bare, trades)) - {hit.id for hit in more.page.hits}
    assert not lost or more.page.total > 100, (more.query.q, lost)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES[:4]), st.sampled_from(EXCLUDED))
def test_an_exclusion_adds_nobody(search: Search, trade: str, place: str, refused: str) -> None:
    before, after = search(trade + place), search(f"{trade}{place} {refused}")
    assert after.page.total <= before.page.total
    if before.page.total <= 100:
        assert {hit.id for hit in after.page.hits} <= {hit.id for hit in before.page.hits}
    kinds = set(after.request.exclude.kind)
    assert kinds.isdisjoint(hit.document["kind"] for hit in after.page.hits)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(("Lyon", "Rennes", "Lille", "Brest")), st.data())
def test_widening_a_circle_only_adds(search: Search, trade: str, town: str, data: st.DataObject) -> None:
    small = data.draw(st.integers(1, 250))
    large = data.draw(st.integers(small, 500))
    near, far = (search(trade, near=town, radius=float(km)) for km in (small, large))
    assert near.page.total <= far.page.total
    if far.page.total <= 100:
        assert {hit.id for hit in near.page.hits} <= {hit.id for hit in far.page.hits}


@asked
@given(st.lists(st.sampled_from(TRADES), min_size=2, max_size=3, unique=True), st.sampled_from(("", " à Lyon")))
def test_several_trades_are_alternatives_each_with_its_own_search(
    search: Search, trades: list[str], place: str
) -> None:
    answer = search(" et ".join(trades) + place)
    assert wanted(answer) >= {slug for one in trades for slug in wanted(search(one))}
    for one in answer.needs:
        alone = search(one.query.q)
        assert alone.page.total == one.total <= answer.page.total
    assert answer.page.total <= sum(one.total for one in answer.needs)


@asked
@given(st.lists(st.sampled_from(TRADES), min_size=2, max_size=2, unique=True))
def test_who_does_several_comes_first(search: Search, trades: list[str]) -> None:
    answer = search(", ".join(trades))
    needs = [set(one.sectors) for one in answer.request.needs]
    done = [
        sum(
            any({one.get("sector"), one.get("sector_group")} & need for one in hit.document.get("activities") or ())
            for need in needs
        )
        for hit in answer.page.hits
    ]
    assert done == sorted(done, reverse=True)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES))
def test_a_phrase_spelt_right_is_never_corrected(search: Search, trade: str, place: str) -> None:
    assert search(trade + place).did_you_mean is None


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES))
def test_reasons_are_true_and_round_a_distance_one_way(sample: Corpus, search: Search, trade: str, place: str) -> None:
    """ "mentionne : X" only where X is a word of the phrase; one distance on a card."""
    answer = search(trade + place, per_page=20)
    body = sample.services.presenter.answer(answer)
    for result in body["results"]:
        said = " ; ".join(result["why"])
        mentioned = said.partition("mentionne : ")[2].partition(" ;")[0]
        assert all(word.lower() in answer.query.q.lower() for word in filter(None, mentioned.split(", ")))
        if result["serves_by"] == "presumed":
            assert "zone d'intervention non confirmée" in said
