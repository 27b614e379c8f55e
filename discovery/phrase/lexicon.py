"""The vocabulary compiled for reading: every name of every term in a trie of stems, the longest
name first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from discovery.disk_cache import cached
from discovery.mappings.phrases import fold
from discovery.mappings.vocabulary import Term, Vocabulary
from discovery.model import dataclass
from discovery.phrase.lexer import Gap, Token, lex
from discovery.phrase.model import PieceType

LINKS = frozenset(
    {
        "de",
        "d",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "a",
        "au",
        "aux",
        "un",
        "une",
        "et",
        "and",
        "the",
        "of",
    }
    | {"mes", "mon", "ma", "nos", "notre", "vos", "ses", "my", "our"}
)
"""Words that names of terms may gain or lose: "nettoyage (de nos) bureaux", "travail temporaire
(et) handicap".
"""
_AND = ("et", "and")
"""Those that no name gains: "petits travaux et jardinage" are no "petits travaux de jardinage"."""

_END = ""


class Entry(NamedTuple):
    """One name of one term.

    `strict`: letters that also spell an ordinary word ("AI", "EI"): read only in capitals or among
    kinds. `ordinary`: one word that is no acronym ("intérim", "insertion"): before "de" it opens a
    phrase of its own ("insertion de publicités") and stays words. `spelling`: the folded words of a
    proper name, whose number counts ("jardins de Cocagne" are a network, a "jardin de Cocagne" is a
    farm); empty where plurals are alike. `punctuated`: the name itself holds commas or brackets,
    and may be matched across them. `is_label`: the term's own name, no synonym.
    """

    type: PieceType
    value: str
    strict: bool
    ordinary: bool
    punctuated: bool
    is_label: bool
    spelling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Entries that bear one name; `last` is the index of its last token."""

    entries: tuple[Entry, ...]
    first: int
    last: int

    @property
    def entry(self) -> Entry:
        return self.entries[0]


Named = tuple[PieceType, Term, tuple[str, ...]]
"""A term with what it is called, and what it is read as."""


class Lexicon:
    """Immutable once built. Its words take a tenth of a second to read, so they are kept for the
    next start.
    """

    def __init__(self, named: Iterable[Named] = ()) -> None:
        self._things: dict[
            str, Any
        ] = {}  # what filters: kinds, groups, certifications, networks, service types
        self._sectors: dict[str, Any] = {}  # what is offered
        self._stems: set[str] = set()
        self._alone: set[str] = set()
        self._spelt: set[str] = set()
        self.codes: dict[str, tuple[Entry, ...]] = {}  # folded code of a kind → its entry
        kind_words: set[str] = set()
        same: dict[Entry, Entry] = {}
        for type_, term, names in named:
            for name in names:
                tokens = lex(name)
                entry = self._add(type_, term, name, tokens, same)
                if type_ in ("kind", "kind_group") and name in term.names():
                    kind_words.update(token.fold for token in tokens)
                if type_ == "kind" and name == term.value and entry:
                    self.codes[name.lower()] = (entry,)
        self.kind_words = frozenset(
            kind_words
        )  # folded words of names of kinds and of their groups
        self.group_of: Mapping[str, str] = {}  # sector → its group
        self._terms: Mapping[tuple[PieceType, str], Term] = {}

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "Lexicon":
        """The names of all that the vocabulary knows, ready to be looked up word by word."""
        named = list(_named(vocabulary))
        told = (f"{type_} {term.value} {dict(term.labels)} {names}" for type_, term, names in named)
        lexicon = cached(__file__, partial(cls, named), texts=told)
        lexicon._terms = {(type_, term.value): term for type_, term, _ in named}
        lexicon.group_of = {sector.value: sector.group for sector in vocabulary.sectors.values()}
        return lexicon

    def _add(
        self,
        type_: PieceType,
        term: Term,
        name: str,
        tokens: Sequence[Token],
        same: dict[Entry, Entry],
    ) -> Entry | None:
        """The entry of a name, where it is a name. `same`: those made before, each held once."""
        glued = any(token.number for token in tokens) and all(
            token.gap is Gap.GLUE for token in tokens[1:]
        )
        own = [token for token in tokens if glued or token.fold not in LINKS]  # "D3E" is no "3 e"
        if not own:
            return None
        self._stems.update(
            token.stem for token in own if not token.number and token.fold not in LINKS
        )
        self._spelt.update(token.text.casefold() for token in own)
        if len(own) == 1:
            self._alone.add(own[0].text.casefold())
        node = self._sectors if type_ == "sector" else self._things
        for token in own:
            node = node.setdefault(token.stem, {})
        made = _entry(type_, term, name, tokens, own)
        entry = same.setdefault(made, made)
        ends: list[Entry] = node.setdefault(_END, [])
        if all(
            (known.type, known.value, known.spelling) != (type_, term.value, entry.spelling)
            for known in ends
        ):
            ends.append(entry)
        return entry

    def thing(self, tokens: Sequence[Token], first: int, free: Sequence[bool]) -> Match | None:
        """The longest name of something that filters, starting at token `first` and made of free
        tokens.
        """
        return _longest(self._things, tokens, first, free)

    def sector(
        self, tokens: Sequence[Token], first: int, free: Sequence[bool], *, loose: bool = False
    ) -> Match | None:
        """The longest name of a sector or group of sectors starting at token `first`. `loose`: one
        word more may stand within it ("entretien ménager des locaux").
        """
        found = _longest(self._sectors, tokens, first, free)
        if not loose:
            return found
        longer = _longest(self._sectors, tokens, first, free, spare=1)
        return (
            longer if longer is not None and (found is None or longer.last > found.last) else found
        )

    def label(self, slug: str, lang: str) -> str:
        """What a sector or group of sectors is called; its slug where the vocabulary has it no
        more.
        """
        term = self._terms.get(("sector", slug))
        return term.label(lang) if term else slug

    def term(self, entry: Entry) -> Term:
        return self._terms[entry.type, entry.value]

    def knows(self, word: str) -> bool:
        """Whether a stem belongs to a name of the vocabulary (links excepted)."""
        return word in self._stems

    def near(self, word: str) -> bool:
        """Whether a stem of the vocabulary is one edit away from a folded word."""
        return (
            process.extractOne(word, self._stems, scorer=OSA.distance, score_cutoff=1) is not None
        )

    def mistakes(self, text: str) -> bool:
        """Whether a word names something only without its last accent: "livrés" is no "livres"."""
        spelt = text.casefold()
        if not spelt.endswith(("é", "és", "ée", "ées")):
            return False
        told, mistaken = (
            any(one in self._alone for one in (word, word + "s", word.removesuffix("s")))
            for word in (spelt, fold(spelt))
        )
        return mistaken and not told

    def spells(self, text: str) -> bool:
        """Whether a word, accents included, case apart, stands in the vocabulary: "Vitré" does not,
        "vitre" does.
        """
        return text.casefold() in self._spelt


