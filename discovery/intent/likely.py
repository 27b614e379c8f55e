"""What the trade classifier adds to a reading: a probable trade where none is named, and a doubt about weak names.

A need named by a label, a synonym or a code decides. But one word that names a trade by chance, in a long phrase that
the classifier is sure to be about something that nobody here does ("bus électriques", "gestion technique des
bâtiments"), is no need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from discovery.intent.lexer import key
from discovery.intent.lexicon import LINKS
from discovery.intent.model import OUTSIDE_LIKELY, OUTSIDE_TRADE, Need, Note, Option
from discovery.intent.reading import Draft, Reading, State
from discovery.trades.verdict import Verdict

Classify = Callable[[str], Verdict]
"""A text, blanks where its pieces were, so that characters keep their places → what it asks for."""

_SURE_KNOWN = ("label", "code")
_LONG = 4
"""Words of a phrase in which one word may name a trade by chance."""


def likely_needs(
    reading: Reading, needs: tuple[Need, ...], classify: Classify | None, left: Collection[str]
) -> tuple[Need, ...]:
    """The needs of a reading once the classifier is asked. `left`: keys of what is to be left as words: a probable
    trade so named is not proposed again."""
    if classify is None or any(note.code == OUTSIDE_TRADE for note in reading.notes) or not _to_ask(reading, needs):
        return needs
    verdict = classify(_masked(reading))
    if verdict.outside:
        return _outside(reading, verdict)
    if needs:
        group_of = reading.lexicon.group_of
        chance = verdict.chance({group_of.get(slug, slug) for need in needs for slug in need.sectors})
        if not verdict.corrects or chance >= verdict.doubts:
            return needs
    if not verdict.trades:
        return needs
    text = reading.q[verdict.start : verdict.end]
    if key(text) in left:
        return ()
    return (_propose(reading, verdict, text),)


def _to_ask(reading: Reading, needs: tuple[Need, ...]) -> bool:
    """Nothing is named, or only by single words of a long phrase."""
    words = [
        index
        for index, state in enumerate(reading.states)
        if state is State.FREE and reading.fold(index) not in LINKS and not reading.tokens[index].number
    ]
    if not needs:
        return bool(words)
    return len(words) >= _LONG and all(_weak(reading, need) for need in needs)


def _weak(reading: Reading, need: Need) -> bool:
    """Known by one word that is no label."""
    inside = [t for t in reading.tokens if need.start <= t.start and t.end <= need.end and t.fold not in LINKS]
    return need.known_by not in _SURE_KNOWN and len(inside) == 1


def _masked(reading: Reading) -> str:
    """The phrase with blanks for what is no word of it."""
    left = list(reading.q)
    for token, state in zip(reading.tokens, reading.states, strict=True):
        if state not in (State.FREE, State.WORD):
            left[token.start : token.end] = " " * (token.end - token.start)
    return "".join(left)


def _outside(reading: Reading, verdict: Verdict) -> tuple[Need, ...]:
    reading.notes.append(Note(OUTSIDE_LIKELY, ", ".join(verdict.why)))
    return ()


def _propose(reading: Reading, verdict: Verdict, text: str) -> Need:
    """The need, and the piece by which it is shown and refused; its words stay words."""
    sectors = tuple(trade.sector for trade in verdict.trades)
    options = tuple(Option(slug, reading.lexicon.label(slug, reading.lang)) for slug in sectors)
    inside = [
        index for index, token in enumerate(reading.tokens) if verdict.start <= token.start and token.end <= verdict.end
    ]
    if inside:
        label = ", ".join(option.label for option in options)
        reading.drafts.append(Draft("trade", sectors[0], label, inside[0], inside[-1], alternatives=options, kept=True))
    return Need(verdict.start, verdict.end, text, sectors, "classifier", verdict.trades[0].probability)
