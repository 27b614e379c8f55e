"""What of the vocabulary a phrase can't find."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from discovery.errors import Problem
from discovery.mappings.files import file_of
from discovery.mappings.grammar import Grammar
from discovery.mappings.vocabulary import Sector, Term, Vocabulary
from discovery.model.attributes import LISTS, PHRASE_FILTERS
from discovery.phrase import Lexicon, parse
from discovery.phrase.lexer import lex
from discovery.places import gazetteer
from tools.lint.collisions import Accepted

_FILES = {name: f"{LISTS[name]}.yaml" for name in PHRASE_FILTERS} | {"kind_group": "kinds.yaml"}
"""Lists whose values a phrase may name, besides sectors."""


def unreached(vocabulary: Vocabulary, grammar: Grammar, folder: Path) -> Iterator[Problem]:
    """Values that no name of theirs, typed, finds."""
    lexicon = Lexicon.from_vocabulary(vocabulary)
    for type_, term, file in _terms(vocabulary, folder):
        names = (*term.names(), term.value) if type_ != "sector" else term.names()
        if not any(_finds(name, type_, term.value, lexicon, grammar) for name in names):
            said = f"no name of '{term.value}' finds it, of {', '.join(names[:3])}…"
            yield Problem(
                file,
                _line(file, term.value),
                said,
                "give it a synonym of its own, as buyers type it",
            )


def _finds(name: str, type_: str, value: str, lexicon: Lexicon, grammar: Grammar) -> bool:
    intent = parse(
        name, grammar=grammar, lexicon=lexicon, gazetteer=gazetteer(), frequent=lambda _: False
    )
    return any(
        piece.type == type_
        and value in (piece.value, *(option.value for option in piece.alternatives))
        for piece in intent.pieces
    )


def shadowed(vocabulary: Vocabulary, folder: Path, accepted: Accepted) -> Iterator[Problem]:
    """Names that a sector shares with another, unless they may: only the first of them is offered."""
    both = {name for names in accepted.both for name in names}
    used: set[str] = set()
    first: dict[tuple[str, ...], Term] = {}
    for sector in vocabulary.sectors.values():
        for name in sector.names():
            stems = tuple(token.stem for token in lex(name))
            other = first.setdefault(stems, sector)
            if other is not sector and name in both:
                used.add(name)
            elif other is not sector:
                file = _sector_file(sector, folder)
                said = f"'{name}' of '{sector.value}' is also a name of '{other.value}', which is offered instead"
                yield Problem(file, _line(file, name), said, "keep it where buyers mean it")
    for names, line in accepted.both.items():
        if idle := sorted(names - used):
            said = f"{', '.join(idle)}: no name of two sectors any more"
            yield Problem(accepted.file, line, said, "delete it from the entry")


def without_tokens(
    vocabulary: Vocabulary, terms: Callable[[str], list[str]], folder: Path
) -> Iterator[Problem]:
    """Names of which stop words leave nothing to search."""
    for _, term, file in _terms(vocabulary, folder):
        for name in term.names():
            if not terms(name):
                said = f"of '{name}' ({term.value}) stop words leave nothing"
                yield Problem(
                    file,
                    _line(file, name),
                    said,
                    "add the term to synonyms/multiword.txt, or drop the name",
                )


def _terms(vocabulary: Vocabulary, folder: Path) -> Iterator[tuple[str, Term, Path]]:
    for type_, name in _FILES.items():
        terms: Iterable[Term] = vocabulary.terms(type_).values()
        yield from ((type_, term, file_of(folder, f"vocabulary/{name}")) for term in terms)
    yield from (
        ("sector", sector, _sector_file(sector, folder)) for sector in vocabulary.sectors.values()
    )


def _sector_file(sector: Sector, folder: Path) -> Path:
    return file_of(folder, f"vocabulary/sectors/{sector.group}.yaml")


def _line(file: Path, text: str) -> int:
    """Where a value or a name is written; 0 when it can't be told."""
    if not file.exists():
        return 0
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), 0)
