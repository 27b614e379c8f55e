"""From a finished reading to an `Intent`: pieces with offsets, the words that remain, a state for every character."""

from __future__ import annotations

from discovery.intent.lexer import Gap
from discovery.intent.model import RADIUS_APPROXIMATE, Intent, Need, Piece
from discovery.intent.parse_state import Draft, ParseState, State

_WHAT = {State.FREE: "text", State.WORD: "text", State.PIECE: "piece", State.DROPPED: "dropped"}


def assemble(reading: ParseState, needs: tuple[Need, ...]) -> Intent:
    """Pieces in the order of the phrase; spans partition `[0, len(q))`; `text` joins the text spans by one blank."""
    pieces = tuple(sorted((_piece(reading, draft) for draft in reading.drafts), key=lambda p: (p.start, p.end)))
    spans = _spans(reading)
    text = " ".join(reading.q[start:end] for start, end, what in spans if what == "text")
    approximate = any(note.code == RADIUS_APPROXIMATE for note in reading.notes)
    return Intent(reading.q, text, pieces, spans, tuple(reading.notes), needs, approximate)


def piece_text(reading: ParseState, draft: Draft) -> str:
    """The characters of a piece as typed."""
    return reading.q[reading.tokens[draft.first].start : _end(reading, draft)]


def _end(reading: ParseState, draft: Draft) -> int:
    return reading.tokens[draft.last].end if draft.end is None else draft.end


def _piece(reading: ParseState, draft: Draft) -> Piece:
    start, end = reading.tokens[draft.first].start, _end(reading, draft)
    return Piece(
        type=draft.type,
        value=draft.value,
        label=draft.label,
        text=piece_text(reading, draft),
        start=start,
        end=end,
        role=draft.role,
        alternatives=draft.alternatives,
        kept=draft.kept,
        corrected=draft.corrected,
        parameter=draft.parameter,
    )


def _spans(reading: ParseState) -> tuple[tuple[int, int, str], ...]:
    """Tokens by their state; a gap belongs to the piece around it, to the compound word around it, or is dropped."""
    inside = {}  # token → the draft that goes on after it
    for draft in reading.drafts:
        if not draft.kept:
            inside.update(dict.fromkeys(range(draft.first, draft.last), True))
    ends = {draft.last: _end(reading, draft) for draft in reading.drafts if not draft.kept}
    spans: list[tuple[int, int, str]] = []

    def add(start: int, end: int, what: str, *, joins: bool = True) -> None:
        if start >= end:
            return
        if joins and spans and spans[-1][2] == what and what != "piece":
            spans[-1] = (spans[-1][0], end, what)
        else:
            spans.append((start, end, what))

    position, previous = 0, "dropped"
    for index, token in enumerate(reading.tokens):
        what = _WHAT[reading.states[index]]
        goes_on = inside.get(index - 1, False)
        if goes_on and what == "piece":
            spans[-1] = (spans[-1][0], token.end, "piece")
        else:
            ties = index > 0 and what == previous == "text" and _ties(reading, index)
            add(position, token.start, "text" if ties else "dropped")
            add(token.start, token.end, what, joins=ties or what == "dropped")
        position, previous = token.end, what
        if index in ends and ends[index] > position:
            spans[-1] = (spans[-1][0], ends[index], "piece")
            position = ends[index]
    add(position, len(reading.q), "dropped")
    return tuple(spans)


def _ties(reading: ParseState, index: int) -> bool:
    """One typographic word: "l'espace", "24/7", "3,5"."""
    token = reading.tokens[index]
    between = reading.q[reading.tokens[index - 1].end : token.start]
    if token.gap is Gap.GLUE:
        return True
    if any(c.isspace() for c in between) or len(between) > 1:
        return False
    return token.gap is Gap.SLASH or (token.number and reading.tokens[index - 1].number and between in ",:")
