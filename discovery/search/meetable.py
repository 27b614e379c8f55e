"""Filters of a phrase that no record of the index can meet: they become the kinds that mean them, or words.

As a parameter such a filter stands, as asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from discovery.config.vocabulary import Lang, Vocabulary
from discovery.engine.port import Searcher, SearchRequest
from discovery.gazetteer import normalise
from discovery.intent.model import Intent, Piece
from discovery.schema.attributes import SPARSE
from discovery.search.interpretation import is_offered, surviving
from discovery.search.parameters import Query
from discovery.search.problems import Notice

CHECKED = SPARSE
"""Filters that a whole index may lack: lists that give no networks, no labels, no service types."""

Held = Mapping[str, frozenset[str]]
"""Filter → the values that some live supplier has."""


def held(index: Searcher) -> Held:
    """By checked filter, the values that some record of the index has. Raises EngineUnavailable."""
    page = index.search(SearchRequest(size=0, facets=CHECKED))
    return {name: frozenset(page.facets.get(name, ())) for name in CHECKED}


@dataclass(frozen=True, slots=True)
class Met:
    """The phrase with nothing in it that can't be met; `notices` say what became of the rest."""

    intent: Intent
    notices: tuple[Notice, ...] = ()


def checkable(query: Query, intent: Intent) -> list[Piece]:
    """The pieces that an index may be unable to meet, and that no parameter replaces."""
    return [piece for piece in surviving(query, intent.pieces) if piece.type in CHECKED and not is_offered(piece)]


def met(
    query: Query, intent: Intent, holds: Held, vocabulary: Vocabulary, read: Callable[[tuple[str, ...]], Intent]
) -> Met:
    """Replace the pieces that no record can meet: by the kinds that mean them, else by plain words.

    `holds`: by filter, the values that records have. `read`: reads the same phrase with more texts left as words
    (`literal=`).
    """
    unmet = [piece for piece in checkable(query, intent) if piece.value not in holds[piece.type]]
    if not unmet:
        return Met(intent)
    kinds = {piece: instead(piece, vocabulary) for piece in unmet}
    words = [piece for piece in unmet if not kinds[piece]]
    if words:
        intent = read(tuple(piece.text for piece in words))
    pieces = [one for piece in intent.pieces for one in _meaning(piece, kinds, vocabulary, query.lang)]
    return Met(replace(intent, pieces=tuple(pieces)), tuple(_notice(piece, kinds[piece]) for piece in unmet))


def instead(piece: Piece, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The kinds that mean what the piece says ("intérim": ETTI, EATT); none for most."""
    if piece.type != "service_type":
        return ()
    said = normalise(piece.text)
    named = vocabulary.service_types[piece.value].instead
    return next((one.kinds for one in named if said in map(normalise, one.names)), ())


def _meaning(
    piece: Piece, kinds: Mapping[Piece, tuple[str, ...]], vocabulary: Vocabulary, lang: Lang
) -> Iterable[Piece]:
    codes = kinds.get(piece, ())
    if not codes:
        return (piece,)
    labels = {code: vocabulary.kinds[code].label(lang) for code in codes}
    return [replace(piece, type="kind", value=code, label=label) for code, label in labels.items()]


def _notice(piece: Piece, kinds: tuple[str, ...]) -> Notice:
    if kinds:
        return Notice("unmet_as_kinds", piece.type, {"text": piece.text, "labels": ", ".join(kinds)})
    return Notice("unmet_as_words", piece.type, {"text": piece.text, "label": piece.label})
