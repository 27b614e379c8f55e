"""What is refused: "sauf ESAT", "hors Lyon", "ni ESAT ni EA". It becomes exclusions, or is told as
not understood.
"""

from discovery.model import dataclass
from discovery.model.attributes import PHRASE_FILTERS
from discovery.phrase.communes import WELL_POPULATED
from discovery.phrase.lexer import Gap
from discovery.phrase.lexicon import Entry, Match
from discovery.phrase.model import Note
from discovery.phrase.parse_state import Draft, ParseState
from discovery.phrase.place_names import (
    department_code,
    names_at,
    post_code,
    told_by_an_area,
    with_hints,
)
from discovery.phrase.spelling.words import known_word

_MOST = 4  # words of what is refused and not understood, "de" and the like apart


@dataclass(frozen=True, slots=True)
class Refused:
    """What tokens up to `last` name. Things are listed with things of their type, places with
    places.
    """

    drafts: tuple[tuple[str, str, str], ...]  # parameter, value, label
    last: int
    end: int | None = None


def find_negations(state: ParseState) -> dict[int, int]:
    """First token of each negation → the first token of what it denies. Fills `state.negated`."""
    negation = state.grammar.negation
    found: dict[int, int] = {}
    nothing = [range(first, first + size) for first, size in state.phrases(negation.denies_nothing)]
    for index, size in state.phrases(negation.negations):
        after = index + size
        if any(index in span and (span.start < index or len(span) >= size) for span in nothing):
            continue
        while state.unclaimed[after] and state.adjacent[after] and _skipped(state, after):
            after += 1
        if state.unclaimed[after] and state.adjacent[after] and not _in_a_name(state, index, size):
            found[index] = after
            state.negated.update(range(index, after + 1))
    return found


def _skipped(state: ParseState, index: int) -> bool:
    """Whether a word may stand between a negation and what it denies; "entreprise adaptée" is
    denied whole.
    """
    if state.folds[index] not in state.grammar.negation.skipped:
        return False
    return state.lexicon.thing(state.tokens, index, state.unclaimed_tokens()) is None


def claim_exclusions(state: ParseState, negations: dict[int, int]) -> None:
    """Claim what negations are followed by, or stand after, where it is a known value other than
    what is asked for.
    """
    if not negations:
        return
    asked = _trades(state)
    for negation, first in negations.items():
        if not state.unclaimed_run(negation, first):
            continue
        refused = _refused(state, negation, first, asked)
        start = negation
        while refused is not None:
            if asked.intersection(value for _, value, _ in refused.drafts):
                break
            _claim(state, refused, start)
            following = _next(state, refused)
            if following is None:
                break
            link, start = following
            more = _refused(state, negation, start, asked)
            if more is None or more.drafts[0][0] != refused.drafts[0][0]:
                break
            state.discard(range(link, start))
            refused = more


def turn_excluded(state: ParseState) -> None:
    """Refuse what stands before a negation of its own: "ESAT et EA exclus", "Paris excepté". Call
    once places are claimed.
    """
    pieces = {
        draft.last: draft
        for draft in state.drafts
        if draft.type == "place" or draft.type in PHRASE_FILTERS
    }
    for index, size in state.phrases(state.grammar.negation.after):
        last = index - 1
        while state.adjacent[last + 1] and (draft := pieces.pop(last, None)) is not None:
            draft.type, draft.parameter, draft.role = "exclusion", f"not_{draft.type}", None
            state.discard(range(index, index + size))
            last = draft.first - 1 - (state.folds[draft.first - 1] in state.connectives.listing)


def tell_unknown(state: ParseState, negations: dict[int, int]) -> None:
    """Drop what is refused and not understood, and note it (`negation_unknown`). Call once places
    are claimed.
    """
    free = state.unclaimed_tokens()
    for negation, first in negations.items():
        if (
            not state.unclaimed[negation]
            or (state.folds[negation],) in state.grammar.negation.prefixes
        ):
            continue
        last, words, index = negation, 0, negation + 1
        while state.unclaimed[index] and state.gaps[index] <= Gap.BLANK:
            word = state.folds[index]
            if index > first:
                if (
                    word in state.connectives.bounds
                    or index in negations
                    or state.introduces(index)
                ):
                    break
                trade = state.lexicon.sector(state.tokens, index, free)
                if trade is not None and state.folds[index - 1] not in state.connectives.of:
                    break
            if word not in state.grammar.negation.skipped and word not in state.connectives.listing:
                words += 1
                last = index
            if words == _MOST:
                break
            index += 1
        if words:
            state.notes.append(Note("negation_unknown", state.typed(negation, last)))
            state.discard(range(negation, last + 1))


