"""Words: what is searched, how it is analysed, what a match is worth, on every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import Alternative, Order, SearchEngine, SearchRequest, TextQuery, Word
from tests.contract.asking import ids, words
from tests.contract.conftest import PROFILE, EngineFactory
from tests.contract.corpus import WORDS, crowd, supplier

TEXT_FIELDS = [name for name, _ in PROFILE.fields]
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=11))


def found(engine: SearchEngine, text: TextQuery) -> list[str]:
    return ids(engine, SearchRequest(text=text, order=Order.RELEVANCE, size=500))


def scores(engine: SearchEngine, text: TextQuery) -> dict[str, float]:
    page = engine.search(SearchRequest(text=text, order=Order.RELEVANCE, size=500))
    return {hit.id: hit.score for hit in page.hits if hit.score is not None}


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_every_text_field_is_searched(field: str, engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Words are searched in name, brand, sector terms, service types, offers, description, certifications, networks,
    client references."""
    several = field in {
        "sector_terms",
        "service_terms",
        "offers",
        "certification_terms",
        "network_terms",
        "client_references",
    }
    value = ["autre chose", "zinguerie"] if several else "autre chose zinguerie"
    fields = {"name": "rien"} | {field: value}
    engine = engine_factory([supplier("it", **fields), supplier("not", name="rien")])  # type: ignore[arg-type]
    assert found(engine, words(analysis, "zinguerie")) == ["it"]


def test_only_the_fields_asked_for_are_searched(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """A profile without a field doesn't search it."""
    engine = engine_factory([supplier("a", description="zinguerie")])
    assert found(engine, words(analysis, "zinguerie", fields=(("name", 1.0),))) == []


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("l'entretien des vitres", "Entretien de la VITRE"),
        ("l’entretien", "entretiens"),
        ("NETTOYAGE", "nettoyage"),
        ("réparation", "Reparations"),
        ("bâtiments", "batiment"),
        ("blanchisseries", "Blanchisserie"),
        ("mise sous pli", "Mise sous pli de courriers"),
        ("E.S.A.T.", "esat"),
    ],
)
def test_the_french_analysis(asked: str, held: str, engine_factory: EngineFactory, analysis: Analysis) -> None:
    """French analysis: elision, case, accents, stop words, light stemmer."""
    engine = engine_factory([supplier("it", description=held), supplier("not", description="autre chose")])
    assert found(engine, words(analysis, asked)) == ["it"]


