"""The trades that a phrase asks for, as spans: what is tied is one need, what is listed is several.

Then how likely each is, by the whole phrase and its names together: what is unlikely is told as not
meant, and what is probable without a name is proposed.
"""

from collections.abc import Collection, Iterator
from functools import partial

from discovery.mappings.phrases import Reading
from discovery.mappings.trades import Deciding
from discovery.model import dataclass, replace
from discovery.phrase.communes import SAINT
from discovery.phrase.lexer import Gap, key
from discovery.phrase.lexicon import LINKS, Match
from discovery.phrase.model import (
    OUTSIDE_LIKELY,
    OUTSIDE_TRADE,
    TRADE_DOUBTED,
    KnownBy,
    Need,
    Note,
    Option,
)
from discovery.phrase.parse_state import Draft, ParseState, State
from discovery.phrase.trades import NONE, Likely, Names, TradeReader


def _of_a_person(state: ParseState, index: int) -> bool:
    """ "salle Jean Vilar", "ST JEAN", "PLACE JEAN JAURES"."""
    if state.folds[index] not in state.grammar.neighbours.given:
        return False
    if state.folds[index - 1] in SAINT | state.grammar.places.streets and state.adjacent[index]:
        return True
    named = (
        state.tokens[index].text[:1].isupper()
        and state.adjacent[index + 1]
        and state.capitalised(index + 1)
    )
    return named and not state.tokens[index + 1].number


def means(state: ParseState, match: Match, others: Collection[str] = ()) -> tuple[str, ...]:
    """The sectors that a name means by what stands beside it; () for those that it means alone.
    `others`: the groups of what else is asked for.
    """
    size = match.last - match.first + 1
    for one in state.grammar.readings.get(state.folds[match.first], ()):
        if state.phrase_at(match.first, one.names) == size and (
            not one.beside.isdisjoint(others)
            or any(state.phrases(one.near))
            or _done(state, match, one)
        ):
            return one.means
    return ()


def _done(state: ParseState, match: Match, one: Reading) -> bool:
    """Whether something is done to what a name names, or wrong with it: "laver (nos bus et) cars",
    "(lit) à jeter".
    """
    ties, index = state.connectives, match.first
    small = ties.of | ties.articles | ties.indefinite | ties.possessives
    while state.adjacent[index]:
        listed = (
            state.phrase_before(index - 1, one.names)
            if state.folds[index - 1] in ties.listing
            else 0
        )
        if not (listed or state.folds[index - 1] in small or state.tokens[index - 1].number):
            break
        index -= 1 + listed
    after = match.last + 1
    after += state.folds[after] == "a" and state.adjacent[after]
    return state.phrase_before(index, one.done) > 0 or (
        state.adjacent[after] and state.phrase_at(after, one.done) > 0
    )


