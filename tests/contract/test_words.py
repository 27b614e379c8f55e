"""Words: what is searched, how it is analysed, what a match is worth, on every engine."""

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.port import Alternative, Order, SearchEngine, SearchRequest, TextQuery, Word
from tests.contract.asking import ids, words
from tests.contract.conftest import PROFILE, EngineFactory
from tests.contract.corpus import supplier
from tests.tables import cases

TEXT_FIELDS = [name for name, _ in PROFILE.fields]


def found(engine: SearchEngine, text: TextQuery) -> list[str]:
    return ids(engine, SearchRequest(text=text, order=Order.RELEVANCE, size=500))


def scores(engine: SearchEngine, text: TextQuery) -> dict[str, float]:
    page = engine.search(SearchRequest(text=text, order=Order.RELEVANCE, size=500))
    return {hit.id: hit.score for hit in page.hits if hit.score is not None}


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_every_text_field_is_searched(
    field: str, engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """Words are searched in name, brand, sector terms, service types, offers, description,
    certifications, networks, client references.
    """
    several = field in {
        "sector_terms", "service_terms", "offers", "certification_terms", "network_terms", "client_references",
    }  # fmt: skip
    value = ["autre chose", "zinguerie"] if several else "autre chose zinguerie"
    fields = {"name": "rien"} | {field: value}
    engine = engine_factory([supplier("it", **fields), supplier("not", name="rien")])  # type: ignore[arg-type]
    assert found(engine, words(analysis, "zinguerie")) == ["it"]


@pytest.mark.parametrize(("asked", "held"), cases(__file__, "the_french_analysis"))
def test_the_french_analysis(
    asked: str, held: str, engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """French analysis: elision, case, accents, stop words, light stemmer."""
    engine = engine_factory(
        [supplier("it", description=held), supplier("not", description="autre chose")]
    )
    assert found(engine, words(analysis, asked)) == ["it"]


def test_a_multi_word_term_is_one_token(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Multi-word terms ("mise sous pli") become one token before stop words: their words apart
    don't match.
    """
    engine = engine_factory(
        [supplier("term", offers=["mise sous pli"]), supplier("words", offers=["mise en pli"])]
    )
    assert found(engine, words(analysis, "mise sous pli")) == ["term"]


def test_an_equivalent_counts_less_than_the_word_typed(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """Word equivalences are expanded at search time: an alternative's clause is multiplied by its
    weight.
    """
    engine = engine_factory(
        [supplier("typed", name="voiture"), supplier("equivalent", name="auto")]
    )
    (typed,), (other,) = analysis.terms("french", "voiture"), analysis.terms("french", "auto")

    def asked(*alternatives: Alternative) -> TextQuery:
        return TextQuery((Word("voiture", alternatives),), 1, PROFILE.fields, PROFILE.tie_breaker)

    got = scores(engine, asked(Alternative(typed), Alternative(other, 0.85)))
    assert [*got] == ["typed", "equivalent"]
    alone = scores(engine, asked(Alternative(other)))["equivalent"]
    assert got["equivalent"] == pytest.approx(0.85 * alone, rel=1e-4)


def test_the_engine_itself_forgives_no_typo(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """Typos are corrected before the engine: the engines' own fuzziness is not used."""
    engine = engine_factory([supplier("a", name="zinguerie")])
    assert found(engine, words(analysis, "zinguerie")) == ["a"]
    assert found(engine, words(analysis, "zingrerie")) == []


def test_the_index_knows_its_words_with_counts(engine_factory: EngineFactory) -> None:
    """One dictionary built with the index: its words with counts, folded, and those one edit away."""
    engine = engine_factory(
        [
            supplier("a", name="Élagage"),
            supplier("b", description="élagage et élagages"),
            supplier("c", name="Rien"),
        ]
    )
    counts = engine.words()
    assert counts.count("elagage") == 2
    assert counts.count("elagages") == 1
    assert counts.count("absent") == 0
    for typo in ("elagag", "elagaage", "elagaje", "elgaage"):  # delete, insert, replace, transpose
        assert counts.near(typo)[0] == ("elagage", 2)
    assert counts.near("xyzzy") == [] or len(counts.near("xyzzy")) == 0
