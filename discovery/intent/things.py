"""Kinds, groups of kinds, certifications, networks, service types and sectors: what the vocabulary names."""

from __future__ import annotations

from discovery.intent.deeds import find_deeds
from discovery.intent.lexer import Gap
from discovery.intent.lexicon import Entry, Match
from discovery.intent.model import Option
from discovery.intent.parse_state import Draft, ParseState, State

_SPELT_OUT = 3  # letters at least in "E S A T": two single letters may be initials
_LONGEST_CODE = 8  # letters: a longer run of single capitals is none
_SECTOR_BEFORE = 4  # words of a sector's name that may precede what it holds


def claim_things(reading: ParseState) -> list[Match]:
    """Claim every name of something that filters. Returns the doubtful ones ("ai", "ea"), for `settle_doubtful`."""
    doubtful: list[Match] = []
    free = reading.free_tokens()
    index = 0
    while index < len(free):
        match = reading.lexicon.thing(reading.tokens, index, free) or _spelt_out(reading, index, free)
        if match is None:
            index += 1
            continue
        if match.entry.strict and not _in_capitals(reading, match):
            doubtful.append(match)
        elif not _is_words(reading, match, free):
            _claim(reading, match)
        index = match.last + 1
    return doubtful


def settle_doubtful(reading: ParseState, doubtful: list[Match], *, last_call: bool) -> None:
    """Claim "ai", "ea", "ei" listed with other kinds; at the last call, also where no other words are left."""
    settled = True
    while settled:
        settled = False
        for match in doubtful:
            if reading.free(match.first) and not _fastened(reading, match) and _listed(reading, match):
                _claim(reading, match)
                settled = True
    if last_call:
        left = {i for i, state in enumerate(reading.states) if state in (State.FREE, State.WORD)}
        lonely = [m for m in doubtful if reading.free(m.first) and not _fastened(reading, m)]
        if left and left == {m.first for m in lonely} | {i for i in left if reading.fold(i) in reading.ties.listing}:
            for match in lonely:
                _claim(reading, match)


def claim_sectors(reading: ParseState) -> None:
    """Offer sectors: pieces whose words stay in the text. Call once everything else is claimed."""
    free = reading.unclaimed()
    for deed in find_deeds(reading):
        free[deed.first : deed.last + 1] = [False] * (deed.last + 1 - deed.first)  # the thing's trade is not asked for
    offered: set[str] = set()  # a sector named twice is offered once
    index = 0
    while index < len(free):
        match = reading.lexicon.sector(reading.tokens, index, free)
        if match is None:
            index += 1
            continue
        if match.entry.value not in offered:
            reading.drafts.append(_draft(reading, match, kept=True))
            offered.add(match.entry.value)
        index = match.last + 1


def _claim(reading: ParseState, match: Match) -> None:
    if match.entry.type == "network" and reading.fold(match.first - 1) in reading.ties.members:
        reading.drop([match.first - 1])
    reading.claim(_draft(reading, match, kept=False))


def _draft(reading: ParseState, match: Match, *, kept: bool) -> Draft:
    entry = match.entry
    return Draft(
        type=entry.type,
        value=entry.value,
        label=reading.lexicon.term(entry).label(reading.lang),
        first=match.first,
        last=match.last,
        alternatives=tuple(
            Option(other.value, reading.lexicon.term(other).label(reading.lang))
            for other in match.entries[1:]
            if other.type == entry.type
        ),
        kept=kept,
    )


def _is_words(reading: ParseState, match: Match, free: list[bool]) -> bool:
    """Whether a name is part of something else: a longer name of a sector, a compound, a negation."""
    entry = match.entry
    if reading.negated(match.first):
        return True
    if entry.type != "kind" and _in_a_sector(reading, match, free):
        return True
    if match.first == match.last and _fastened(reading, match) and not _among_things(reading, match):
        return True
    if entry.type == "kind_group" and _done(reading, match, free):
        return True
    if not entry.ordinary:
        return False
    before = match.first - 1
    if entry.type == "kind_group" and reading.free(before) and reading.fold(before) in ("de", "d"):
        return reading.free(before - 1)  # "situation de handicap", "clause d'insertion"
    after = match.last + 1
    return reading.tied(after) and reading.fold(after) in ("de", "d") and reading.free(after + 1)


def _done(reading: ParseState, match: Match, free: list[bool]) -> bool:
    """ "services d'insertion professionnelle": what is done, where it is a trade's name too, and not who does it."""
    if reading.fold(match.first - 1) not in reading.ties.of:
        return False
    sector = reading.lexicon.sector(reading.tokens, match.first, free)
    return sector is not None and sector.last >= match.last


def _in_a_sector(reading: ParseState, match: Match, free: list[bool]) -> bool:
    """ "légumes bio": the longer name of a sector holds the words."""
    for first in range(max(0, match.first - _SECTOR_BEFORE), match.first + 1):
        sector = reading.lexicon.sector(reading.tokens, first, free)
        if sector is not None and sector.last >= match.last and (first, sector.last) != (match.first, match.last):
            return True
    return False


def _fastened(reading: ParseState, match: Match) -> bool:
    """Part of a compound: "ei-nettoyage", "j'ai". (An article's apostrophe fastens nothing: "l'ESAT".)"""
    before, after = match.first - 1, match.last + 1
    left = match.first > 0 and reading.gap(match.first) is Gap.GLUE and reading.fold(before) not in ("l", "d", "qu")
    return left or (after < len(reading.tokens) and reading.gap(after) is Gap.GLUE)


def _among_things(reading: ParseState, match: Match) -> bool:
    """ "EA-ESAT": the other half of the compound is a name as well."""
    free = [True] * len(reading.tokens)
    for index in (match.first - 1, match.last + 1):
        if 0 <= index < len(free) and (other := reading.lexicon.thing(reading.tokens, index, free)):
            return other.last <= match.last + 1
    return False


def _in_capitals(reading: ParseState, match: Match) -> bool:
    token = reading.tokens[match.first]
    letters = token.text.removesuffix("s")
    return token.dotted or (letters.isupper() and (not _fastened(reading, match) or _among_things(reading, match)))


def _listed(reading: ParseState, match: Match) -> bool:
    """Next to a kind, with nothing between but "ou", "et", a comma or a slash."""
    kinds = {i for draft in reading.drafts if draft.type == "kind" for i in range(draft.first, draft.last + 1)}
    for step, edge in ((-1, match.first), (1, match.last)):
        index = edge + step
        if reading.fold(index) in (*reading.ties.listing, "l", "les", "une", "un", "des", "d"):
            index += step
        gaps = [reading.gap(i) for i in range(min(index, edge) + 1, max(index, edge) + 1)]
        if index in kinds and all(gap < Gap.STOP for gap in gaps):
            return True
    return False


def _spelt_out(reading: ParseState, first: int, free: list[bool]) -> Match | None:
    """A code in separate capitals: "E S A T"."""
    last = first
    most = min(len(free), first + _LONGEST_CODE + 1)
    while last < most and free[last] and reading.tokens[last].upper and len(reading.tokens[last].text) == 1:
        if last > first and reading.gap(last) > Gap.BLANK:
            break
        last += 1
    if last - first < _SPELT_OUT:
        return None
    code = "".join(reading.fold(index) for index in range(first, last))
    entries: tuple[Entry, ...] = reading.lexicon.codes.get(code, ())
    return Match(entries, first, last - 1) if entries else None
