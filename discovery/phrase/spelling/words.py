"""Misspelt words: known words of both languages, how words sound, and what an unknown one was meant
to be.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from zlib import crc32

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.disk_cache import cached
from discovery.engine.port import WordCounts
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, field
from discovery.model.attributes import PHRASE_FILTERS
from discovery.places import Gazetteer, normalise
from discovery.places.names import normalise_all
from discovery.places.table import Packed

_DATA = Path(__file__).with_name("data")


@cache
def _sums() -> memoryview:
    """CRC-32 of every known word, sorted, little-endian (tools.tables.words)."""
    return memoryview((_DATA / "words.bin").read_bytes()).cast("I")


@lru_cache(maxsize=8192)
def known_word(folded: str) -> bool:
    """Whether a folded word is one of the languages'.

    An unknown word is taken for a known one once in nine thousand; never when it is a known word
    with one letter replaced, which a CRC tells apart (RFC 1952 §8: every burst of 32 bits).
    """
    words, wanted = _sums(), crc32(folded.encode())
    found = bisect_left(words, wanted)
    return found < len(words) and words[found] == wanted


SHORTEST_SOUND = 4
"""Sounds at least: shorter keys are said like too many words."""


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of letters and the sound of each, in their order."""
    text = (_DATA / "sounds.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((re.compile(pattern), said) for pattern, said in list(rows)[1:])


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A key that words said alike share: doubled and silent letters gone, spellings of one sound
    made one.

    Accents are read where they tell ("ç"), and then dropped. Empty for a word without letters.
    """
    key = word.casefold()
    for pattern, said in _spellings()[:2]:
        key = pattern.sub(said, key)
    key = "".join(c for c in unicodedata.normalize("NFKD", key) if c.isascii() and c.isalpha())
    for pattern, said in _spellings()[2:]:
        key = pattern.sub(said, key)
    return key


MAX_NEAR = 20
"""Words of the index weighed for one typo, the most frequent."""

OFTENER = 100
"""Times as often as a word the index must hold one of the vocabulary for the first to be its
misspelling.
"""

_TWICE = 10
"""Letters of a word that may hold two typos, wherever they are: shorter ones are two edits away
from too many.
"""

_TWICE_SAID = 7
"""The same, where both words nearly sound alike."""

_LISTS = ("sector", *PHRASE_FILTERS)
_WORD = re.compile(r"[^\W\d_]+")

Corrector = Callable[[str], str | None]
"""A folded word → the known word it was meant to be, or None when it is known or nothing is near.
"""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Folded words that are spelt right: of the `vocabulary`, of `places`, in order. `said`: sound
    → words of the vocabulary. `alone`: those of it that name a thing without another ("pressing",
    not "pression").
    """

    vocabulary: frozenset[str] = frozenset()
    places: Packed = Packed(())
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()

    def hold(self, word: str, spelled: Collection[str]) -> bool:
        """Whether a folded word is spelt right, as French, English, one of these or of `spelled`."""
        if known_word(word) or word in self.vocabulary or word in spelled:
            return True
        at = bisect_left(self.places, word)
        return at < len(self.places) and self.places[at] == word


def known_words(vocabulary: Vocabulary, gazetteer: Gazetteer) -> KnownWords:
    """All words that are spelt right, of the vocabulary and of places. Takes a tenth of a second:
    keep the result.
    """
    alone = frozenset(normalise(name) for name in _names(vocabulary) if _WORD.fullmatch(name))
    words = frozenset(" ".join(normalise_all(_names(vocabulary))).split())
    return KnownWords(words, gazetteer.words, said_alike(vocabulary), alone)


def said_alike(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Sound → folded words of the vocabulary's names that are said so."""
    names = "\n".join(_names(vocabulary)).casefold()
    return cached(__file__, partial(_said_alike, names), texts=[names])


def _said_alike(names: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for word in _WORD.findall(names):
        if len(said := sound(word)) >= SHORTEST_SOUND:
            found.setdefault(said, {})[normalise(word)] = None
    return {said: tuple(words) for said, words in found.items()}


def corrector(
    counts: WordCounts, known: KnownWords, spelled: frozenset[str] = frozenset()
) -> Corrector:
    """Make the function that corrects a word: folded word → its correction, or None.

    A word of French or English, of the vocabulary, of places or of `spelled` is never corrected,
    nor one that the index holds, unless it holds a word of the vocabulary one edit away `OFTENER`
    times as often: one supplier's typing error makes no word. An unknown one becomes, of what there
    is first:

    - a word of the vocabulary and the index one edit away (insertion, deletion, replacement,
    transposition);
    - a word of the vocabulary that is said alike;
    - a word of the index one edit away; of the vocabulary one edit away; two edits away, where it
    is long.

    Of several, one with the same first letter, which is seldom mistyped, then the nearest, then one
    said alike, then one that names a trade alone, then the most frequent.
    """
    vocabulary = known.vocabulary

    def likeness(word: str, one: str) -> tuple[bool, int, bool, bool, int, str]:
        said = one in known.said.get(sound(word), ())
        return (
            one[0] != word[0],
            OSA.distance(word, one),
            not said,
            one not in known.alone,
            -counts.count(one),
            one,
        )

    def nearest(word: str, others: Iterable[str]) -> str:
        return min(others, key=partial(likeness, word))

    def correct(word: str) -> str | None:
        if known.hold(word, spelled):
            return None
        held = counts.count(word)
        near = [one for one, _ in counts.near(word, MAX_NEAR)]
        if trades := [one for one in near if one in vocabulary and one[0] == word[0]]:
            meant = nearest(word, trades)
            if held * OFTENER < counts.count(meant):
                return meant
        if held:
            return None
        if alike := known.said.get(sound(word)):
            return nearest(word, alike)
        if near:
            return min(
                near,
                key=lambda one: (one[0] != word[0], one not in vocabulary, -counts.count(one), one),
            )
        found = process.extract(
            word, _ordered(vocabulary), scorer=OSA.distance, score_cutoff=2, limit=MAX_NEAR
        )
        others = [one for one, edits, _ in found if edits == 1 or _twice(word, one)]
        return nearest(word, others) if others else None

    return correct


def _twice(word: str, other: str) -> bool:
    """Whether two edits may part what was typed from what was meant."""
    if word[0] != other[0] or len(word) < _TWICE_SAID:
        return False
    return len(word) >= _TWICE or OSA.distance(sound(word), sound(other), score_cutoff=1) <= 1


def _names(vocabulary: Vocabulary) -> Iterator[str]:
    return (
        name
        for list_ in _LISTS
        for term in vocabulary.terms(list_).values()
        for name in term.names()
    )


@lru_cache(maxsize=4)
def _ordered(words: frozenset[str]) -> tuple[str, ...]:
    """Of two words as near, always the same one is proposed."""
    return tuple(sorted(words))
