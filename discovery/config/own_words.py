"""Words by which a structure that declares no activity tells its trade: `mappings/vocabulary/own_words.yaml`. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length, Regexp

from discovery.config.folding import folded_words
from discovery.declared import Why, about, declared

_GOES_ON = "*"
_LETTERS = 3
"""By which the words that may begin at one are found: of a few hundred, some ten."""


_Words = Annotated[str, Regexp(r"^[^*]*\w[^*]*\*?$", error="words; a `*` at the end at most")]


@declared(why=Why)
class Told:
    """Some words, and the sectors that each of them tells; none where they only look as if they told one. `names_only`:
    not in other texts, which say them in passing."""

    words: Annotated[tuple[_Words, ...], Length(min=1)] = about("Whole words; a `*` at the end: whatever goes on.")
    sectors: tuple[str, ...] = about("Slugs of sectors; may be empty.")
    names_only: bool = about("Not in texts, which say them in passing.", default=False)


_Known = tuple[tuple[str, ...], str | None, Told]
"""Words that stand whole, how the last one begins where it may go on, and what they tell."""


@declared(complete=True, slots=False)
class OwnWords:
    """What words tell, in the order of the file."""

    told: tuple[Told, ...] = about(key="own_words", default=())

    def parsed(self) -> OwnWords:
        """Refuse a word that stands twice: which of its trades is meant?"""
        given = Counter(written(word) for entry in self.told for word in entry.words)
        if twice := [word for word, number in given.items() if number > 1]:
            raise ValidationError(f"{', '.join(twice)}: given twice, keep one with all its sectors", "own_words")
        return self

    def of(self, text: str, *, name: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What is told by a text, in its order: the words, folded, and their sectors. The longest that begin at a word
        win, and no word is read twice. `name`: the text is a name."""
        words = folded_words(text) if self.told else ()
        at = 0
        while at < len(words):
            size, one = self._longest(words, at)
            if one is not None and one.sectors and (name or not one.names_only):
                yield " ".join(words[at : at + size]), one.sectors
            at += size

    def _longest(self, words: tuple[str, ...], at: int) -> tuple[int, Told | None]:
        """How many words tell something from there on, and what; one word that tells nothing where none do."""
        letters, by_start = self._by_start
        for whole, last, one in by_start.get(words[at][:letters], ()):
            end = at + len(whole)
            if words[at:end] == whole:
                if last is None:
                    return len(whole), one
                more = words[end] if end < len(words) else ""
                if more.startswith(last) and more.isascii():
                    return len(whole) + 1, one
        return 1, None

    @cached_property
    def _by_start(self) -> tuple[int, Mapping[str, Sequence[_Known]]]:
        """All words by so many first letters, the longest first."""
        each = [(written(word), one) for one in self.told for word in one.words]
        each.sort(key=lambda one: (-len(one[0]), one[0]))
        letters = min([_LETTERS, *(len(word) - 1 for word, _ in each if word.endswith(_GOES_ON) and " " not in word)])
        found: dict[str, list[_Known]] = {}
        for word, one in each:
            whole = tuple(word.removesuffix(_GOES_ON).split())
            known = (whole[:-1], whole[-1], one) if word.endswith(_GOES_ON) else (whole, None, one)
            found.setdefault(whole[0][:letters], []).append(known)
        return letters, found


def written(word: str) -> str:
    """A word of the file as texts are compared: folded, whatever parts its words as one blank, its star kept."""
    folded = " ".join(folded_words(word))
    return folded + _GOES_ON if word.rstrip().endswith(_GOES_ON) else folded
