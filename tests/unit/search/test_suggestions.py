"""Ways out: what is proposed, and that a phrase loses just the piece it should."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from discovery.engine.port import Box, Filters, SearchRequest, Target, TextQuery
from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.phrase import Lexicon, parse
from discovery.places import Gazetteer
from discovery.search.answer import Plan
from discovery.search.interpret import interpret
from discovery.search.plan import make_request
from discovery.search.query import Query
from discovery.search.suggestions import MAX_WAYS_OUT, Candidate, candidates, shown
from discovery.search.where import resolve
from discovery.texts import t
from tests.tables import cases

MAPPINGS = load_mappings()
PROFILE, NEAR, GRAMMAR, TODAY = (
    MAPPINGS.profile(),
    MAPPINGS.near,
    MAPPINGS.grammar,
    date(2026, 3, 1),
)


@pytest.fixture(scope="module")
def lexicon(vocabulary: Vocabulary) -> Lexicon:
    return Lexicon.from_vocabulary(vocabulary)


def proposed(
    query: Query, vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> list[Candidate]:
    intent = parse(
        query.q, grammar=GRAMMAR, lexicon=lexicon, gazetteer=gazetteer, frequent=lambda word: False
    )
    reading = interpret(query, intent, vocabulary, gazetteer)
    where = resolve(reading.asked, gazetteer)
    request = make_request(query, reading, where, None, PROFILE, TODAY)
    made = Plan(query, intent, reading, where, PROFILE, request, None, (), intent)
    return list(candidates(made, vocabulary, gazetteer, NEAR))


def changes(found: list[Candidate], code: str) -> list[dict[str, Any]]:
    return [dict(one.change) for one in found if one.code == code]


@pytest.mark.parametrize(
    ("q", "left"), cases(__file__, "a_filter_of_the_phrase_leaves_with_its_connectives")
)
def test_a_filter_of_the_phrase_leaves_with_its_connectives(
    q: str, left: str, vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    (change,) = changes(proposed(Query(q), vocabulary, gazetteer, lexicon), "suggest_without")
    assert change["q"].replace(",", "").split() == left.replace(",", "").split()


def test_each_exclusion_is_taken_back_alone(
    vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    found = proposed(Query("nettoyage sauf ESAT hors Bretagne"), vocabulary, gazetteer, lexicon)
    left = [change["q"] for change in changes(found, "suggest_with")]
    assert left == ["nettoyage hors Bretagne", "nettoyage sauf ESAT"]


def test_an_explicit_filter_leaves_as_a_parameter(
    vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    query = Query("nettoyage", kind=("ESAT",), region=("84",))
    found = proposed(query, vocabulary, gazetteer, lexicon)
    assert changes(found, "suggest_without") == [{"kind": ()}, {"region": ()}]
    labels = [one.args["label"] for one in found if one.code == "suggest_without"]
    assert labels == ["ESAT", "Auvergne-Rhône-Alpes"]


def test_the_next_two_circles(
    vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    found = proposed(Query("nettoyage à 30 km de Lyon"), vocabulary, gazetteer, lexicon)
    assert [change["radius"] for change in changes(found, "suggest_radius")] == [50.0, 100.0]
    assert found[0].code == "suggest_radius", "the least change comes first"


def test_a_circle_around_a_town_keeps_its_coverage(
    vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    """A circle changes the default coverage: without saying so, a wider search would find fewer."""
    found = proposed(Query(place=("Lyon",)), vocabulary, gazetteer, lexicon)
    assert changes(found, "suggest_radius") == [
        {"radius": 10.0, "coverage": "any"},
        {"radius": 20.0, "coverage": "any"},
    ]


def test_no_circle_around_a_department_but_its_region(
    vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    found = proposed(Query("traiteur dans le Rhône"), vocabulary, gazetteer, lexicon)
    assert changes(found, "suggest_radius") == []
    assert changes(found, "suggest_wider_place") == [{"place": ("region:84",)}]
    assert {"where": "En Auvergne-Rhône-Alpes"} in [one.args for one in found]


NOWHERE: dict[str, Any] = {
    "place": (),
    "near": "",
    "lat": None,
    "lon": None,
    "radius": None,
    "minutes": None,
}


@pytest.mark.parametrize(
    ("query", "code", "change"),
    [
        (Query("nettoyage", place=("Lyon",)), "suggest_everywhere", NOWHERE),
        (
            Query("nettoyage Lyon", place=("Grenoble",)),
            "suggest_everywhere",
            {**NOWHERE, "q": "nettoyage"},
        ),
        (Query(place=("Lyon",), coverage="located"), "suggest_coverage", {"coverage": "any"}),
        (Query("menuiserie toute la France"), "suggest_national", {"national": "include"}),
        (
            Query(place=("Lyon",), national="exclude"),
            "suggest_national_included",
            {"national": "include"},
        ),
        (Query(bbox=Box(4, 45, 5, 46)), "suggest_without_box", {"bbox": None}),
    ],
)
def test_switches_can_be_turned(
    query: Query,
    code: str,
    change: dict[str, Any],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
) -> None:
    assert changes(proposed(query, vocabulary, gazetteer, lexicon), code) == [change]


def test_only_what_finds_more_is_shown_and_few() -> None:
    found = [
        (Candidate({"radius": float(n)}, "suggest_radius", {"radius": n}), n) for n in range(10)
    ]
    suggestions = shown(found, 3)
    assert [one.count for one in suggestions] == [4, 5, 6, 7][:MAX_WAYS_OUT]
    assert t(f"answer.{suggestions[0].code}", "fr", **suggestions[0].args) == "À 4 km (4)"


def test_of_two_circles_alike_the_smaller_is_shown() -> None:
    found = [(Candidate({"radius": km}, "suggest_radius", {"radius": km}), 5) for km in (20, 50)]
    filters = [
        (Candidate({name: ()}, "suggest_without", {"label": name}), 5)
        for name in ("kind", "region")
    ]
    assert [one.change for one in shown([*found, *filters], 0)] == [
        {"radius": 20},
        {"kind": ()},
        {"region": ()},
    ]


def test_a_change_that_does_not_do_what_it_says_is_dropped() -> None:
    words = TextQuery((), 1, (), 0.0)
    candidate = Candidate({}, "suggest_without", asked=SearchRequest(text=words))  # before: an ESAT
    assert candidate.holds(SearchRequest(text=words))
    assert not candidate.holds(SearchRequest(text=words, filters=Filters(kind=("EI",))))
    assert not candidate.holds(SearchRequest(text=replace(words, required=2)))
    assert not candidate.holds(SearchRequest(text=words, targets=(Target(everywhere=True),)))
    assert not candidate.holds(SearchRequest(text=words, filters=Filters(region=("84",))))


@pytest.mark.parametrize(("q", "left"), cases(__file__, "of_one_trade_its_whole_group_is_proposed"))
def test_of_one_trade_its_whole_group_is_proposed(
    q: str, left: str | None, vocabulary: Vocabulary, gazetteer: Gazetteer, lexicon: Lexicon
) -> None:
    found = changes(proposed(Query(q), vocabulary, gazetteer, lexicon), "suggest_family")
    assert found == ([] if left is None else [{"q": left}])


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_label_of_a_group_asks_for_that_group(
    lang: str, vocabulary: Vocabulary, lexicon: Lexicon
) -> None:
    """In the place of a trade, whatever stands around it."""
    places = Gazetteer.load()
    for group in vocabulary.sector_groups.values():
        q = f"ESAT, {group.label(lang)} à Mende, sauf Lyon"
        intent = parse(
            q, grammar=GRAMMAR, lexicon=lexicon, gazetteer=places, frequent=lambda word: False
        )
        (need,) = intent.needs
        assert group.value in need.sectors, q