_PARTED = frozenset("-–—:([")
"""What parts a mission from what it is about: "un pôle culturel : concours de maîtrise d'œuvre
(esquisse)".
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """Tokens `first` to `last` name it. `about`: the first and last token of what is said of it,
    itself among them: what is done to it, what it is for, an aside in brackets, what a colon opens,
    and of a mission ("maîtrise d'œuvre") what a dash or a colon parts from it.
    """

    first: int
    last: int
    about: tuple[int, int]


def find_outside(state: ParseState) -> list[Outside]:
    """Find what is outside inclusive purchasing, in the phrase's order: longest names, machines
    that are bought.
    """
    names, missions = state.grammar.outside.names, state.grammar.outside.missions
    buying, after = state.grammar.outside.buying, -1
    found: list[Outside] = []
    for index, fold in enumerate(state.folds[: len(state.tokens)]):
        if (
            index > after
            and state.unclaimed[index]
            and (fold in names.after or fold in missions.after or fold in buying)
        ):
            mission = state.phrase_at(index, missions)
            size = max(
                state.phrase_at(index, names),
                mission,
                _bought(state, index) if fold in buying else 0,
            )
            if size:
                after = index + size - 1
                found.append(
                    Outside(index, after, _about(state, index, after, mission=mission == size))
                )
    return found


def _bought(state: ParseState, index: int) -> int:
    """How many tokens, from one that buys to the machine bought: "acquisition de deux balayeuses";
    0 for none.
    """
    grammar, ties = state.grammar.outside, state.connectives
    at = index + 1
    while state.adjacent[at] and (
        state.folds[at] in ties.of | ties.articles | ties.indefinite | ties.listing | grammar.buying
        or state.tokens[at].number
    ):
        at += 1
    size = state.phrase_at(at, grammar.machines) if state.adjacent[at] else 0
    return at + size - index if size else 0


def hides(outside: Collection[Outside], first: int, last: int) -> bool:
    """Whether the name of a trade is a part of what is outside, or only what it is for."""
    size = last - first
    return any(
        one.about[0] <= first <= one.about[1]
        and (not one.first <= first <= one.last or size <= one.last - one.first)
        for one in outside
    )


def _about(state: ParseState, first: int, last: int, *, mission: bool) -> tuple[int, int]:
    after, end = last + 1, len(state.tokens) - 1
    start = 0 if mission and _parted(state, first) else _led(state, first)
    if after <= end and state.folds[after] not in state.connectives.listing:
        opened = state.between(after).strip() == ":"  # "imagerie médicale : scanner"
        if state.gaps[after] < Gap.SLASH or opened or (mission and _parted(state, after)):
            last = end
    return start, last


def _led(state: ParseState, first: int) -> int:
    """The first token of what is done to it: "réparation d'hélicoptère"."""
    of = (
        first - 1 - (state.adjacent[first] and state.folds[first - 1] in state.connectives.articles)
    )
    led = of - 1
    tied = state.adjacent[first] and state.adjacent[of] and state.folds[of] in state.connectives.of
    return (
        led
        if tied and state.unclaimed[led] and state.folds[led] in state.grammar.outside.done_to
        else first
    )


def _parted(state: ParseState, index: int) -> bool:
    """Whether a dash, a colon or a bracket alone stands before a token."""
    return state.between(index).strip() in _PARTED


_TELLING = 2  # words of a thing that tells its trade whatever is done to it: "espaces verts"


@dataclass(frozen=True, slots=True)
class Found:
    """A need in the making. `words`: of the longest of its names; `head`: the tokens of what is
    done, before "de".
    """

    first: int
    last: int
    words: int
    sectors: tuple[str, ...]
    known_by: KnownBy
    head: range | None = None


def find_needs(state: ParseState) -> tuple[Need, ...]:
    """Needs in the order of the phrase. Call once everything else is claimed, before words are
    trimmed.
    """
    found: list[Found] = []
    outside, named = find_outside(state), state.phrases(state.grammar.places.authorities)
    bodies = {index for first, size in named if size > 1 for index in range(first, first + size)}
    # No word of an authority's name is a trade ("hôtel de ville"), but perhaps its end ("service
    # communication").
    matches = [
        one for one in _named(state) if one.first not in bodies or one.last + 1 not in bodies
    ]
    buyer = bodies | set(_buyers(state, matches))
    if not buyer.issuperset(one.first for one in matches):
        state.buyer = frozenset(buyer)
    outside = [one for one in outside if one.first not in state.buyer]
    matches = [
        one
        for one in matches
        if one.first not in state.buyer and not hides(outside, one.first, one.last)
    ]
    for match in matches:
        need = _need(state, match, _groups(state, [one for one in matches if one is not match]))
        before = found[-1] if found else None
        link = _link(state, before.last, match.first) if before else "apart"
        if before is not None and link == "list" and _governed(state, match.first):
            need = _under_its_head(state, before, need)
        elif before is not None and link == "list" and need.head:
            before = found[-1] = _with_its_object(state, before, need.head.stop, need.last)
        if before is not None and link == "purpose":
            continue  # "vêtements pour jardiniers"
        joined = before and _joined(state, before, need, link)
        if joined:
            found.pop()
        found.append(joined or need)
    state.notes += [Note(OUTSIDE_TRADE, state.typed(one.first, one.last)) for one in outside]
    told = list(state.needs)
    for need in found:
        start, end = state.tokens[need.first].start, state.tokens[need.last].end
        told.append(
            Need(start, end, state.typed(need.first, need.last), need.sectors, need.known_by)
        )
    kept: dict[frozenset[str], Need] = {}  # of the same sectors, where they are first said
    for said in sorted(told, key=lambda need: need.start):
        kept.setdefault(frozenset(said.sectors), said)
    return tuple(kept.values())


def _named(state: ParseState) -> Iterator[Match]:
    """Names of sectors in the words that are left, the longest first; none inside another."""
    free, ties, buying = state.trade_tokens(), state.connectives, state.grammar.outside.buying
    for index in state.tokens_of(
        buying
    ):  # who sells a thing brings it: "fourniture et livraison de papier"
        for to in (-1, 1):
            at = index + to
            while state.folds[at] in ties.listing | ties.articles:
                at += to
            listed = at != index + to or state.gaps[max(at, index)] is Gap.COMMA
            free[index] &= not (
                listed and state.folds[at] in state.grammar.outside.done_to | buying
            )
    for match in state.named(partial(state.lexicon.sector, loose=True), free):
        alone, first = match.first == match.last, match.first
        if not (
            alone
            and (_of_a_person(state, first) or state.lexicon.mistakes(state.tokens[first].text))
        ):
            yield match


def _buyers(state: ParseState, named: list[Match]) -> Iterator[int]:
    """The tokens that tell who buys or for whom, from what leads to them to the end of their part
    of the phrase, or to the next trade of a list: "pour les agents de la direction…", "Ministère de
    l'Intérieur : …".
    """
    listing, firsts = state.connectives.listing, {match.first for match in named}
    trades = {index for match in named for index in range(match.first, match.last + 1)}
    for index in state.tokens_of(state.grammar.places.buyers):
        a_part = index in trades and not any(match.first == match.last == index for match in named)
        first, last = _led_to(state, index, a_part), index
        while state.gaps[last + 1] < Gap.COMMA and not (
            state.folds[last + 1] in listing and last + 2 in firsts
        ):
            last += 1
        if first < index or (
            state.gaps[index] >= Gap.COMMA and trades.isdisjoint(range(index, last + 1))
        ):
            yield from range(first, last + 1)


_AHEAD = 6
"""Words from "pour" to who it is for: "for the (national civil aviation) authority"."""


def _led_to(state: ParseState, index: int, a_part: bool) -> int:
    """The token that leads to who buys: "of the" right before, unless it is a part of a trade's
    name, or "for" some words before; `index` itself without.
    """
    ties, near, definite = state.connectives, not a_part, False
    for first in range(index - 1, max(index - 1 - _AHEAD, -1), -1):
        word = state.folds[first]
        definite = definite or word in ties.articles or word in ("du", "des")
        if not state.adjacent[first + 1] or word in ties.listing:
            break
        if (word,) in state.grammar.places.weak:
            return first if definite or not a_part else index
        if near and definite and word in ties.of:
            return first
        near = near and (word in ties.articles or state.tokens[first].number)
    return index


def _groups(state: ParseState, matches: list[Match]) -> set[str]:
    """The groups of what some names mean alone."""
    group_of = state.lexicon.group_of
    return {group_of.get(entry.value, entry.value) for match in matches for entry in match.entries}


def _need(state: ParseState, match: Match, beside: Collection[str] = ()) -> Found:
    """`beside`: the groups of what else is asked for."""
    meant = means(state, match, beside)
    sectors = meant or tuple(
        dict.fromkeys(entry.value for entry in match.entries if entry.type == "sector")
    )
    words = sum(state.folds[index] not in LINKS for index in range(match.first, match.last + 1))
    words = max(words, _TELLING + 1) if meant else words
    label = any(entry.is_label for entry in match.entries)
    of = [
        index
        for index in range(match.first + 1, match.last)
        if state.folds[index] in state.connectives.of
    ]
    head = range(match.first, of[0]) if of else None
    return Found(match.first, match.last, words, sectors, "label" if label else "synonym", head)


def _link(state: ParseState, last: int, first: int) -> str:
    """What stands between two names: `of`, `object` (an article, as after a verb), `list`,
    `purpose`, `apart` (a piece), or `blank`.
    """
    between = range(last + 1, first)
    gaps = [state.gaps[index] for index in range(last + 1, first + 1)]
    if any(gap is Gap.STOP for gap in gaps) or any(
        state.states[index] is State.PIECE for index in between
    ):
        return "apart"
    if any(gap in (Gap.SLASH, Gap.COMMA) for gap in gaps):
        return "list"
    words = [state.folds[index] for index in between]
    ties = state.connectives
    if any(word in ties.listing for word in words):
        return "list"
    if not ties.purposes.isdisjoint(words) and not state.phrase_before(first, ties.openers):
        return "purpose"
    if words and words[0] in ties.of:
        return "of"
    return (
        "object"
        if words and ties.articles.union(ties.possessives, ties.indefinite).issuperset(words)
        else "blank"
    )


def _governed(state: ParseState, first: int) -> bool:
    """Whether "de", "des" stand right before a name, its article apart."""
    before = first - 1 - (state.folds[first - 1] in state.connectives.articles)
    return state.folds[before] in state.connectives.of


def _under_its_head(state: ParseState, before: Found, need: Found) -> Found:
    """ "nettoyage des vitres, des sols": the sols are cleaned, which is another trade than laying
    them.
    """
    head, after = before.head, before.first + 1
    if head is None and state.adjacent[after] and state.folds[after] in state.connectives.of:
        head = range(before.first, after)  # "gardiennage du marché et des parcs de stationnement"
    if head is None:
        return need
    tokens = (*state.tokens[head.start : head.stop], *state.tokens[need.first : need.last + 1])
    whole = state.lexicon.sector(tokens, 0, [True] * len(tokens))
    if whole is None or whole.last < len(tokens) - 1:
        return replace(need, sectors=before.sectors, head=head)
    return replace(_need(state, whole), first=need.first, last=need.last, head=head)


def _with_its_object(state: ParseState, head: Found, of: int, last: int) -> Found:
    """ "nettoyage et lavage des véhicules": the vehicles are cleaned, no rooms."""
    tokens = (*state.tokens[head.first : head.last + 1], *state.tokens[of : last + 1])
    whole = (
        state.lexicon.sector(tokens, 0, [True] * len(tokens)) if head.first == head.last else None
    )
    return replace(head, sectors=_need(state, whole).sectors) if whole and whole.last else head


def _joined(state: ParseState, before: Found, need: Found, link: str) -> Found | None:
    """One need of two that say one thing; None when they are two."""
    if link in ("list", "apart"):
        return None
    common = _common(state, before.sectors, need.sectors)
    if common:
        return replace(before, last=need.last, words=max(before.words, need.words), sectors=common)
    if (
        link == "object"
    ):  # "repeindre la salle des fêtes" paints; of one family, the thing tells: "réparer un vélo"
        told = (
            need if need.words > _TELLING or _akin(state, before.sectors, need.sectors) else before
        )
        return replace(told, first=before.first, last=need.last)
    if link == "of":
        akin = _akin(state, before.sectors, need.sectors)
        room = state.phrase_at(need.first, state.connectives.rooms) > need.last - need.first
        governs = room or state.folds[before.first] in state.connectives.governing
        if governs and not akin:
            return replace(before, last=need.last)
        vague = akin and before.sectors[0].startswith(
            "autre-"
        )  # "collecte en porte à porte des biodéchets"
        longest = need if vague or need.words >= max(before.words, _TELLING) else before
        return replace(longest, first=before.first, last=need.last)
    return None


def _common(state: ParseState, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Sectors of both; of a group and one of its sectors, the sector."""
    of = state.lexicon.group_of
    akin = (
        (one, other)
        for one in left
        for other in right
        if other in (one, of.get(one)) or one == of.get(other)
    )
    return tuple(dict.fromkeys(one if of.get(one) == other else other for one, other in akin))


