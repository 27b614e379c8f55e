"""Where the French stemmer misleads: words of different trades under one stem, one family under
several.

The stemmer cuts endings by rule. It folds *traiteur* and *traitement* into one stem, so that who
asks for a caterer is shown waste treatment, and splits *nettoyage* and *nettoyeuse* into two. Each
such case is settled in `stems.txt`, or accepted in `collisions.yaml` with its reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from discovery.engine.analysis import Analysis
from discovery.mappings import Mappings, MappingsError, Problem, yamlfile
from discovery.mappings.equivalences import Equivalences
from discovery.mappings.files import file_of
from tools.lint.rules import FOLDED, FRENCH, STEMS

ACCEPTED = "collisions.yaml"
_SHORTEST = 3
"""Letters of a word that may name a trade."""
_ROOT = 4
"""Letters that words of one family share, at least."""

_PLURAL = re.compile(r"(?<=[^su])s$|(?<=u)s$|x$")
_FEMININES = (
    ("iere", "ier"),
    ("euse", "eur"),
    ("trice", "teur"),
    ("enne", "en"),
    ("elle", "el"),
    ("ive", "if"),
    ("ee", "e"),
    ("au", "al"),  # of -aux, its x gone
)
_ACTS = (
    *("isation", "issage", "isseur", "atrice", "ateur", "ement", "ation", "isage"),
    *("iste", "erie", "iere", "euse", "iser", "age", "eur", "ier", "ure", "er"),
)
"""Endings of an act, of who does it, of where it is done."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Two words, of different sectors, that are one token."""

    words: tuple[str, str]
    token: str
    sectors: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Split:
    """Words of one family that are several tokens."""

    tokens: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Words that may share a stem, words that may be split, whatever their family, and names that
    two sectors may bear; each with its line.
    """

    shared: Mapping[frozenset[str], int]
    split: Mapping[frozenset[str], int]
    both: Mapping[frozenset[str], int]
    file: Path


class _Entry(Schema):
    words = fields.List(fields.String(), required=True, validate=validate.Length(min=2))
    why = fields.String(
        required=True, validate=validate.Length(min=10, error="say why in a sentence")
    )


class _File(Schema):
    shared = fields.List(fields.Nested(_Entry), load_default=list)
    split = fields.List(fields.Nested(_Entry), load_default=list)
    both = fields.List(fields.Nested(_Entry), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, list[frozenset[str]]]:
        return {
            part: [frozenset(entry["words"]) for entry in entries] for part, entries in data.items()
        }


def read_accepted(folder: Path, problems: list[Problem]) -> Accepted:
    """The collisions that analysts accept; none without a file. What is wrong with it is appended
    to `problems`.
    """
    file = file_of(folder, ACCEPTED)
    if not file.exists():
        return Accepted({}, {}, {}, file)
    try:
        found = yamlfile.load(file, _File())
    except MappingsError as error:
        problems += error.problems
        return Accepted({}, {}, {}, file)
    lines = {
        part: {words: yamlfile.line(file, (part, number)) for number, words in enumerate(entries)}
        for part, entries in found.items()
    }
    return Accepted(lines["shared"], lines["split"], lines["both"], file)


def settled(mappings: Mappings, analysis: Analysis, accepted: Accepted) -> Iterator[Problem]:
    """Collisions that nobody settled, and settlements of what no longer collides."""
    stems, used = file_of(mappings.path, STEMS), set[frozenset[str]]()
    for shared in collisions(mappings, analysis):
        holding = [words for words in accepted.shared if words.issuperset(shared.words)]
        used.update(holding)
        if not holding:
            one, other = shared.words
            said = f"'{one}' ({shared.sectors[0]}) and '{other}' ({shared.sectors[1]}) are one token, '{shared.token}'"
            yield Problem(
                stems, 0, said, f"part them here (`{one} => {one}`), or accept them in {ACCEPTED}"
            )
    for split in families(mappings, analysis):
        holding = [words for words in accepted.split if words.issuperset(split.tokens)]
        used.update(holding)
        if not holding:
            said = "one family, several tokens: " + ", ".join(
                f"{word} → {token}" for word, token in split.tokens.items()
            )
            yield Problem(stems, 0, said, f"join them here, or accept them in {ACCEPTED}")
    for words, line in (*accepted.shared.items(), *accepted.split.items()):
        if words not in used:
            said = f"{', '.join(sorted(words))}: nothing of the kind is found any more"
            yield Problem(accepted.file, line, said, "delete the entry")


def collisions(mappings: Mappings, analysis: Analysis) -> Iterator[Shared]:
    """Words of sectors' French names that share a token and no sector, inflections aside; save
    where `stems.txt` names both of them, on purpose.
    """
    sectors = _sectors_of_words(mappings, analysis)
    named = _named(mappings.path)
    by_token: dict[str, list[str]] = defaultdict(list)
    for word in sorted(sectors):
        if token := _token(word, analysis):
            by_token[token].append(word)
    for token, words in sorted(by_token.items()):
        held: dict[str, set[str]] = defaultdict(set)
        for word in words:
            held[_lemma(word)] |= sectors[word]
        for one, other in combinations(held, 2):
            ones, others = (
                [word for word in words if _lemma(word) == lemma] for lemma in (one, other)
            )
            if held[one].isdisjoint(held[other]) and not named.issuperset((*ones, *others)):
                yield Shared((ones[0], others[0]), token, (min(held[one]), min(held[other])))


def families(mappings: Mappings, analysis: Analysis) -> Iterator[Split]:
    """Words that differ by the ending of an act or of who does it, and are several tokens; settled
    where `stems.txt` names every word of all tokens but one.
    """
    named = _named(mappings.path)
    by_root: dict[str, dict[str, str]] = defaultdict(dict)
    for word in sorted(_sectors_of_words(mappings, analysis)):
        root, token = _root(word), _token(word, analysis)
        if root and token:
            by_root[root][word] = token
    for _, tokens in sorted(by_root.items()):
        if (
            len(set(tokens.values())) > 1
            and len({token for word, token in tokens.items() if word not in named}) > 1
        ):
            yield Split(tokens)


def _sectors_of_words(mappings: Mappings, analysis: Analysis) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for sector in mappings.vocabulary.sectors.values():
        for name in (sector.labels["fr"], *sector.synonyms["fr"]):
            for word in analysis.terms(FOLDED, name):
                if word.isalpha() and len(word) >= _SHORTEST:
                    found[word].add(sector.value)
    return found


def _named(folder: Path) -> frozenset[str]:
    return frozenset(
        word for rule in Equivalences.read(file_of(folder, STEMS), []).rules for word in rule.typed
    )


def _token(word: str, analysis: Analysis) -> str | None:
    return next(iter(analysis.terms(FRENCH, word)), None)


def _lemma(word: str) -> str:
    """The word without the marks of plural and feminine, roughly: equal lemmas are inflections of
    one word.
    """
    word = _PLURAL.sub("", word)
    for feminine, masculine in _FEMININES:
        if word.endswith(feminine):
            word = word[: -len(feminine)] + masculine
            break
    return word.removesuffix("e") if len(word) > _ROOT else word


def _root(word: str) -> str | None:
    """The word without the ending of an act; None when it has none."""
    word = _PLURAL.sub("", word)
    return next(
        (
            word[: -len(end)]
            for end in _ACTS
            if word.endswith(end) and len(word) - len(end) >= _ROOT
        ),
        None,
    )
