"""What holds for any text at all."""

from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.analysis.filters import ascii_fold, light_stem, lower_case
from discovery.engine.analysis.interpreter import PatternReplace, with_places
from discovery.engine.analysis.settings import Parameters
from discovery.engine.analysis.tokenizer import scanner

_JUNK = st.text(st.characters(), max_size=120)  # Lone surrogates and NUL included.
_FRENCH = st.lists(
    st.sampled_from(
        [
            *(
                "L'",
                "l’",
                "d'",
                "E.S.A.T.",
                "A.B.",
                "mise",
                "sous",
                "pli",
                "plis",
                "espaces",
                "verts",
                "à",
                "façon",
            ),
            *(
                "œuvre",
                "main",
                "d'œuvre",
                "traiteur",
                "de",
                "1,5",
                "-",
                ",",
                " ",
                "\u202f",
                "\u00a0",
                "\n",
            ),
            *("e\u0301", "👷🏽\u200d♀️"),
        ]
    ),
    max_size=30,
)
_TEXTS = st.one_of(_JUNK, _FRENCH.map(" ".join), _FRENCH.map("".join))


@given(_TEXTS)
def test_offsets_are_within_the_text_and_in_order(project_analysis: Analysis, text: str) -> None:
    end, position = 0, -1
    for token in project_analysis.tokens("french", text):
        assert end <= token.start < token.end <= len(text)
        assert token.position > position
        end, position = token.end, token.position


@given(_TEXTS)
def test_tokens_of_the_folded_analyzer_are_in_the_text(
    project_analysis: Analysis, text: str
) -> None:
    """Analysing the piece of text a token points at gives the token again."""
    for token in project_analysis.tokens("folded", text):
        assert token.term in project_analysis.terms("folded", text[token.start : token.end])


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert ascii_fold(ascii_fold(text)) == ascii_fold(text)
    assert lower_case(lower_case(text)) == lower_case(text)


@given(st.text(max_size=40))
def test_a_stem_is_never_longer_nor_empty(word: str) -> None:
    stem = light_stem(word)
    assert len(stem) <= len(word)
    assert bool(stem) == bool(word)


@given(_TEXTS)
def test_words_cover_all_letters_and_digits_of_latin_text(text: str) -> None:
    """Nothing that is a word to a reader is lost between two words."""
    position, skipped, kinds = 0, "", text.translate(scanner().kinds)
    while (found := scanner().next(kinds, position, len(text))) is not None:
        skipped += text[position : found[0]]
        position = found[1]
    skipped += text[position:]
    assert not any(c.isalnum() and c < "\u0250" for c in skipped if c not in "²³¹¼½¾")


@given(st.text("abcdé", max_size=30), st.text("xyz", max_size=4), st.integers(1, 3))
def test_offsets_go_back_to_what_was_replaced(text: str, put: str, length: int) -> None:
    """Unreplaced characters map to themselves, whatever grew or shrank before them."""
    replacing = PatternReplace(
        Parameters("filter", {"pattern": f"[abc]{{{length}}}", "replacement": put})
    )
    changed, places = with_places([replacing], text)
    kept = [places[at] for at, letter in enumerate(changed) if letter in "dé"]
    assert kept == [at for at, letter in enumerate(text) if letter in "dé"]
    assert len(places) == len(changed) + 1
    assert list(places) == sorted(places)
    assert (places[-1], min(places) >= 0) == (len(text), True)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, project_analysis: Analysis) -> None:
    monkeypatch.setattr(project_analysis._named("french"), "_capacity", 10)
    french = project_analysis._named("french")
    for number in range(100):
        french.terms(f"mot{number} terme{number} nom{number}")
        assert len(french._memory.terms) <= 10 + 3


def test_threads_share_an_analysis(
    monkeypatch: pytest.MonkeyPatch, project_analysis: Analysis
) -> None:
    monkeypatch.setattr(project_analysis._named("french"), "_capacity", 20)
    texts = [f"L'entretien {number} d'espaces verts, mise sous pli" for number in range(200)]
    expected = [project_analysis.terms("french", text) for text in texts]
    seen: list[list[Any]] = []

    def work() -> None:
        seen.append([project_analysis.terms("french", text) for text in texts])

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 4


def test_an_endless_word_is_cut_and_costs_no_square(project_analysis: Analysis) -> None:
    """Each of these took minutes where a word's search starts again at every character."""
    for endless in ("a", "_", "1,", "l'", "é", "\u200d", "#\u0301", "👩🏽\u200d", 'א"'):
        text = endless * (60_000 // len(endless))
        tokens = project_analysis.tokens("folded", text)
        assert all(token.end - token.start <= 255 for token in tokens)
