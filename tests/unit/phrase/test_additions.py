"""What is added to a request and names no trade changes neither its needs nor its words, nor what
it filters.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.phrase import IGNORED
from tests.examples import some

TRADES = (
    "traiteur", "nettoyage de bureaux", "entretien des espaces verts", "blanchisserie", "peinture", "plomberie",
    "mise sous pli", "déménagement", "traiteur et nettoyage", "peinture, électricité", "laundry", "window cleaning",
    "collecte de cartons", "impression d'affiches", "plateaux repas",
)  # fmt: skip
PLACES = (
    "",
    " à Lyon",
    " Nantes",
    " dans le Rhône",
    " près de Metz",
    " à 30 km de Lille",
    " 59",
    " en Bretagne",
)
ADDED = (
    "pour 80 personnes", "pour une centaine de personnes", "320 m²", "1 200 m2", "deux fois par semaine",
    "tous les jours",
    "le 12 juin", "le 12/06/2026", "à partir de septembre 2026", "avant fin mars", "sous 15 jours", "urgent",
    "budget 1 500 €", "moins de 40 k€ HT", "pas cher", "lot n° 4", "MAPA 2024-12",
    "marché réservé", "article L2113-12",
    "clause d'insertion 5 %", "appel d'offres ouvert", "merci d'avance", "svp", "500 kg", "7j/7",
)  # fmt: skip
BEFORE = (
    "bonjour,", "lot n° 2 :", "devis", "société de", "je cherche une entreprise de", "marché réservé :", "relance :",
)  # fmt: skip
thorough = settings(
    max_examples=some(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def asked(intent):
    """What is searched and filtered."""
    filters = [
        (p.type, p.value, p.role)
        for p in intent.pieces
        if p.type not in IGNORED and p.type != "sector"
    ]
    return [need.sectors for need in intent.needs], filters


@thorough
@given(
    st.sampled_from(TRADES),
    st.sampled_from(PLACES),
    st.lists(st.sampled_from(ADDED), min_size=1, max_size=3),
)
def test_what_follows_a_request_changes_no_need(understand, trade, place, added):
    plain = understand(trade + place)
    more = understand(f"{trade}{place}, {', '.join(added)}")
    assert asked(more) == asked(plain)
    assert more.text.replace(",", "").split() == plain.text.replace(",", "").split()


@thorough
@given(st.sampled_from(BEFORE), st.sampled_from(TRADES), st.sampled_from(PLACES))
def test_what_precedes_a_request_changes_no_need(understand, before, trade, place):
    plain = understand(trade + place)
    more = understand(f"{before} {trade}{place}")
    assert asked(more) == asked(plain)


@thorough
@given(
    st.sampled_from(TRADES),
    st.sampled_from(PLACES),
    st.sampled_from(
        [
            "sauf ESAT",
            "hors Brest",
            "pas d'intérim",
            "ni EA ni ESAT",
            "except ESAT",
            "sauf handicap",
        ]
    ),
)
def test_a_refusal_only_takes_away(understand, trade, place, refusal):
    plain, more = understand(trade + place), understand(f"{trade}{place} {refusal}")
    needs, filters = asked(more)
    assert needs == asked(plain)[0]
    assert [one for one in filters if one[0] != "exclusion"] == asked(plain)[1]
    assert any(one[0] == "exclusion" for one in filters)


@pytest.mark.parametrize("trade", TRADES)
def test_needs_are_spans_of_the_phrase_that_are_searched(trade, understand):
    intent = understand(trade)
    assert intent.needs
    position = 0
    for need in intent.needs:
        assert position <= need.start < need.end <= len(intent.q)
        assert intent.q[need.start : need.end] == need.text
        assert need.sectors
        assert all(
            what != "piece"
            for start, end, what in intent.spans
            if start < need.end and end > need.start
        )
        position = need.end
