"""A phrase to what it means. Pure: the same arguments give the same intent, and no argument raises.

The order of the steps is `_read`; at the end claims become pieces, and an account of every character.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from discovery.config.grammar import Grammar
from discovery.gazetteer import Gazetteer
from discovery.intent.addresses import claim_sites, claim_streets
from discovery.intent.classified import Meanings, claim_codes, no_meaning
from discovery.intent.codes import claim_department_numbers, claim_partial_post_codes, claim_post_codes
from discovery.intent.communes import claim_shortened
from discovery.intent.connectives import drop_openers, trim
from discovery.intent.distance import Distance, centre_starts, claim_radius, find_distances
from discovery.intent.exclusions import claim_exclusions, find_negations, tell_unknown
from discovery.intent.ignored import claim_ignored, claim_supplier_words, claim_thanks
from discovery.intent.lexer import Gap, key, lex
from discovery.intent.lexicon import Lexicon
from discovery.intent.likely import Classify, likely_needs
from discovery.intent.mending import mended
from discovery.intent.model import IGNORED, RADIUS_APPROXIMATE, Intent, Need, Piece
from discovery.intent.needs import find_needs
from discovery.intent.parse_state import Draft, ParseState, State
from discovery.intent.places import claim_centre, claim_country, claim_names, claim_national
from discovery.intent.references import claim_numbers
from discovery.intent.things import claim_sectors, claim_things, settle_doubtful
from discovery.intent.typos import claim_misspelt

_WHAT = {State.FREE: "text", State.WORD: "text", State.PIECE: "piece", State.DROPPED: "dropped"}


def assemble(reading: ParseState, needs: tuple[Need, ...]) -> Intent:
    """Make the intent of a finished reading: pieces in the order of the phrase; spans that partition `[0, len(q))`;
    `text` joins the text spans by one blank."""
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


_POINTS = ("commune:", "postcode:")  # places that a circle can be drawn around, and a focus set on


def parse(
    q: str,
    *,
    grammar: Grammar,
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    frequent: Callable[[str], bool],
    literal: Sequence[str] = (),
    lang: str = "fr",
    centred: bool = False,
    meanings: Meanings = no_meaning,
    classify: Classify | None = None,
) -> Intent:
    """What a phrase asks for: recognised pieces, the words to search, an account of every character.

    `frequent` tells whether the index holds a folded word often. `literal`: texts of pieces to leave as words,
    compared without case, accents and punctuation. `lang`: of labels. `centred`: a centre is given besides the
    phrase, so that a distance alone is a radius. `meanings`: of codes of classifications. `classify` tells the
    probable trade of a phrase that names none, or that it is none of ours. Notes: `radius_repeated` (the last distance
    wins), `radius_range` (brought back to 1–500 km), `radius_approximate` (from a travel time), `negation_unknown`,
    `code_unknown`, `outside_trade`, `outside_likely`.
    """
    tokens, misspelt = mended(lex(q), grammar, lexicon, gazetteer, frequent)
    left = {folded for text in literal if (folded := key(text))}
    words: set[int] = set()
    while True:
        reading = ParseState(q, tokens, grammar, lexicon, gazetteer, frequent, lang, misspelt=misspelt)
        for index in words:
            reading.states[index] = State.WORD
        reading.needs += claim_codes(reading, meanings)
        _read(reading, centred=centred)
        refused = _refused(reading, left)
        if not refused:
            needs = likely_needs(reading, find_needs(reading), classify, left)
            trim(reading)
            reading.drop(range(reading.signature, len(reading.tokens)))
            _unless_alone(reading)
            return assemble(reading, needs)
        # Its words become opaque and the phrase is read again: no other rule may take them.
        words |= refused


def _refused(reading: ParseState, left: set[str]) -> set[int]:
    """The tokens of the pieces that `literal=` names."""
    if not left:
        return set()
    return {
        index
        for draft in reading.drafts
        if key(piece_text(reading, draft)) in left
        for index in range(draft.first, draft.last + 1)
    }


def _read(reading: ParseState, *, centred: bool) -> None:
    """The order matters: what is certain first, so that the doubtful is read in its light."""
    claim_numbers(reading)
    negations = find_negations(reading)
    drop_openers(reading)
    claim_thanks(reading)
    distances = find_distances(reading)
    _set_aside(reading, distances)
    claim_streets(reading)
    claim_ignored(reading)
    claim_exclusions(reading, negations)
    doubtful = claim_things(reading)
    settle_doubtful(reading, doubtful, last_call=False)
    claim_supplier_words(reading)
    claim_national(reading)
    _claim_centres(reading, distances)
    claim_names(reading)  # before the post codes: one beside a name is its hint ("93200 Saint-Denis")
    claim_post_codes(reading)
    claim_partial_post_codes(reading)
    claim_department_numbers(reading)
    claim_country(reading)
    claim_names(reading)  # again: with the numbers read, more names stand at an end
    claim_shortened(reading)
    claim_misspelt(reading)
    claim_sites(reading)
    settle_doubtful(reading, doubtful, last_call=True)
    tell_unknown(reading, negations)
    _settle_radius(reading, distances, centred=centred)
    claim_sectors(reading)


def _unless_alone(reading: ParseState) -> None:
    """Where nothing is left but what would be ignored, it is what is asked for: words."""
    if any(draft.type not in IGNORED for draft in reading.drafts) or any(
        state in (State.FREE, State.WORD) for state in reading.states
    ):
        return
    for draft in reading.drafts:
        for index in range(draft.first, draft.last + 1):
            reading.states[index] = State.FREE
    reading.drafts.clear()


def _set_aside(reading: ParseState, distances: Sequence[Distance]) -> None:
    """Keep the words of distances out of other readings until they are settled."""
    for distance in distances:
        if not distance.refused:
            reading.drop(range(distance.lead, distance.after))


def _claim_centres(reading: ParseState, distances: Sequence[Distance]) -> None:
    """Claim what follows each distance as its centre."""
    for distance in distances:
        starts = centre_starts(reading, distance)
        led = any(reading.fold(index) not in reading.ties.of for index in range(distance.lead, distance.first))
        claim_centre(reading, starts, vague=not led)


def _settle_radius(reading: ParseState, distances: Sequence[Distance], *, centred: bool) -> None:
    """With a place, or a centre given apart, distances are a radius; alone they are words."""
    distances = [distance for distance in distances if not distance.refused]
    for distance in distances:
        for index in range(distance.lead, distance.after):
            if reading.states[index] is State.DROPPED:
                reading.states[index] = State.FREE
    places = [draft for draft in reading.drafts if draft.type == "place"]
    if distances and (centred or any(draft.value != "country" for draft in places)):
        claim_radius(reading, list(distances))
    circled = any(draft.type == "radius" for draft in reading.drafts)
    for draft in places:
        if draft.role == "focus" and (circled or not draft.value.startswith(_POINTS)):
            draft.role = "boundary"
