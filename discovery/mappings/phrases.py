"""Words and phrases of `mappings/grammar/`, checked and folded (no case, accents, ligatures) as
they are read.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from discovery.declared import Filled, declared
from discovery.model import dataclass, field

_WHOLE = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o"})  # letters that NFKD leaves whole
WORD = re.compile(r"[0-9]+|[^\W0-9_]+")


def fold(text: str) -> str:
    """The text without case and accents: "Étienne" and "ETIENNE" are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, in order: "d'Été 2026" is `d`, `ete`, `2026`."""
    return tuple(fold(word) for word in WORD.findall(text))


Words = tuple[str, ...]

_OF = ("de", "d'", "du", "des")
_OF_MARK = "{de}"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Folded phrases of one or more words. `after`: first word → what may follow it, the longest
    first.
    """

    all: frozenset[Words] = frozenset()
    after: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, phrases: frozenset[Words]) -> "Phrases":
        """Phrases ready to be looked up by their first word, the longest first."""
        after: dict[str, list[Words]] = {}
        for phrase in sorted(phrases, key=lambda words: (-len(words), words)):
            after.setdefault(phrase[0], []).append(phrase[1:])
        return cls(
            phrases,
            {word: tuple(tails) for word, tails in after.items()},
            max(map(len, phrases), default=0),
        )

    def __contains__(self, phrase: object) -> bool:
        return phrase in self.all

    def __iter__(self) -> Iterator[Words]:
        return iter(self.all)

    def __or__(self, other: "Phrases") -> "Phrases":
        return Phrases.of(self.all | other.all)


def spellings(text: str) -> list[Words]:
    """The folded words of a phrase as written; `{de}` stands for "de", "d'", "du" and "des"."""
    if _OF_MARK in text:
        return [words for of in _OF for words in spellings(text.replace(_OF_MARK, of, 1))]
    words = folded_words(text)
    return [words] if words else []


def _field(read: Callable[[Any], Any]) -> type[fields.Field[Any]]:
    """The marshmallow field that reads a value so."""
    return type(
        read.__name__, (fields.Field,), {"_deserialize": lambda _, value, *__, **___: read(value)}
    )


def _phrases(value: Any) -> Phrases:
    return Phrases.of(frozenset(words for _, found in _listed(value) for words in found))


def _words(value: Any) -> frozenset[str]:
    faults: dict[int, list[str]] = {}
    words: set[str] = set()
    for index, found in _listed(value):
        if any(len(spelt) != 1 for spelt in found):
            faults[index] = [f"'{value[index]}' is not one word: write one word an entry here"]
        words.update(spelt[0] for spelt in found)
    if faults:
        raise ValidationError(faults)
    return frozenset(words)


def _spelt(value: Any) -> frozenset[str]:
    return frozenset(value[index].casefold() for index, _ in _listed(value))


def _numbers(value: Any) -> Mapping[Words, float]:
    table: dict[Words, float] = {}
    faults: dict[str, list[str]] = {}
    for name, number in _table(value):
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not number > 0:
            faults[name] = [
                f"'{number}' is not a number above zero: write one, 1.5 for one and a half"
            ]
            continue
        table.update((words, float(number)) for words in spellings(name))
    if faults:
        raise ValidationError(faults)
    return table


def _values(value: Any) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for name, listed in _table(value):
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise ValidationError({name: ["is not a list of values: write [A, B], or [] for none"]})
        table[fold(name)] = tuple(listed)
    return table


def _listed(value: Any) -> list[tuple[int, list[Words]]]:
    """Each entry's position with its spellings. Raises ValidationError for what is no list of
    phrases.
    """
    if not isinstance(value, list):
        raise ValidationError("is not a list: write [one, another]")
    faults: dict[int, list[str]] = {}
    found: list[tuple[int, list[Words]]] = []
    for index, text in enumerate(value):
        # YAML 1.1 reads `no`, `on`, `yes` as true or false.
        words = spellings(text) if isinstance(text, str) else []
        if not words:
            faults[index] = [
                f"'{text}' is no phrase: write words, between quotes where YAML would read something else"
            ]
        found.append((index, words))
    if faults:
        raise ValidationError(faults)
    return found


def _table(value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise ValidationError("is not a table: write `name: value` lines")
    faults = {
        str(name): [
            f"'{name}' is no phrase: write words, between quotes where YAML would read something else"
        ]
        for name in value
        if not (isinstance(name, str) and folded_words(name))
    }
    if faults:
        raise ValidationError(faults)
    return list(value.items())


WordSet = Annotated[frozenset[str], _field(_words)]
"""Single words."""
SpeltSet = Annotated[frozenset[str], _field(_spelt)]
"""Single words whose accents count."""
PhraseSet = Annotated[Phrases, _field(_phrases)]
"""Phrases of one or more words, accents and case as one likes."""
NumberOf = Annotated[Mapping[Words, float], _field(_numbers)]
"""Phrase → number above zero."""
ValuesOf = Annotated[Mapping[str, tuple[str, ...]], _field(_values)]
"""Folded key → a list of values as written ("L2113-12": [EA, ESAT])."""
_Sectors = Annotated[tuple[str, ...], Length(min=1)]


@declared(why=Filled)
class Reading:
    """What `names` mean where a trade of the groups `beside` is asked for too, where one of the
    phrases `near` is said, or one of `done` right before or after: the sectors `means`.
    """

    names: PhraseSet
    means: _Sectors
    beside: frozenset[str] = frozenset()
    near: PhraseSet = Phrases()
    done: PhraseSet = Phrases()

    def parsed(self) -> "Reading":
        """Refuse a reading that would always hold."""
        if not (self.beside or self.near.all or self.done.all):
            raise ValidationError(
                "says nothing of its neighbours: give `beside` (groups), `near` or `done` (words)"
            )
        return self