def test_a_multi_word_term_is_one_token(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Multi-word terms ("mise sous pli") become one token before stop words: their words apart don't match."""
    engine = engine_factory([supplier("term", offers=["mise sous pli"]), supplier("words", offers=["mise en pli"])])
    assert found(engine, words(analysis, "mise sous pli")) == ["term"]


def test_words_add_up(many: SearchEngine, analysis: Analysis) -> None:
    """Words add up: the score of two words is the sum of each one's."""
    one, other = scores(many, words(analysis, "nettoyage")), scores(many, words(analysis, "bois"))
    both = scores(many, words(analysis, "nettoyage bois", required=1))
    assert set(both) == set(one) | set(other)
    for id, score in both.items():
        assert score == pytest.approx(one.get(id, 0) + other.get(id, 0), rel=1e-4)


@pytest.mark.parametrize("tie_breaker", [0.0, 0.15, 1.0])
def test_the_best_field_counts_and_the_others_break_ties(
    tie_breaker: float, many: SearchEngine, analysis: Analysis
) -> None:
    """Per word, the best field (`dis_max` with the profile's tie breaker) of BM25 per field."""
    per_field = [scores(many, words(analysis, "nettoyage", fields=((name, boost),))) for name, boost in PROFILE.fields]
    together = scores(many, words(analysis, "nettoyage", tie_breaker=tie_breaker))
    assert together
    for id, score in together.items():
        parts = [one[id] for one in per_field if id in one]
        assert score == pytest.approx(max(parts) + tie_breaker * (sum(parts) - max(parts)), rel=1e-4)


def test_a_boost_multiplies(many: SearchEngine, analysis: Analysis) -> None:
    """A field's weight multiplies its BM25."""
    one = scores(many, words(analysis, "nettoyage", fields=(("name", 1.0),)))
    three = scores(many, words(analysis, "nettoyage", fields=(("name", 3.0),)))
    assert one
    assert three == pytest.approx({id: 3 * score for id, score in one.items()}, rel=1e-4)


def test_a_rare_word_is_worth_more_than_a_common_one(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """BM25: the rarer the word, the more it tells."""
    engine = engine_factory(
        [supplier("rare", name="zinguerie")] + [supplier(f"common{n}", name="nettoyage") for n in range(9)]
    )
    got = scores(engine, words(analysis, "zinguerie nettoyage", required=1))
    assert got["rare"] > got["common0"]


def test_a_short_name_is_worth_more_than_a_long_one(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """BM25: a word fills more of a short text than of a long one."""
    engine = engine_factory(
        [
            supplier("short", name="nettoyage"),
            supplier("long", name="nettoyage et bien d'autres services divers variés"),
        ]
    )
    assert found(engine, words(analysis, "nettoyage")) == ["short", "long"]


@relaxed
@given(data=st.data())
def test_minimum_match(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """Minimum match: at least `required` of the words, in any field."""
    typed = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
    each = [set(found(many, words(analysis, word))) for word in typed]
    for required in range(1, len(typed) + 1):
        got = set(found(many, words(analysis, " ".join(typed), required=required)))
        everyone = set().union(*each)
        assert got == {id for id in everyone if sum(id in one for one in each) >= required}


def test_an_equivalent_counts_less_than_the_word_typed(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Word equivalences are expanded at search time: an alternative's clause is multiplied by its weight."""
    engine = engine_factory([supplier("typed", name="voiture"), supplier("equivalent", name="auto")])
    (typed,), (other,) = analysis.terms("french", "voiture"), analysis.terms("french", "auto")

    def asked(*alternatives: Alternative) -> TextQuery:
        return TextQuery((Word("voiture", alternatives),), 1, PROFILE.fields, PROFILE.tie_breaker)

    got = scores(engine, asked(Alternative(typed), Alternative(other, 0.85)))
    assert [*got] == ["typed", "equivalent"]
    alone = scores(engine, asked(Alternative(other)))["equivalent"]
    assert got["equivalent"] == pytest.approx(0.85 * alone, rel=1e-4)


def test_equivalents_of_one_word_count_once(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """A word and its equivalent are one word of the minimum match, and the best of them counts."""
    engine = engine_factory([supplier("both", name="voiture auto"), supplier("one", name="voiture seule")])
    (typed,), (other,) = analysis.terms("french", "voiture"), analysis.terms("french", "auto")
    word = Word("voiture", (Alternative(typed), Alternative(other)))
    missing = Word("zinc", (Alternative("zinc"),))
    assert found(engine, TextQuery((word, missing), 2, PROFILE.fields, 0.0)) == []
    assert set(found(engine, TextQuery((word, missing), 1, PROFILE.fields, 0.0))) == {"both", "one"}


def test_the_engine_itself_forgives_no_typo(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Typos are corrected before the engine: the engines' own fuzziness is not used."""
    engine = engine_factory([supplier("a", name="zinguerie")])
    assert found(engine, words(analysis, "zinguerie")) == ["a"]
    assert found(engine, words(analysis, "zingrerie")) == []


def test_the_index_knows_its_words_with_counts(engine_factory: EngineFactory) -> None:
    """One dictionary built with the index: its words with counts, folded, and those one edit away."""
    engine = engine_factory(
        [supplier("a", name="Élagage"), supplier("b", description="élagage et élagages"), supplier("c", name="Rien")]
    )
    counts = engine.words()
    assert counts.count("elagage") == 2
    assert counts.count("elagages") == 1
    assert counts.count("absent") == 0
    for typo in ("elagag", "elagaage", "elagaje", "elgaage"):  # delete, insert, replace, transpose
        assert counts.near(typo)[0] == ("elagage", 2)
    assert counts.near("xyzzy") == [] or len(counts.near("xyzzy")) == 0


def test_words_absent_from_the_index_find_nobody(many: SearchEngine, analysis: Analysis) -> None:
    """An unknown word required is an empty answer, not everything."""
    assert found(many, words(analysis, "xyzzyville")) == []
    assert found(many, words(analysis, "nettoyage xyzzyville")) == []


def test_without_words_there_is_no_score(many: SearchEngine) -> None:
    """`score` exists only when the order is relevance."""
    page = many.search(SearchRequest(order=Order.NAME))
    assert {hit.score for hit in page.hits} == {None}


def test_a_relevance_score_is_positive_and_sorted(many: SearchEngine, analysis: Analysis) -> None:
    """Hits come by score, best first."""
    got = [*scores(many, words(analysis, "nettoyage vitres", required=1)).values()]
    assert got == sorted(got, reverse=True)
    assert all(score > 0 for score in got)


def test_the_fields_order_is_no_matter(many: SearchEngine, analysis: Analysis) -> None:
    """dis_max is a maximum: the order of fields changes nothing."""
    text = words(analysis, "nettoyage bois", required=1)
    assert scores(many, replace(text, fields=text.fields[::-1])) == pytest.approx(scores(many, text), rel=1e-6)