def _named(vocabulary: Vocabulary) -> Iterator[Named]:
    for kind in vocabulary.kinds.values():
        yield "kind", kind, (kind.value, f"{kind.value}s", *kind.names(), *kind.plural.values())
    for family in vocabulary.families.values():
        yield "kind_group", family, (family.value.upper(), *family.names())
    others: tuple[tuple[PieceType, Mapping[str, Term]], ...] = (
        ("kind_group", vocabulary.kind_groups),
        ("certification", vocabulary.certifications),
        ("network", vocabulary.networks),
        ("service_type", vocabulary.service_types),
        ("sector", vocabulary.sectors),
        ("sector", vocabulary.sector_groups),
    )
    yield from ((type_, term, term.names()) for type_, terms in others for term in terms.values())


def _entry(
    type_: PieceType, term: Term, name: str, tokens: Sequence[Token], own: Sequence[Token]
) -> Entry:
    only = own[0] if len(own) == 1 else None
    capitals = only is not None and sum(c.isupper() for c in only.text) > 1
    return Entry(
        type=type_,
        value=term.value,
        strict=only is not None and capitals and len(only.text.removesuffix("s")) <= 2,
        ordinary=only is not None and not capitals,
        punctuated="&" in name
        or any(token.gap >= Gap.COMMA or token.fold in _AND for token in tokens[1:]),
        spelling=tuple(token.fold for token in own) if type_ == "network" else (),
        is_label=name in term.labels.values(),
    )


def _longest(
    trie: dict[str, Any], tokens: Sequence[Token], first: int, free: Sequence[bool], spare: int = 0
) -> Match | None:
    node = trie.get(tokens[first].stem)
    if node is None or not free[first] or tokens[first].elided:
        return None
    found: Match | None = None
    crossed = False
    spelt: list[str] = []
    for index in range(first, len(tokens)):
        token = tokens[index]
        if index > first:
            crossed = crossed or token.gap >= Gap.COMMA
            child = node.get(token.stem) if free[index] else None
            if child is None:
                if free[index] and token.fold in LINKS:
                    crossed = crossed or token.fold in _AND
                    continue
                if (
                    spare
                    and free[index]
                    and token.stem not in trie
                    and token.gap <= Gap.BLANK
                    and not token.number
                    and index + 1 < len(tokens)
                ):
                    spare -= 1
                    continue
                break
            node = child
        spelt.append(token.fold)
        if _END in node:
            entries = tuple(
                entry
                for entry in node[_END]
                if (entry.punctuated or not crossed) and entry.spelling in ((), tuple(spelt))
            )
            found = Match(entries, first, index) if entries else found
    return found