def _akin(state: ParseState, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether some of the sectors are of one group."""
    group_of = state.lexicon.group_of
    return not {group_of.get(one, one) for one in left}.isdisjoint(
        group_of.get(one, one) for one in right
    )


def likely_needs(
    state: ParseState, needs: tuple[Need, ...], trades: TradeReader | None, left: Collection[str]
) -> tuple[Need, ...]:
    """The needs of a reading, each with its probability, the likeliest first.

    Names that the whole phrase makes unlikely are told as not meant, where another is probable; a
    trade that nothing names is proposed, unless what names it is `left` (by key) as words. What is
    not likely enough is only possible.
    """
    if trades is None or not any(_words(state)):
        return needs
    likely = trades.of(_masked(state), _names(state, needs))
    if not likely.groups:
        return needs
    chances, deciding = dict(likely.groups), trades.deciding
    told = [
        one
        if one.known_by == "code"
        else replace(one, probability=max(chances.get(of, 1.0) for of in _groups_of(state, one)))
        for one in needs
    ]
    words = set(_words(state))
    told = _finer(state, told, likely, deciding, len(words))
    none = likely.none >= deciding.none
    together = sum(
        chances.get(group, 0.0)
        for group in {group for need in told for group in _groups_of(state, need)}
    )
    group, chance = likely.groups[0]
    alone = together >= deciding.sure > chance  # several names, none of them sure alone
    alone = alone or not words.difference(
        *(_inside(state, need) for need in told)
    )  # names are all that is said
    meant = alone or len(words) <= deciding.short
    kept = [n for n in told if meant or n.probability >= deciding.doubted]
    clear = any(
        group in _groups_of(state, n) or (meant and n.probability >= deciding.doubted) for n in kept
    )
    beside = not kept or not (alone or clear or chance < deciding.beside)
    proposed = _proposed(state, likely, deciding, left) if beside and not none else None
    kept = (
        kept
        if none or any(n and n.probability >= deciding.probable for n in (*kept, proposed))
        else told
    )
    if none and not kept:
        if not any(note.code == OUTSIDE_TRADE for note in state.notes):
            state.notes.append(
                Note(
                    OUTSIDE_LIKELY,
                    ", ".join(state.q[start:end] for start, end in likely.why().against),
                )
            )
        return ()
    state.notes += [Note(TRADE_DOUBTED, need.text) for need in told if need not in kept]
    least = 0.0 if alone else deciding.doubted if meant else deciding.probable
    kept = [replace(need, possible=need.probability < least) for need in kept]
    if proposed is not None:
        kept.append(proposed)
    return tuple(
        sorted(kept, key=lambda need: -round(need.probability, 1))
    )  # as written where about as likely


def _finer(
    state: ParseState, needs: list[Need], likely: Likely, deciding: Deciding, words: int
) -> list[Need]:
    """The needs; the only one of the likeliest group is another of its trades where all the words
    make it `finer`: "navettes de marchandises entre deux sites" is of goods.
    """
    group, chance = likely.groups[0]
    same = [one for one in needs if group in _groups_of(state, one)]
    alone = (
        len(same) == 1
        and same[0].known_by == "synonym"
        and words > max(len(_inside(state, same[0])), _FEW)
    )
    if not alone or chance < deciding.sure:
        return needs
    told = [
        (one, part)
        for one, part in likely.why().sectors
        if state.lexicon.group_of.get(one) == group
    ]
    if not told or told[0][1] < deciding.finer or any(one in same[0].sectors for one, _ in told):
        return needs
    return [
        replace(one, sectors=tuple(slug for slug, _ in told)) if one is same[0] else one
        for one in needs
    ]


_FEW = 2
"""Words, at most, that leave a trade as it is named: "tri et recyclage"."""


def _inside(state: ParseState, need: Need) -> list[int]:
    """The tokens of a name that say something."""
    return [index for index in _words(state) if need.start <= state.tokens[index].start < need.end]


def _words(state: ParseState) -> Iterator[int]:
    """Tokens that are searched and say something."""
    for index, free in enumerate(state.unclaimed_tokens()):
        if (
            free
            and index not in state.buyer
            and state.folds[index] not in LINKS
            and not state.tokens[index].number
        ):
            yield index


def _names(state: ParseState, needs: tuple[Need, ...]) -> Names:
    """What is named, by groups, as the reader weighs it."""
    words = len(list(_words(state)))
    names: dict[str, tuple[float, ...]] = {}
    for place, need in enumerate(needs):
        if need.known_by == "code":
            continue
        many = len(_inside(state, need))
        worth = (1.0, many / max(words, 1), float(many > 1), float(place == 0))
        for group in _groups_of(state, need):
            names[group] = tuple(map(max, worth, names.get(group, worth)))
    if any(note.code == OUTSIDE_TRADE for note in state.notes):
        names[NONE] = ()
    return names


def _groups_of(state: ParseState, need: Need) -> dict[str, None]:
    group_of = state.lexicon.group_of
    return dict.fromkeys(group_of.get(slug, slug) for slug in need.sectors)


def _masked(state: ParseState) -> str:
    """The phrase with blanks for what is no word of it, so that characters keep their places."""
    left = list(state.q)
    for index, (token, became) in enumerate(zip(state.tokens, state.states, strict=True)):
        if became not in (State.FREE, State.WORD) or index in state.buyer:
            left[token.start : token.end] = " " * (token.end - token.start)
    return "".join(left)


def _proposed(
    state: ParseState, likely: Likely, deciding: Deciding, left: Collection[str]
) -> Need | None:
    """The likeliest trade, where it is likely enough and not refused, shown as a piece by which it
    is refused; its words stay words.
    """
    group, chance = likely.groups[0]
    known = state.lexicon.group_of
    count = len(
        list(_words(state))
    )  # few words are a supplier's name as well: "la Collecterie", "Yenkumu Luku"
    enough = deciding.sure if count == 1 else deciding.beside if count <= 2 else deciding.possible
    if chance < enough or group not in known.values():
        return None
    why = likely.why()
    start, end = why.words[0][0], why.words[-1][1]
    text = state.q[start:end]
    if key(text) in left:
        return None
    sectors = tuple(sector for sector, _ in why.sectors if sector in known) or (group,)
    options = tuple(Option(slug, state.lexicon.label(slug, state.lang)) for slug in sectors)
    if inside := [
        index
        for index, token in enumerate(state.tokens)
        if start <= token.start and token.end <= end
    ]:
        label = ", ".join(option.label for option in options)
        state.drafts.append(
            Draft(
                "trade", sectors[0], label, inside[0], inside[-1], alternatives=options, kept=True
            )
        )
    return Need(start, end, text, sectors, "classifier", chance, chance < deciding.probable)
