"""The trades that a phrase asks for, as spans: what is tied is one need, what is listed is several."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from discovery.intent.deeds import Done, find_deeds
from discovery.intent.lexer import Gap
from discovery.intent.lexicon import LINKS, Match
from discovery.intent.model import OUTSIDE_TRADE, KnownBy, Need, Note
from discovery.intent.neighbours import means, names_no_trade
from discovery.intent.outside import find_outside, hides
from discovery.intent.parse_state import ParseState, State

_TELLING = 2  # words of a thing that tells its trade whatever is done to it: "espaces verts"


@dataclass(frozen=True, slots=True)
class Found:
    """A need in the making. `words`: of the longest of its names; `head`: the tokens of what is done, before "de"."""

    first: int
    last: int
    words: int
    sectors: tuple[str, ...]
    known_by: KnownBy
    head: range | None = None


def find_needs(reading: ParseState) -> tuple[Need, ...]:
    """Needs in the order of the phrase. Call once everything else is claimed, before words are trimmed."""
    found: list[Found] = []
    outside = find_outside(reading)
    done = [one for one in find_deeds(reading) if not hides(outside, one.first, one.last)]
    named = [one for one in _named(reading) if not hides(outside, one.first, one.last) and not _in_a_deed(one, done)]
    matches = _of_trades(reading, named, beside=bool(done))
    both: list[Match | Done] = [*matches, *done]
    for match in sorted(both, key=lambda one: one.first):
        if isinstance(match, Done):
            found.append(Found(match.first, match.last, _TELLING + 1, match.sectors, "synonym", match.act))
            continue
        need = _need(reading, match, _groups(reading, [one for one in matches if one is not match]))
        before = found[-1] if found else None
        link = _link(reading, before.last, match.first) if before else "apart"
        if before is not None and link == "list" and _governed(reading, match.first):
            need = _under_its_head(reading, before, need)
        if before is not None and link == "purpose":
            continue  # "vêtements pour jardiniers"
        joined = before and _joined(reading, before, need, link)
        if joined:
            found[-1] = joined
        else:
            found.append(need)
    reading.notes += [Note(OUTSIDE_TRADE, _text(reading, one.first, one.last)) for one in outside]
    told = [*reading.needs, *(_as_told(reading, need) for need in found)]
    return _distinct(sorted(told, key=lambda need: need.start))


def _in_a_deed(match: Match, done: list[Done]) -> bool:
    return any(match.first <= one.last and one.first <= match.last for one in done)


def _named(reading: ParseState) -> Iterator[Match]:
    """Names of sectors in the words that are left, the longest first; none inside another."""
    free = reading.unclaimed()
    index = 0
    while index < len(free):
        match = reading.lexicon.sector(reading.tokens, index, free, loose=True)
        if match is None or _counts(reading, match.last) or names_no_trade(reading, match):
            index += 1
            continue
        yield match
        index = match.last + 1


def _of_trades(reading: ParseState, named: list[Match], *, beside: bool) -> list[Match]:
    """Without what only says whose need it is: a word of an authority's name ("hôtel de ville"), and such a name that
    is a trade's too ("maison de retraite") beside what is asked for. `beside`: whether more is."""
    whose = [_of_an_authority(reading, match) for match in named]
    return [
        match
        for match, whole in zip(named, whose, strict=True)
        if whole is None or (whole and not beside and None not in whose)
    ]


def _of_an_authority(reading: ParseState, match: Match) -> bool | None:
    """Whether it is the whole of an authority's name, not a word of it; None for what stands in no such name. A name
    of one word ("musée") is whose need it is only after "de"."""
    authorities = reading.grammar.places.authorities
    for first in range(max(0, match.first - authorities.longest + 1), match.first + 1):
        last = first + reading.phrase_at(first, authorities) - 1
        if last > first and match.last <= last:
            return last == match.last  # "service communication" alone asks for it
    alone = reading.phrase_at(match.first, authorities) == 1 and match.first == match.last
    return True if alone and (_governed(reading, match.first) or _asks(reading, match)) else None


def _asks(reading: ParseState, match: Match) -> bool:
    """ "L'EHPAD Les Tilleuls recherche un prestataire": who asks, and not what for."""
    asking = reading.ties.fragile_openers
    article = reading.fold(match.first - 1) in reading.ties.articles | reading.ties.possessives
    return article and any(
        (reading.fold(index),) in asking for index in range(match.last + 1, len(reading.tokens)) if reading.free(index)
    )


def _counts(reading: ParseState, last: int) -> bool:
    """Whether a name ends with a word that counts what follows: "entretien d'un parc de détecteurs"."""
    after = last + 2
    return (
        reading.fold(last) in reading.ties.fleets
        and reading.fold(last + 1) in ("de", "d")
        and reading.tied(last + 1)
        and reading.free(after)
        and reading.fold(after) not in reading.ties.articles
    )


def _groups(reading: ParseState, matches: list[Match]) -> set[str]:
    """The groups of what some names mean alone."""
    group_of = reading.lexicon.group_of
    return {group_of.get(entry.value, entry.value) for match in matches for entry in match.entries}


