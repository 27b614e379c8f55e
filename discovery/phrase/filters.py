"""Kinds, groups of kinds, certifications, networks, service types and sectors: what the vocabulary names."""

from discovery.phrase.lexer import Gap
from discovery.phrase.lexicon import Match
from discovery.phrase.model import Option
from discovery.phrase.needs import means
from discovery.phrase.parse_state import Draft, ParseState, State

_SECTOR_BEFORE = 4  # words of a sector's name that may precede what it holds


def claim_things(state: ParseState) -> list[Match]:
    """Claim every name of something that filters. Returns the doubtful ones ("ai", "ea"), for `settle_doubtful`."""
    doubtful: list[Match] = []
    free = state.unclaimed_tokens()
    index = 0
    while index < len(free):
        match = state.lexicon.thing(state.tokens, index, free)
        if match is None:
            index += 1
            continue
        if match.entry.strict and not _in_capitals(state, match):
            doubtful.append(match)
        elif not _is_words(state, match, free):
            _claim(state, match)
        index = match.last + 1
    return doubtful


def settle_doubtful(state: ParseState, doubtful: list[Match], *, last_call: bool) -> None:
    """Claim "ai", "ea", "ei" listed with other kinds; at the last call, also where no other words are left."""
    settled = True
    while settled:
        settled = False
        for match in doubtful:
            if state.unclaimed[match.first] and not _fastened(state, match) and _listed(state, match):
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
    free = state.trade_tokens()
    offered: set[str] = set()  # a sector named twice is offered once
    index = 0
    while index < len(free):
        match = state.lexicon.sector(state.tokens, index, free)
        if match is None:
            index += 1
            continue
        if match.entry.value not in offered and not means(state, match):  # of "bus sales", buses are not asked for
            state.drafts.append(_draft(state, match, kept=True))
            offered.add(match.entry.value)
        index = match.last + 1


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
    """Whether a name is part of something else: a longer name of a sector, a compound, a negation."""
    entry = match.entry
    if match.first in state.negated:
        return True
    if entry.type != "kind" and _in_a_sector(state, match, free):
        return True
    if match.first == match.last and _fastened(state, match) and not _among_things(state, match):
        return True
    if entry.type == "kind_group" and _done(state, match, free):
        return True
    if not entry.ordinary:
        return False
    before = match.first - 1
    if entry.type == "kind_group" and state.unclaimed[before] and state.folds[before] in ("de", "d"):
        return state.unclaimed[before - 1]  # "situation de handicap", "clause d'insertion"
    after = match.last + 1
    return state.adjacent[after] and state.folds[after] in ("de", "d") and state.unclaimed[after + 1]


def _done(state: ParseState, match: Match, free: list[bool]) -> bool:
    """ "services d'insertion professionnelle": what is done, where it is a trade's name too, and not who does it."""
    if state.folds[match.first - 1] not in state.connectives.of:
        return False
    sector = state.lexicon.sector(state.tokens, match.first, free)
    return sector is not None and sector.last >= match.last


def _in_a_sector(state: ParseState, match: Match, free: list[bool]) -> bool:
    """ "légumes bio": the longer name of a sector holds the words."""
    for first in range(max(0, match.first - _SECTOR_BEFORE), match.first + 1):
        sector = state.lexicon.sector(state.tokens, first, free)
        if sector is not None and sector.last >= match.last and (first, sector.last) != (match.first, match.last):
            return True
    return False


def _fastened(state: ParseState, match: Match) -> bool:
    """Part of a compound: "ei-nettoyage", "j'ai". (An article's apostrophe fastens nothing: "l'ESAT".)"""
    before, after = match.first - 1, match.last + 1
    left = match.first > 0 and state.gaps[match.first] is Gap.GLUE and state.folds[before] not in ("l", "d", "qu")
    return left or (after < len(state.tokens) and state.gaps[after] is Gap.GLUE)


def _among_things(state: ParseState, match: Match) -> bool:
    """ "EA-ESAT": the other half of the compound is a name as well."""
    free = [True] * len(state.tokens)
    for index in (match.first - 1, match.last + 1):
        if 0 <= index < len(free) and (other := state.lexicon.thing(state.tokens, index, free)):
            return other.last <= match.last + 1
    return False


def _in_capitals(state: ParseState, match: Match) -> bool:
    token = state.tokens[match.first]
    letters = token.text.removesuffix("s")
    return token.dotted or (letters.isupper() and (not _fastened(state, match) or _among_things(state, match)))


def _listed(state: ParseState, match: Match) -> bool:
    """Next to a kind, with nothing between but "ou", "et", a comma or a slash."""
    kinds = {i for draft in state.drafts if draft.type == "kind" for i in range(draft.first, draft.last + 1)}
    for step, edge in ((-1, match.first), (1, match.last)):
        index = edge + step
        if state.folds[index] in (*state.connectives.listing, "l", "les", "une", "un", "des", "d"):
            index += step
        gaps = [state.gaps[i] for i in range(min(index, edge) + 1, max(index, edge) + 1)]
        if index in kinds and all(gap < Gap.STOP for gap in gaps):
            return True
    return False
