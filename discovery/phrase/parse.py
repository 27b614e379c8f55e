"""Read a phrase into an `Intent`. Pure: the same arguments give the same intent, and no argument
raises.

The order of the steps is `_read`; at the end claims become pieces, and an account of every
character.
"""

from collections.abc import Callable, Iterator, Sequence

from discovery.mappings.grammar import Grammar
from discovery.phrase.communes import claim_shortened
from discovery.phrase.distances import Distance, centre_starts, claim_radius, find_distances
from discovery.phrase.exclusions import (
    claim_exclusions,
    find_negations,
    tell_unknown,
    turn_excluded,
)
from discovery.phrase.ignored import (
    claim_greeting,
    claim_ignored,
    claim_supplier_words,
    claim_thanks,
)
from discovery.phrase.lexer import Gap, key, lex
from discovery.phrase.lexicon import Lexicon, Match
from discovery.phrase.misspelt import claim_misspelt, claim_misspelt_long, mended
from discovery.phrase.model import IGNORED, Intent, Need, Option, Piece
from discovery.phrase.needs import find_needs, likely_needs, means
from discovery.phrase.numbers import (
    Meanings,
    claim_codes,
    claim_department_numbers,
    claim_numbers,
    claim_post_codes,
)
from discovery.phrase.parse_state import Draft, ParseState, State
from discovery.phrase.places import claim_centre, claim_country, claim_names, claim_national
from discovery.phrase.trades import TradeReader
from discovery.places import Gazetteer


def claim_things(state: ParseState) -> list[Match]:
    """Claim every name of something that filters. Returns the doubtful ones ("ai", "ea"), for
    `settle_doubtful`.
    """
    doubtful: list[Match] = []
    free = state.unclaimed_tokens()
    for match in state.named(state.lexicon.thing, free):
        token = state.tokens[match.first]
        capitals = token.dotted or (
            token.text.removesuffix("s").isupper() and not _fastened(state, match)
        )
        if match.entry.strict and not capitals:
            doubtful.append(match)
        elif not _is_words(state, match, free):
            _claim(state, match)
    return doubtful


def settle_doubtful(state: ParseState, doubtful: list[Match], *, last_call: bool) -> None:
    """Claim "ai", "ea", "ei" listed with other kinds; at the last call, also where no other words
    are left.
    """
    settled = True
    while settled:
        settled = False
        for match in doubtful:
            if (
                state.unclaimed[match.first]
                and not _fastened(state, match)
                and _listed(state, match)
            ):
                _claim(state, match)
                settled = True
    if last_call:
        left = {i for i, state in enumerate(state.states) if state in (State.FREE, State.WORD)}
        lonely = [m for m in doubtful if state.unclaimed[m.first] and not _fastened(state, m)]
        if left and left == {m.first for m in lonely} | {
            i for i in left if state.folds[i] in state.connectives.listing
        }:
            for match in lonely:
                _claim(state, match)


def claim_sectors(state: ParseState) -> None:
    """Offer sectors: pieces whose words stay in the text. Call once everything else is claimed."""
    offered: set[str] = set()  # a sector named twice is offered once
    for match in state.named(state.lexicon.sector, state.trade_tokens()):
        if match.entry.value not in offered and not means(
            state, match
        ):  # of "bus sales", buses are not asked for
            state.drafts.append(_draft(state, match, kept=True))
            offered.add(match.entry.value)


def _claim(state: ParseState, match: Match) -> None:
    if match.entry.type == "network" and state.folds[match.first - 1] in state.connectives.members:
        state.discard([match.first - 1])
    state.claim(_draft(state, match, kept=False))


def _draft(state: ParseState, match: Match, *, kept: bool) -> Draft:
    entry = match.entry
    return Draft(
        type=entry.type,
        value=entry.value,
        label=state.lexicon.term(entry).label(state.lang),
        first=match.first,
        last=match.last,
        alternatives=tuple(
            Option(other.value, state.lexicon.term(other).label(state.lang))
            for other in match.entries[1:]
            if other.type == entry.type
        ),
        kept=kept,
    )


