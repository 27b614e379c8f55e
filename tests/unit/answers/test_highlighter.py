import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.answers.highlighter import MAX_OFFERS, Highlighter, Highlights, fragments
from discovery.engine.analysis import Analysis
from discovery.engine.port import Alternative, TextQuery, Word
from tests.tables import cases

MakeQuery = Callable[..., TextQuery]

MARK = re.compile(r"</?mark>")


@pytest.fixture(scope="session")
def highlighter(analysis: Analysis) -> Highlighter:
    return Highlighter(analysis)


@pytest.fixture(scope="session")
def query(analysis: Analysis) -> MakeQuery:
    def make(text: str, *others: str) -> TextQuery:
        tokens = analysis.tokens("french", text)
        words = [Word(text[one.start : one.end], (Alternative(one.term),)) for one in tokens]
        if others:
            words[0] = Word(words[0].text, (*words[0].alternatives, *map(Alternative, others)))
        return TextQuery(tuple(words), 1, (("name", 1.0),), 0.1)

    return make


def one(highlighter: Highlighter, public: dict[str, Any], query: TextQuery | None) -> Highlights:
    (found,) = highlighter.suppliers([public], query)
    return found


def plain(fragment: str) -> str:
    """The text that a fragment shows."""
    return unescape(MARK.sub("", fragment)).removeprefix("… ").removesuffix(" …")


def test_inflected_words_are_marked_in_every_field(
    highlighter: Highlighter, query: MakeQuery
) -> None:
    public = {
        "name": "Vitres et Compagnie",
        "brand": "La Vitre",
        "description": "Nous lavons toute vitre.",
        "offers": [
            {"name": "Lavage de vitres", "description": ""},
            {"name": "Autre", "description": "Une vitre."},
        ],
    }
    found = one(highlighter, public, query("vitre"))
    assert found.fields == {
        "name": ["<mark>Vitres</mark> et Compagnie"],
        "brand": ["La <mark>Vitre</mark>"],
        "description": ["Nous lavons toute <mark>vitre</mark>."],
        "offers": ["Lavage de <mark>vitres</mark>", "Une <mark>vitre</mark>."],
    }
    assert found.words == ("vitre",)


def test_an_equivalent_is_marked_and_not_said_to_be_the_word(
    highlighter: Highlighter, query: MakeQuery
) -> None:
    found = one(highlighter, {"name": "Lavage de voitures"}, query("véhicule", "voitur"))
    assert found.fields == {"name": ["Lavage de <mark>voitures</mark>"]}
    assert found.words == (), "the record does not mention it"


@pytest.mark.parametrize(("text", "shown"), cases(__file__, "an_elided_article_is_not_marked"))
def test_an_elided_article_is_not_marked(
    highlighter: Highlighter, query, text: str, shown: str
) -> None:
    assert one(highlighter, {"name": text}, query("entretien")).fields == {"name": [shown]}
    assert one(highlighter, {"name": text}, query(text)).words == ("entretien",)


def test_neighbouring_words_are_one_mark(highlighter: Highlighter, query: MakeQuery) -> None:
    found = one(highlighter, {"name": "Lavage vitres, vitres"}, query("lavage vitres"))
    assert found.fields == {"name": ["<mark>Lavage vitres</mark>, <mark>vitres</mark>"]}


def test_a_multiword_term_is_one_mark(highlighter: Highlighter, query: MakeQuery) -> None:
    found = one(highlighter, {"name": "Routage, mise sous pli"}, query("mise sous pli"))
    assert found.fields == {"name": ["Routage, <mark>mise sous pli</mark>"]}


def test_at_most_so_many_offers(highlighter: Highlighter, query: MakeQuery) -> None:
    offers = [{"name": f"Vitre {number}", "description": "vitre"} for number in range(9)]
    assert len(one(highlighter, {"offers": offers}, query("vitre")).fields["offers"]) == MAX_OFFERS


@pytest.mark.parametrize(
    ("matches", "shown"), cases(__file__, "extracts_of_160_characters_begin_and_end_with_words")
)
def test_extracts_of_160_characters_begin_and_end_with_words(
    matches: list[int], shown: list[str]
) -> None:
    """A text of 99 words of five characters each, the last without the blank behind it."""
    text = " ".join(f"m{number:03}" for number in range(99))
    told = fragments(text, [(5 * number, 5 * number + 4) for number in matches])
    assert [re.sub(r"m(\d+).*m(\d+)", r"\1-\2", MARK.sub("", one)) for one in told] == shown


WORDS = st.lists(
    st.sampled_from(
        ["lavage", "vitre", "l'eau", "<b>", "&", "très", "\n", "e\u0301te\u0301", "œuvre", "x" * 30]
    ),
    max_size=120,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(WORDS.map(" ".join), st.text(max_size=400)))
def test_fragments_are_parts_of_the_text_around_its_matches(
    highlighter: Highlighter, query: MakeQuery, text: str
) -> None:
    asked = query("lavage de vitres")
    found = one(highlighter, {"description": text, "name": text}, asked)
    matched = {word.alternatives[0].token for word in asked.words} & set(
        highlighter.analysis.terms("french", text)
    )
    assert bool(found.fields) == bool(matched)
    for fragment in found.fields.get("description", []):
        assert plain(fragment) in text
        assert fragment.count("<mark>") == fragment.count("</mark>") > 0
    for name in found.fields.get("name", []):
        assert unescape(MARK.sub("", name)) == text