def _need(reading: ParseState, match: Match, beside: Collection[str] = ()) -> Found:
    """`beside`: the groups of what else is asked for."""
    sectors = means(reading, match, beside) or tuple(
        dict.fromkeys(entry.value for entry in match.entries if entry.type == "sector")
    )
    words = sum(reading.fold(index) not in LINKS for index in range(match.first, match.last + 1))
    label = any(entry.is_label for entry in match.entries)
    head = next(
        (range(match.first, i) for i in range(match.first + 1, match.last) if reading.fold(i) in reading.ties.of), None
    )
    return Found(match.first, match.last, words, sectors, "label" if label else "synonym", head)


def _link(reading: ParseState, last: int, first: int) -> str:
    """What stands between two names: `of`, `object` (an article, as after a verb), `list`, `purpose`, `apart` (a
    piece), or `blank`."""
    between = range(last + 1, first)
    gaps = [reading.gap(index) for index in range(last + 1, first + 1)]
    if any(gap is Gap.STOP for gap in gaps) or any(reading.states[index] is State.PIECE for index in between):
        return "apart"
    if any(gap in (Gap.SLASH, Gap.COMMA) for gap in gaps):
        return "list"
    words = [reading.fold(index) for index in between]
    ties = reading.ties
    if any(word in ties.listing for word in words):
        return "list"
    if words and words[0] in ties.purposes:
        return "purpose"
    if words and words[0] in ties.of:
        return "of"
    return "object" if words and all(word in ties.articles or word in ties.possessives for word in words) else "blank"


def _governed(reading: ParseState, first: int) -> bool:
    """Whether "de", "des" stand right before a name, its article apart."""
    before = first - 1
    if reading.fold(before) in reading.ties.articles:
        before -= 1
    return reading.fold(before) in reading.ties.of


def _under_its_head(reading: ParseState, before: Found, need: Found) -> Found:
    """ "nettoyage des vitres, des sols": the sols are cleaned, which is another trade than laying them."""
    head = before.head
    if head is None:
        return need
    tokens = (*reading.tokens[head.start : head.stop], *reading.tokens[need.first : need.last + 1])
    whole = reading.lexicon.sector(tokens, 0, [True] * len(tokens))
    if whole is None or whole.last < len(tokens) - 1:
        return replace(need, sectors=before.sectors, head=head)
    return replace(_need(reading, whole), first=need.first, last=need.last, head=head)


def _joined(reading: ParseState, before: Found, need: Found, link: str) -> Found | None:
    """One need of two that say one thing; None when they are two."""
    if link in ("list", "apart"):
        return None
    common = _common(reading, before.sectors, need.sectors)
    if common:
        return replace(before, last=need.last, words=max(before.words, need.words), sectors=common)
    if link == "object":  # "repeindre la salle des fêtes" paints; of one family, the thing tells: "réparer un vélo"
        told = need if _akin(reading, before.sectors, need.sectors) else before
        return replace(told, first=before.first, last=need.last)
    if link == "of" and _akin(reading, before.sectors, need.sectors) and all(map(_is_other, before.sectors)):
        words = max(before.words, need.words)
        return replace(need, first=before.first, words=words)  # "collecte en porte à porte des biodéchets"
    if link == "of":
        governs = reading.fold(before.first) in reading.ties.governing or _is_room(reading, need)
        if governs and not _akin(reading, before.sectors, need.sectors):
            return replace(before, last=need.last)
        longest = need if need.words >= max(before.words, _TELLING) else before
        return replace(longest, first=before.first, last=need.last)
    return None


def _is_other(sector: str) -> bool:
    """Whether it gathers what has no sector of its own in its group."""
    return sector.startswith("autre-")


def _is_room(reading: ParseState, need: Found) -> bool:
    return reading.phrase_at(need.first, reading.ties.rooms) > need.last - need.first


def _common(reading: ParseState, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Sectors of both; of a group and one of its sectors, the sector."""
    group_of = reading.lexicon.group_of
    return tuple(
        dict.fromkeys(
            one if group_of.get(one) == other or one == other else other
            for one in left
            for other in right
            if one == other or group_of.get(one) == other or group_of.get(other) == one
        )
    )


def _akin(reading: ParseState, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether some of the sectors are of one group."""
    group_of = reading.lexicon.group_of
    return not {group_of.get(one, one) for one in left}.isdisjoint(group_of.get(one, one) for one in right)


def _distinct(needs: list[Need]) -> tuple[Need, ...]:
    """Needs of the same sectors are one, where it is first said."""
    kept: dict[frozenset[str], Need] = {}
    for need in needs:
        kept.setdefault(frozenset(need.sectors), need)
    return tuple(kept.values())


def _as_told(reading: ParseState, need: Found) -> Need:
    start, end = reading.tokens[need.first].start, reading.tokens[need.last].end
    return Need(start, end, _text(reading, need.first, need.last), need.sectors, need.known_by)


def _text(reading: ParseState, first: int, last: int) -> str:
    return reading.q[reading.tokens[first].start : reading.tokens[last].end]
