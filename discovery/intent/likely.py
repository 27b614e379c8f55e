"""What the trade classifier adds to a reading: a probable trade where none is named, and a doubt about weak names.

A need named by a label, a synonym or a code decides. But one word that names a trade by chance, in a long phrase that
the classifier is sure to be about something that nobody here does ("bus électriques", "gestion technique des
bâtiments"), or certain to be about another trade that is named too, is no need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from discovery.intent.lexer import key
from discovery.intent.lexicon import LINKS
from discovery.intent.model import OUTSIDE_LIKELY, OUTSIDE_TRADE, Need, Note, Option
from discovery.intent.parse_state import Draft, ParseState, State
from discovery.trades.verdict import Verdict

Classify = Callable[[str], Verdict]
"""A text, blanks where its pieces were, so that characters keep their places → what it asks for."""

_LONG = 3
"""Words beside the names of a phrase in which one word may name a trade by chance."""


def likely_needs(
    reading: ParseState, needs: tuple[Need, ...], classify: Classify | None, left: Collection[str]
) -> tuple[Need, ...]:
    """The needs of a reading once the classifier is asked. `left`: keys of what is to be left as words: a probable
    trade so named is not proposed again."""
    weak = _weak(reading, needs)
    outside = any(note.code == OUTSIDE_TRADE for note in reading.notes)
    if classify is None or outside or (needs and not weak) or not any(_words(reading)):
        return needs
    verdict = classify(_masked(reading))
    if verdict.outside and len(weak) == len(needs):
        return _outside(reading, verdict)
    believed = tuple(need for need in needs if need not in weak or _believed(reading, need, verdict))
    if believed:
        # It agrees with one of them, surely: what it does not believe is named by chance.
        return believed if verdict.certain and any(_agreed(reading, need, verdict) for need in believed) else needs
    if not verdict.trades:
        return needs
    text = reading.q[verdict.start : verdict.end]
    return needs if key(text) in left else (_propose(reading, verdict, text),)


def _words(reading: ParseState) -> Iterator[int]:
    """Tokens that are searched and say something."""
    for index, state in enumerate(reading.states):
        if state is State.FREE and reading.fold(index) not in LINKS and not reading.tokens[index].number:
            yield index


def _weak(reading: ParseState, needs: tuple[Need, ...]) -> list[Need]:
    """Known by one word, in a phrase of many others."""
    inside = {need: [i for i in _words(reading) if need.start <= reading.tokens[i].start < need.end] for need in needs}
    told = {index for words in inside.values() for index in words} | _authorities(reading)
    others = sum(1 for index in _words(reading) if index not in told)
    if others < _LONG:
        return []
    return [need for need, words in inside.items() if need.known_by != "code" and len(words) == 1]


def _authorities(reading: ParseState) -> set[int]:
    """Tokens that say whose need it is: however long its name, it makes no trade less likely."""
    sizes = {index: reading.phrase_at(index, reading.grammar.places.authorities) for index in _words(reading)}
    return {token for index, size in sizes.items() for token in range(index, index + size)}


def _believed(reading: ParseState, need: Need, verdict: Verdict) -> bool:
    """Unless the classifier is sure of another trade."""
    return not verdict.corrects or verdict.chance(_groups(reading, need)) >= verdict.doubts


def _agreed(reading: ParseState, need: Need, verdict: Verdict) -> bool:
    """Whether it is what the classifier says first."""
    return any(group in _groups(reading, need) for group, _ in verdict.groups[:1])


def _groups(reading: ParseState, need: Need) -> set[str]:
    group_of = reading.lexicon.group_of
    return {group_of.get(slug, slug) for slug in need.sectors}


def _masked(reading: ParseState) -> str:
    """The phrase with blanks for what is no word of it."""
    left = list(reading.q)
    for token, state in zip(reading.tokens, reading.states, strict=True):
        if state not in (State.FREE, State.WORD):
            left[token.start : token.end] = " " * (token.end - token.start)
    return "".join(left)


def _outside(reading: ParseState, verdict: Verdict) -> tuple[Need, ...]:
    reading.notes.append(Note(OUTSIDE_LIKELY, ", ".join(verdict.why)))
    return ()


def _propose(reading: ParseState, verdict: Verdict, text: str) -> Need:
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