def _in_a_name(state: ParseState, negation: int, size: int) -> bool:
    """Whether a name of a trade or a place holds it: "déchets non dangereux", "Pas-de-Calais", "à
    Part-Dieu".
    """
    end = negation + size
    if any(
        named.last >= end
        for start in range(max(negation - 1, 0), end)
        for named in names_at(state, start)
    ):
        return True
    free = state.unclaimed_tokens()
    return any(
        (match := state.lexicon.sector(state.tokens, start, free)) is not None
        and match.last > negation
        for start in range(max(0, negation - 3), negation + 1)
    )


def _trades(state: ParseState) -> frozenset[str]:
    """Sectors that the phrase names before it refuses any."""
    free = state.unclaimed_tokens()
    until = min(state.negated, default=len(free))
    matches = (state.lexicon.sector(state.tokens, index, free) for index in range(until))
    return frozenset(
        entry.value
        for match in matches
        if match is not None and match.last < until
        for entry in match.entries
    )


def _next(state: ParseState, refused: Refused) -> tuple[int, int] | None:
    """(first token after what is refused, first token of the next of its list)."""
    after = refused.last + 1
    index = after
    if (
        state.unclaimed[index]
        and state.adjacent[index]
        and state.folds[index] in state.connectives.listing
    ):
        index += 1
    elif refused.drafts[0][0] in ("not_place", "not_sector") or state.gaps[index] not in (
        Gap.SLASH,
        Gap.COMMA,
    ):
        return None
    while state.unclaimed[index] and state.folds[index] in state.grammar.negation.skipped:
        index += 1
    return (after, index) if state.unclaimed[index] else None


def _refused(
    state: ParseState, negation: int, first: int, asked: frozenset[str] = frozenset()
) -> Refused | None:
    """What stands at a token. `asked`: sectors that are not refused: of a name of several, another
    is.
    """
    if not state.unclaimed[first]:
        return None
    free = state.unclaimed_tokens()
    thing = state.lexicon.thing(state.tokens, first, free)
    sector = state.lexicon.sector(state.tokens, first, free)
    ingredient = (state.folds[negation],) in state.grammar.negation.ingredients
    if sector is not None and (thing is None or sector.last > thing.last):
        told = next((entry for entry in sector.entries if entry.value not in asked), sector.entry)
        return None if ingredient else Refused((_filter(state, told),), sector.last)
    if thing is not None:
        return Refused(_filters(state, thing), thing.last)
    return _place(state, negation, first)


def _filter(state: ParseState, entry: Entry) -> tuple[str, str, str]:
    return f"not_{entry.type}", entry.value, state.lexicon.term(entry).label(state.lang)


def _filters(state: ParseState, match: Match) -> tuple[tuple[str, str, str], ...]:
    """A family ("IAE") is its kinds."""
    kinds: tuple[str, ...] = getattr(state.lexicon.term(match.entry), "kinds", ())
    entries = [entry for kind in kinds for entry in state.lexicon.codes.get(kind.lower(), ())]
    return tuple(_filter(state, entry) for entry in entries or [match.entry])


def _place(state: ParseState, negation: int, first: int) -> Refused | None:
    def refused(value: str, last: int, end: int | None = None) -> Refused:
        return Refused((("not_place", value, state.gazetteer.label(value, state.lang)),), last, end)

    references, following = state.grammar.references, state.folds[first + 1]
    if state.folds[first] in references.lots and (
        following[:1].isdigit() or following in references.signs
    ):
        return None  # "sauf le lot 4"
    if (number := department_code(state, first)) is not None and not state.is_quantity(number[1]):
        return refused(f"department:{number[0]}", number[1])
    if (code := post_code(state, first)) is not None:
        communes = state.gazetteer.communes_of_postcode(code)
        return refused(
            f"commune:{communes[0].code}" if len(communes) == 1 else f"postcode:{code}", first
        )
    after_article = state.folds[first - 1] in state.connectives.articles and first - 1 > negation
    starts = [first - 1, first] if after_article else [first]
    led = any(state.introduces(index) for index in range(negation + 1, first))
    for named in (named for start in starts for named in names_at(state, start)):
        commune = named.communes[0] if named.communes else None
        sure = (
            led
            or state.capitalised(first)
            or not known_word(state.folds[first])
            or named.last > first
        )
        city = commune is not None and (commune.population >= WELL_POPULATED or sure)
        if (commune is not None and commune.population >= 2 * WELL_POPULATED) or (
            city and not named.area
        ):
            hinted = with_hints(state, named)
            code = f"commune:{hinted.commune.code}"
            if told_by_an_area(
                state, named, hinted
            ):  # "hors Paris en Île-de-France": the region is asked for
                return refused(code, named.last)
            return refused(code, hinted.last, hinted.end)
        if named.area:
            return refused(named.area, named.last)
    return None


def _claim(state: ParseState, refused: Refused, first: int) -> None:
    for parameter, value, label in refused.drafts:
        state.claim(
            Draft(
                "exclusion", value, label, first, refused.last, end=refused.end, parameter=parameter
            )
        )
