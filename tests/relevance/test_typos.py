"""Typos are read through, and what is right is never "corrected": words of the vocabulary, invented
suppliers.
"""

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from string import ascii_lowercase

import pytest

from discovery.engine.port import MatchedBy
from discovery.phrase.spelling.words import corrector, known_word, known_words
from discovery.places import normalise
from discovery.search.query import Query
from discovery.search.service import SearchService
from tests.relevance.conftest import Corpus

pytestmark = pytest.mark.xdist_group("judged")
USEFUL, TYPOS, SEED = 200, 3, 7
SHORTEST = 5
AT_LEAST = 0.95


@pytest.fixture(scope="module")
def useful(sample: Corpus) -> dict[str, set[str]]:
    """Names of one word that sectors go by, with these sectors: the 200 that most suppliers hold."""
    search = sample.services.search
    named: dict[str, set[str]] = defaultdict(set)
    for sector in search.mappings.vocabulary.sectors.values():
        for name in (sector.labels["fr"], *sector.synonyms["fr"]):
            word = normalise(name)
            if word.isalpha() and len(word) >= SHORTEST:
                named[word].add(sector.value)
    held = {word: search.engine.words().count(word) for word in named}
    chosen = sorted((word for word in named if held[word]), key=lambda word: (-held[word], word))[
        :USEFUL
    ]
    return {word: named[word] for word in chosen}


def typos(word: str, chance: Random) -> Iterator[str]:
    """Letters left out, put in, replaced, or swapped with the next; the first one stays (it is
    seldom mistyped).
    """
    found: set[str] = set()
    while len(found) < TYPOS:
        at, letter = chance.randrange(1, len(word)), chance.choice(ascii_lowercase)
        swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word
        edits = (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            swapped,
        )
        typo = chance.choice(edits)
        # One that is a word of its own ("meules") is believed, and never mended.
        if typo != word and typo not in found and not known_word(typo):
            found.add(typo)
            yield typo


def finds(search: SearchService, q: str, sectors: set[str]) -> bool:
    """Whether one of the first ten does what is meant."""
    page = search.search(Query(q=q, per_page=10, facets=())).page
    held = {one.get("sector") for hit in page.hits for one in hit.document.get("activities", ())}
    return not held.isdisjoint(sectors)


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_typos_in_useful_words_still_find_the_sector(
    sample: Corpus, useful: dict[str, set[str]], every: int
) -> None:
    """At least 95 % of three seeded typos of each, on the words that find their sector when spelt
    right.
    """
    search, chance = sample.services.search, Random(SEED)
    asked = {word: list(typos(word, chance)) for word in useful}
    right = [word for word in [*useful][::every] if finds(search, word, useful[word])]
    assert len(right) >= 0.95 * USEFUL / every
    missed = [
        (word, typo)
        for word in right
        for typo in asked[word]
        if not finds(search, typo, useful[word])
    ]
    assert len(missed) <= (1 - AT_LEAST) * TYPOS * len(right), missed


def test_words_that_are_right_are_never_corrected(sample: Corpus) -> None:
    """Every word of the vocabulary, every word of a place's name, every word kept in spelled.txt."""
    search = sample.services.search
    right = known_words(search.mappings.vocabulary, search.gazetteer)
    correct = corrector(search.engine.words(), right, search.mappings.spelled)
    known = sorted(right.vocabulary | {*right.places} | search.mappings.spelled)
    assert len(known) > 10_000
    assert [word for word in known if correct(word) is not None] == []


def test_phrases_spelt_right_have_no_better_spelling(
    sample: Corpus, useful: dict[str, set[str]]
) -> None:
    search = sample.services.search
    for word in [*useful][::10]:
        assert (
            search.search(Query(q=f"{word} Lyon", per_page=1, facets=())).plan.did_you_mean is None
        )


def test_a_mended_sector_ranks_as_if_it_had_been_typed(sample: Corpus) -> None:
    """What was meant is known, so its sector counts: the same do it, of whom a guessed word tells a
    little less.
    """
    search = sample.services.search
    right, wrong = (search.search(Query(q=q, facets=())) for q in ("jardinage", "jardiniage"))
    assert wrong.plan.did_you_mean == "jardinage"
    assert [need.sectors for need in wrong.plan.request.needs] == [
        need.sectors for need in right.plan.request.needs
    ]
    assert {hit.matched_by for answer in (right, wrong) for hit in answer.page.hits} == {
        MatchedBy.ACTIVITY
    }
    first, again = ({hit.id for hit in answer.page.hits[:10]} for answer in (right, wrong))
    assert len(first & again) >= 8