def _is_words(state: ParseState, match: Match, free: list[bool]) -> bool:
    """Whether a name is part of something else: a longer name ("légumes bio"), a compound, a
    negation.
    """
    entry = match.entry
    if match.first in state.negated:
        return True
    if entry.type != "kind" and state.within_a_name(match.first, match.last):
        return True
    if match.first == match.last and _fastened(state, match):
        return True
    if entry.type == "kind_group" and _done(state, match, free):
        return True
    if not entry.ordinary:
        return False
    before = match.first - 1
    if (
        entry.type == "kind_group"
        and state.unclaimed[before]
        and state.folds[before] in ("de", "d")
    ):
        return state.unclaimed[before - 1]  # "situation de handicap", "clause d'insertion"
    after = match.last + 1
    return (
        state.adjacent[after] and state.folds[after] in ("de", "d") and state.unclaimed[after + 1]
    )


def _done(state: ParseState, match: Match, free: list[bool]) -> bool:
    """ "services d'insertion professionnelle": what is done, where it is a trade's name too, and not
    who does it.
    """
    if state.folds[match.first - 1] not in state.connectives.of:
        return False
    sector = state.lexicon.sector(state.tokens, match.first, free)
    return sector is not None and sector.last >= match.last


def _fastened(state: ParseState, match: Match) -> bool:
    """Part of a compound: "ei-nettoyage", "j'ai". (An article's apostrophe fastens nothing:
    "l'ESAT".)
    """
    left = state.gaps[match.first] is Gap.GLUE and state.folds[match.first - 1] not in (
        "l",
        "d",
        "qu",
    )
    return left or state.gaps[match.last + 1] is Gap.GLUE


def _listed(state: ParseState, match: Match) -> bool:
    """Next to a kind, with nothing between but "ou", "et", a comma or a slash."""
    kinds = {
        i
        for draft in state.drafts
        if draft.type == "kind"
        for i in range(draft.first, draft.last + 1)
    }
    for step, edge in ((-1, match.first), (1, match.last)):
        index = edge + step
        if state.folds[index] in (*state.connectives.listing, "l", "les", "une", "un", "des", "d"):
            index += step
        gaps = [state.gaps[i] for i in range(min(index, edge) + 1, max(index, edge) + 1)]
        if index in kinds and all(gap < Gap.STOP for gap in gaps):
            return True
    return False


def drop_openers(state: ParseState) -> None:
    """Drop what opens a request without saying what is asked for; greetings are pieces."""
    index = 0
    while True:
        index = claim_greeting(state, index)
        size = state.phrase_at(index, state.connectives.openers)
        if not size or index + size >= len(state.tokens) or _is_wanted(state, index, size):
            break
        state.discard(range(index, index + size))
        index += size
        while (
            state.unclaimed[index]
            and state.folds[index] in state.connectives.after_opener
            and index + 1 < len(state.tokens)
        ):
            state.discard([index])
            index += 1


def _is_wanted(state: ParseState, index: int, size: int) -> bool:
    """ "recherche et développement", "recherche de fuites", a name of the vocabulary: words, not an
    opener.
    """
    free = state.unclaimed_tokens()
    words = tuple(state.folds[i] for i in range(index, index + size))
    if words not in state.connectives.fragile_openers:
        return False
    match = state.lexicon.sector(state.tokens, index, free)
    if match is not None and match.last >= index + size:
        return True
    following = state.folds[index + size]
    return words != ("besoin",) and (
        following in ("de", "d", *state.connectives.listing) or state.gaps[index + size] is Gap.GLUE
    )


def trim(state: ParseState) -> None:
    """Drop the connectives left dangling at the ends of runs of words, and those between pieces.

    At the very start of a phrase articles stay: "Les Jardins du Cœur" is a name.
    """
    runs = list(_runs(state))
    pieces = any(state is State.PIECE for state in state.states)
    kept = {index for first, last in runs for index in range(first, last + 1)}
    cut: set[int] = set()
    for first, last in runs:
        start, end = first, last
        if first > 0 and not _goes_on(state, first):
            start += state.phrase_at(start, state.connectives.leading_phrases)
            while start <= end and _dangles(state, start, state.connectives.leading):
                start += 1
        elif (
            first == 0 < end
            and pieces
            and state.unclaimed[0]
            and state.folds[0] in state.connectives.indefinite
        ):
            start = 1
        while end >= start and _dangles(state, end, state.connectives.trailing):
            if (
                end == len(state.tokens) - 1
                and state.tokens[end].text.isupper()
                and state.mixed_case
            ):
                break  # "plan A", "vitamine D"
            end -= 1
        cut.update(range(first, start))
        cut.update(range(end + 1, last + 1))
    if cut == kept and not pieces:
        return  # nothing but connectives: then they are what is asked for
    state.discard(cut)


