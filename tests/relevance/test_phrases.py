"""What people add to a phrase, on the sample: whatever it is, who does the trade is still found."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from discovery.engine.port import MatchedBy, ServesBy
from discovery.mappings import load_mappings
from discovery.phrase import parse
from discovery.phrase.spelling.words import known_word
from discovery.places import gazetteer, normalise
from discovery.search import caches
from discovery.search.answer import Answer
from discovery.search.query import Query
from discovery.search.suggestions import MAX_READ_AGAIN
from tests.examples import some
from tests.relevance.conftest import Corpus

pytestmark = pytest.mark.xdist_group("judged")
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
LINKS = ("pour", "pour le", "pour la", "du", "de la", "de l'", "-", ":")
AUTHORITIES = sorted(" ".join(words) for words in load_mappings().grammar.places.authorities.all)
TOWNS = st.deferred(
    lambda: st.sampled_from(
        sorted({one.name for one in gazetteer().communes() if one.population >= 2_000})
    )
)
"""Smaller ones bear names that are words of trades before they are names ("Bois", "Le Jardin")."""
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


@pytest.fixture(scope="module")
def words(records: dict[str, dict[str, Any]]) -> list[str]:
    """Words of the language that suppliers write, and those words with another ending, where these
    are words too.
    """
    said = {
        word
        for one in records.values()
        for word in re.findall(r"[a-zéèêàç]{4,}", str(one.get("description")).lower())
    }
    near = {word[:-1] + letter for word in said for letter in "abdeilnorst"}
    return sorted(word for word in said | near if known_word(normalise(word)))


def does(answer: Answer, trades: set[str]) -> list[str]:
    """Of the first ten, those that declare one of these trades."""
    return [
        hit.id
        for hit in answer.page.hits[:10]
        if any(
            {one.get("sector"), one.get("sector_group")} & trades
            for one in hit.document.get("activities") or ()
        )
    ]


def wanted(answer: Answer) -> set[str]:
    return {slug for one in answer.needs for slug in one.need.sectors}


@asked
@given(
    st.sampled_from(TRADES),
    st.sampled_from(PLACES),
    st.lists(st.sampled_from(ADDED), min_size=1, max_size=2, unique=True),
)
@example("mise sous pli", "", ["pour 80 personnes", "de la Caisse primaire d'assurance maladie"])
def test_what_is_added_loses_nobody_who_does_the_trade(
    search: Search, trade: str, place: str, added: list[str]
) -> None:
    bare = search(trade + place)
    more = search(f"{trade}{place} {' '.join(added)}")
    trades = wanted(bare)
    assert trades, "each of these is a trade"
    assert more.page.total > 0 or not bare.page.total
    lost = set(does(bare, trades)) - {hit.id for hit in more.page.hits}
    assert not lost or more.page.total > 100, (more.plan.query.q, lost)


def named_after(link: str, body: str, town: str) -> str:
    """ "pour la mairie d'Angers", "du lycée du Mans"."""
    tied = "d'" if town[0] in "AEIOUÉÈÎÔ" else "de "
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if town.startswith(article):
            town, tied = town.removeprefix(article), joined
    return f"{link} {body} {tied}{town}".replace("' ", "'")


@asked
@given(
    st.sampled_from(TRADES),
    st.builds(named_after, st.sampled_from(LINKS), st.sampled_from(AUTHORITIES), TOWNS),
)
@example("nettoyage de bureaux", "du centre hospitalier universitaire de Nantes")
@example("blanchisserie", "pour la mairie d'Angers")
@example("blanchisserie", "du maison de retraite d'Abbaretz")
def test_an_authority_takes_nobody_away(search: Search, trade: str, authority: str) -> None:
    """Whose need it is: a body of any kind that the grammar knows, of any town."""
    bare, more = search(trade), search(f"{trade} {authority}")
    assert more.page.total > 0, more.plan.query.q
    lost = set(does(bare, wanted(bare))) - {hit.id for hit in more.page.hits}
    assert not lost or more.page.total > 100, (more.plan.query.q, lost)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(("à {}", "{}", "entreprise à {}")), TOWNS)
def test_who_sits_there_comes_first_of_those_who_do_the_trade(
    search: Search, trade: str, phrase: str, town: str
) -> None:
    answer = search(f"{trade} {phrase.format(town)}")
    trades = wanted(answer)
    doing = [
        hit.serves_by is ServesBy.SEAT
        for hit in answer.page.hits
        if any(
            {one.get("sector"), one.get("sector_group")} & trades
            for one in hit.document.get("activities") or ()
        )
    ]
    assert doing == sorted(doing, reverse=True)


@asked
@given(st.sampled_from(TRADES), TOWNS, st.sampled_from(("balanced", "nearest")))
def test_near_a_town_nobody_of_a_trade_is_first_from_twice_as_far(
    search: Search, trade: str, town: str, profile: str
) -> None:
    """Whatever words, codes and profiles say, and whoever says to come. Short ways apart: 20 km are
    near.
    """
    answer = search(trade, near=town, profile=profile)
    far = {
        hit.id: hit.distance_km
        for hit in answer.page.hits
        if hit.distance_km is not None and hit.matched_by is MatchedBy.ACTIVITY
    }
    if far:
        assert next(iter(far.values())) <= max(20, 2 * min(far.values())), (
            answer.plan.query.near,
            far,
        )


@asked
@given(st.sampled_from(TRADES), st.data())
def test_a_word_of_a_language_is_searched_as_it_is_typed(
    search: Search, words: list[str], trade: str, data: st.DataObject
) -> None:
    """Beside a trade or alone, whatever the index holds that resembles it."""
    drawn = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))
    for phrase in (" ".join(drawn), f"{trade} {' '.join(drawn)}"):
        relaxed = search(phrase).plan.relaxed
        assert relaxed is None or not set(drawn) & set(relaxed.corrections), phrase


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES[:4]), st.sampled_from(EXCLUDED))
def test_an_exclusion_adds_nobody(search: Search, trade: str, place: str, refused: str) -> None:
    before, after = search(trade + place), search(f"{trade}{place} {refused}")
    assert after.page.total <= before.page.total
    if before.page.total <= 100:
        assert {hit.id for hit in after.page.hits} <= {hit.id for hit in before.page.hits}
    kinds = set(after.plan.request.exclude.kind)
    assert kinds.isdisjoint(hit.document["kind"] for hit in after.page.hits)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(("Lyon", "Rennes", "Lille", "Brest")), st.data())
def test_widening_a_circle_only_adds(
    search: Search, trade: str, town: str, data: st.DataObject
) -> None:
    small = data.draw(st.integers(1, 250))
    large = data.draw(st.integers(small, 500))
    near, far = (search(trade, near=town, radius=float(km)) for km in (small, large))
    assert near.page.total <= far.page.total
    if far.page.total <= 100:
        assert {hit.id for hit in near.page.hits} <= {hit.id for hit in far.page.hits}


@asked
@given(
    st.lists(st.sampled_from(TRADES), min_size=2, max_size=3, unique=True),
    st.sampled_from(("", " à Lyon")),
)
def test_several_trades_are_alternatives_each_with_its_own_search(
    search: Search, trades: list[str], place: str
) -> None:
    answer = search(" et ".join(trades) + place)
    assert wanted(answer) >= {slug for one in trades for slug in wanted(search(one))}
    for one in answer.needs:
        alone = search(one.query.q)
        assert alone.page.total == one.total <= answer.page.total
    assert answer.page.total <= sum(one.total for one in answer.needs)


def test_more_trades_than_anybody_lists_are_not_each_read_again(
    search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = []
    monkeypatch.setattr(caches, "parse", lambda q, **given: reads.append(q) or parse(q, **given))
    answer = search(", ".join(TRADES) + " à Lyon")
    assert len(answer.needs) == len(TRADES) > MAX_READ_AGAIN
    assert len(reads) <= 2 + MAX_READ_AGAIN
    for one in answer.needs:
        assert search(one.query.q).page.total == one.total


@asked
@given(st.lists(st.sampled_from(TRADES), min_size=2, max_size=2, unique=True))
def test_who_does_several_comes_first(search: Search, trades: list[str]) -> None:
    answer = search(", ".join(trades))
    needs = [set(one.sectors) for one in answer.plan.request.needs]
    done = [
        sum(
            any(
                {one.get("sector"), one.get("sector_group")} & need
                for one in hit.document.get("activities") or ()
            )
            for need in needs
        )
        for hit in answer.page.hits
    ]
    assert done == sorted(done, reverse=True)


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES))
def test_a_phrase_spelt_right_is_never_corrected(search: Search, trade: str, place: str) -> None:
    assert search(trade + place).plan.did_you_mean is None


@asked
@given(st.sampled_from(TRADES), st.sampled_from(PLACES))
def test_reasons_are_true_and_round_a_distance_one_way(
    sample: Corpus, search: Search, trade: str, place: str
) -> None:
    """ "mentionne : X" only where X is a word of the phrase; one distance on a card."""
    answer = search(trade + place, per_page=20)
    body = sample.services.presenter.answer(answer)
    for result in body["results"]:
        said = " ; ".join(result["why"])
        mentioned = said.partition("mentionne : ")[2].partition(" ;")[0]
        assert all(
            word.lower() in answer.plan.query.q.lower()
            for word in filter(None, mentioned.split(", "))
        )
        if result["serves_by"] == "presumed":
            assert "demander s'il se déplace" in said
            assert said.count(" km") <= 1


def test_a_trade_that_is_only_possible_is_offered_and_a_few_are_shown(search: Search) -> None:
    answer = search("circuit spécial pour les écoliers du village")
    assert [need.possible for need in answer.plan.reading.needs] == [True]
    assert not answer.plan.recognised
    assert [(one.parameter, one.value) for one in answer.offers] == [
        ("sector", "transports-de-personnes")
    ]
    assert answer.reach == 10 < answer.page.total
    assert search(
        "circuit spécial pour les écoliers du village", sector=("transports-de-personnes",)
    ).plan.recognised