def _goes_on(state: ParseState, first: int) -> bool:
    """Whether only what is ignored parts a run of words from the one before: "collecte (de 12
    tonnes) de papier".
    """
    if not state.adjacent[first] or state.folds[first] not in state.connectives.of:
        return False
    index = first - 1
    while index >= 0 and state.states[index] is State.PIECE and state.adjacent[index]:
        index -= 1
    aside = [draft for draft in state.drafts if not draft.kept and index < draft.first < first]
    within = index >= 0 and state.states[index] in (State.FREE, State.WORD)
    return within and all(draft.type in IGNORED for draft in aside)


def _runs(state: ParseState) -> Iterator[tuple[int, int]]:
    """Runs of words, from piece to piece."""
    first = None
    for index in range(len(state.tokens) + 1):
        word = index < len(state.tokens) and state.states[index] in (State.FREE, State.WORD)
        if word and first is None:
            first = index
        elif not word and first is not None:
            yield first, index - 1
            first = None


def _dangles(state: ParseState, index: int, connectives: frozenset[str]) -> bool:
    if state.states[index] is not State.FREE or state.folds[index] not in connectives:
        return False
    token = state.tokens[index]
    if token.fold in ("l", "d") and not token.elided:
        return False
    return state.gaps[index + 1] is not Gap.GLUE or token.elided


_SAME = ("type", "value", "label", "role", "alternatives", "kept", "corrected", "parameter")
"""What a piece has of its draft."""
_WHAT = {State.FREE: "text", State.WORD: "text", State.PIECE: "piece", State.DROPPED: "dropped"}


def assemble(state: ParseState, needs: tuple[Need, ...]) -> Intent:
    """Make the intent of a finished reading: pieces in the order of the phrase; spans that
    partition `[0, len(q))`; `text` joins the text spans by one blank.
    """
    pieces = tuple(
        sorted((_piece(state, draft) for draft in state.drafts), key=lambda p: (p.start, p.end))
    )
    spans = _spans(state)
    text = " ".join(state.q[start:end] for start, end, what in spans if what == "text")
    return Intent(state.q, text, pieces, spans, tuple(state.notes), needs, state.lone_distance)


def piece_text(state: ParseState, draft: Draft) -> str:
    return state.q[state.tokens[draft.first].start : _end(state, draft)]


def _end(state: ParseState, draft: Draft) -> int:
    return state.tokens[draft.last].end if draft.end is None else draft.end


def _piece(state: ParseState, draft: Draft) -> Piece:
    start, end = state.tokens[draft.first].start, _end(state, draft)
    same = {name: getattr(draft, name) for name in _SAME}
    return Piece(text=piece_text(state, draft), start=start, end=end, **same)


def _spans(state: ParseState) -> tuple[tuple[int, int, str], ...]:
    """Tokens by their state; a gap belongs to the piece around it, to the compound word around it,
    or is dropped.
    """
    inside = {
        at for draft in state.drafts if not draft.kept for at in range(draft.first, draft.last)
    }
    ends = {draft.last: _end(state, draft) for draft in state.drafts if not draft.kept}
    spans: list[tuple[int, int, str]] = []

    def add(start: int, end: int, what: str, *, joins: bool = True) -> None:
        if start >= end:
            return
        if joins and spans and spans[-1][2] == what and what != "piece":
            spans[-1] = (spans[-1][0], end, what)
        else:
            spans.append((start, end, what))

    position, previous = 0, "dropped"
    for index, token in enumerate(state.tokens):
        what = _WHAT[state.states[index]]
        if index - 1 in inside and what == "piece":  # a draft goes on
            spans[-1] = (spans[-1][0], token.end, "piece")
        else:
            ties = index > 0 and what == previous == "text" and _ties(state, index)
            add(position, token.start, "text" if ties else "dropped")
            add(token.start, token.end, what, joins=ties or what == "dropped")
        position, previous = token.end, what
        if index in ends and ends[index] > position:
            spans[-1] = (spans[-1][0], ends[index], "piece")
            position = ends[index]
    add(position, len(state.q), "dropped")
    return tuple(spans)


def _ties(state: ParseState, index: int) -> bool:
    """One typographic word: "l'espace", "24/7", "3,5"."""
    token = state.tokens[index]
    between = state.q[state.tokens[index - 1].end : token.start]
    if token.gap is Gap.GLUE:
        return True
    if any(c.isspace() for c in between) or len(between) > 1:
        return False
    return token.gap is Gap.SLASH or (
        token.number and state.tokens[index - 1].number and between in ",:"
    )


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
    meanings: Meanings = lambda *_: None,
    trades: TradeReader | None = None,
) -> Intent:
    """What a phrase asks for: recognised pieces, the words to search, an account of every
    character.

    `frequent` tells whether the index holds a folded word often. `literal`: texts of pieces to
    leave as words, compared without case, accents and punctuation. `lang`: of labels. `centred`: a
    centre is given besides the phrase, so that a distance alone is a radius. `meanings`: of codes
    of classifications. `trades` tells how likely the named trades are, a probable one that is not
    named, or that it is none of ours. Notes: `radius_repeated` (the last distance wins),
    `radius_range` (brought back to 1–500 km), the same of `minutes`, `radius_approximate`,
    `minutes_estimated`, `negation_unknown`, `code_unknown`, `outside_trade`, `outside_likely`,
    `trade_doubted`.
    """
    tokens, misspelt = mended(lex(q), grammar, lexicon, gazetteer, frequent)
    left = {folded for text in literal if (folded := key(text))}
    words: set[int] = set()
    while True:
        state = ParseState(
            q, tokens, grammar, lexicon, gazetteer, frequent, lang, misspelt=misspelt
        )
        for index in words:
            state.become(index, State.WORD)
        state.needs += claim_codes(state, meanings)
        _read(state, centred=centred)
        refused = _refused(state, left)
        if not refused:
            needs = likely_needs(state, find_needs(state), trades, left)
            trim(state)
            state.discard(range(state.signature, len(state.tokens)))
            _unless_alone(state)
            return assemble(state, needs)
        # Its words become opaque and the phrase is read again: no other rule may take them.
        words |= refused


def _refused(state: ParseState, left: set[str]) -> set[int]:
    """The tokens of the pieces that `literal=` names."""
    if not left:
        return set()
    return {
        index
        for draft in state.drafts
        if key(piece_text(state, draft)) in left
        for index in range(draft.first, draft.last + 1)
    }


def _read(state: ParseState, *, centred: bool) -> None:
    """The order matters: what is certain first, so that the doubtful is read in its light."""
    claim_numbers(state)
    negations = find_negations(state)
    drop_openers(state)
    claim_thanks(state)
    distances = find_distances(state)
    for distance in distances:  # no other reading takes their words, until they are settled
        state.discard(() if distance.refused else range(distance.lead, distance.after))
    claim_ignored(state)
    claim_exclusions(state, negations)
    doubtful = claim_things(state)
    settle_doubtful(state, doubtful, last_call=False)
    claim_supplier_words(state)
    claim_national(state)
    for distance in distances:
        claim_centre(state, centre_starts(state, distance))
    claim_misspelt_long(state)
    claim_names(state)  # before the post codes: one beside a name is its hint ("93200 Saint-Denis")
    claim_post_codes(state)
    claim_department_numbers(state)
    claim_country(state)
    claim_names(state)  # again: with the numbers read, more names stand at an end
    claim_shortened(state)
    claim_misspelt(state)
    settle_doubtful(state, doubtful, last_call=True)
    turn_excluded(state)
    tell_unknown(state, negations)
    _settle_radius(state, distances, centred=centred)
    claim_sectors(state)


def _unless_alone(state: ParseState) -> None:
    """Where nothing is left but what would be ignored, it is what is asked for: words; but an
    article offers kinds.
    """
    if any(draft.type not in IGNORED or draft.alternatives for draft in state.drafts) or any(
        state in (State.FREE, State.WORD) for state in state.states
    ):
        return
    for draft in state.drafts:
        for index in range(draft.first, draft.last + 1):
            state.become(index, State.FREE)
    state.drafts.clear()


def _settle_radius(state: ParseState, distances: Sequence[Distance], *, centred: bool) -> None:
    """With a place, or a centre given apart, distances are a radius; alone they are words."""
    distances = [distance for distance in distances if not distance.refused]
    for distance in distances:
        for index in range(distance.lead, distance.after):
            if state.states[index] is State.DROPPED:
                state.become(index, State.FREE)
    places = [draft for draft in state.drafts if draft.type == "place"]
    state.lone_distance = bool(distances) and all(draft.value == "country" for draft in places)
    if distances and (centred or not state.lone_distance):
        claim_radius(state, list(distances))
    circled = any(draft.type in ("radius", "minutes") for draft in state.drafts)
    for draft in places:
        if draft.role == "focus" and (circled or not draft.value.startswith(_POINTS)):
            draft.role = "boundary"
