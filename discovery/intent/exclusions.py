"""What is refused: "sauf ESAT", "hors Lyon", "ni ESAT ni EA". It becomes exclusions, or is told as not understood."""

from __future__ import annotations

from dataclasses import dataclass, replace

from discovery.intent.communes import WELL_POPULATED
from discovery.intent.hints import with_hints
from discovery.intent.lexer import Gap
from discovery.intent.lexicon import Entry, Match
from discovery.intent.model import Note
from discovery.intent.names import department_code, names_at, post_code
from discovery.intent.parse_state import Draft, ParseState
from discovery.spelling.words import known_word

_LONGEST = 5  # tokens of what a negation stands after, one left out
_MOST = 4  # words of what is refused and not understood, "de" and the like apart


@dataclass(frozen=True, slots=True)
class Refused:
    """What tokens up to `last` name. Things are listed with things of their type, places with places."""

    drafts: tuple[tuple[str, str, str], ...]  # parameter, value, label
    last: int
    end: int | None = None


def find_negations(reading: ParseState) -> dict[int, int]:
    """First token of each negation → the first token of what it denies. Fills `reading.denied`."""
    negation = reading.grammar.negation
    found: dict[int, int] = {}
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, negation.negations)
        nothing = reading.phrase_at(index, negation.denies_nothing)
        if nothing >= size or _is_number_sign(reading, index):
            index += nothing or 1
            continue
        after = index + size
        while reading.free(after) and reading.tied(after) and _skipped(reading, after):
            after += 1
        if reading.free(after) and reading.tied(after) and not _in_a_name(reading, index, size):
            found[index] = after
            reading.denied.update(range(index, after + 1))
        index += size
    return found


def _skipped(reading: ParseState, index: int) -> bool:
    """Whether a word may stand between a negation and what it denies; "entreprise adaptée" is denied whole."""
    if reading.fold(index) not in reading.grammar.negation.skipped:
        return False
    free = reading.free_tokens()
    return reading.lexicon.thing(reading.tokens, index, free) is None


def claim_exclusions(reading: ParseState, negations: dict[int, int]) -> None:
    """Claim what negations are followed by, or stand after, where it is a known value other than what is asked for."""
    _claim_excluded(reading)
    if not negations:
        return
    asked = _trades(reading)
    for negation, first in negations.items():
        if not reading.free_run(negation, first):
            continue
        refused = _refused(reading, negation, first, asked)
        start = negation
        while refused is not None:
            if asked.intersection(value for _, value, _ in refused.drafts):
                break
            _claim(reading, refused, start)
            following = _next(reading, refused)
            if following is None:
                break
            link, start = following
            more = _refused(reading, negation, start, asked)
            if more is None or more.drafts[0][0] != refused.drafts[0][0]:
                break
            reading.drop(range(link, start))
            refused = more


def _claim_excluded(reading: ParseState) -> None:
    """Claim what stands before a negation of its own: "ESAT et EA exclus", "Paris excepté"."""
    after = reading.grammar.negation.after
    for index in range(1, len(reading.tokens)):
        size = reading.phrase_at(index, after) if reading.tied(index) else 0
        if not size:
            continue
        if reading.tied(index + size) and reading.fold(index + size) not in reading.ties.bounds | reading.ties.listing:
            continue  # "excepté ESAT"
        last, end = index - 1, index + size - 1
        while size and (found := _named_before(reading, last)) is not None:
            first, refused = found
            _claim(reading, replace(refused, last=end, end=None), first)
            size, last, end = _listed_before(reading, first)


def _named_before(reading: ParseState, last: int) -> tuple[int, Refused] | None:
    """What ends at a token: (its first token, article included, what it is). The longest."""
    for first in range(max(0, last - _LONGEST), last + 1):
        refused = _refused(reading, first - 1, first) if reading.free_run(first, last) else None
        if refused is not None and refused.last == last:
            article = reading.free(first - 1) and reading.fold(first - 1) in reading.ties.articles
            return first - article, refused
    return None


def _listed_before(reading: ParseState, first: int) -> tuple[int, int, int]:
    """(whether something of a list stands before a token, its last token, the last to claim with it)."""
    before = first - 1
    listed = reading.free(before) and reading.fold(before) in reading.ties.listing
    return int(listed), before - 1, before


def tell_unknown(reading: ParseState, negations: dict[int, int]) -> None:
    """Drop what is refused and not understood, and note it (`negation_unknown`). Call once places are claimed."""
    free = reading.free_tokens()
    for negation, first in negations.items():
        if not reading.free(negation) or (reading.fold(negation),) in reading.grammar.negation.prefixes:
            continue
        last, words, index = negation, 0, negation + 1
        while index < len(reading.tokens) and reading.free(index) and reading.gap(index) <= Gap.BLANK:
            word = reading.fold(index)
            if index > first:
                if word in reading.ties.bounds or index in negations or reading.introduces(index):
                    break
                trade = reading.lexicon.sector(reading.tokens, index, free)
                if trade is not None and reading.fold(index - 1) not in reading.ties.of:
                    break
            if word not in reading.grammar.negation.skipped and word not in reading.ties.listing:
                words += 1
                last = index
            if words == _MOST:
                break
            index += 1
        if words:
            text = reading.q[reading.tokens[negation].start : reading.tokens[last].end]
            reading.notes.append(Note("negation_unknown", text))
            reading.drop(range(negation, last + 1))


def _in_a_name(reading: ParseState, negation: int, size: int) -> bool:
    """Whether a name of a trade or a place holds it: "déchets non dangereux", "Pas-de-Calais", "à Part-Dieu"."""
    end = negation + size
    if any(named.last >= end for start in range(max(negation - 1, 0), end) for named in names_at(reading, start)):
        return True
    free = reading.free_tokens()
    return any(
        (match := reading.lexicon.sector(reading.tokens, start, free)) is not None and match.last > negation
        for start in range(max(0, negation - 3), negation + 1)
    )


def _trades(reading: ParseState) -> frozenset[str]:
    """Sectors that the phrase names before it refuses any."""
    free = reading.free_tokens()
    until = min(reading.denied, default=len(free))
    matches = (reading.lexicon.sector(reading.tokens, index, free) for index in range(until))
    return frozenset(
        entry.value for match in matches if match is not None and match.last < until for entry in match.entries
    )


def _is_number_sign(reading: ParseState, index: int) -> bool:
    """ "nº 4", "No 4"."""
    after = index + 1
    numbered = after < len(reading.tokens) and reading.tokens[after].number
    return numbered and reading.fold(index) in reading.grammar.references.signs


def _next(reading: ParseState, refused: Refused) -> tuple[int, int] | None:
    """(first token after what is refused, first token of the next of its list)."""
    after = refused.last + 1
    index = after
    if reading.free(index) and reading.tied(index) and reading.fold(index) in reading.ties.listing:
        index += 1
    elif refused.drafts[0][0] in ("not_place", "not_sector") or reading.gap(index) not in (Gap.SLASH, Gap.COMMA):
        return None
    while reading.free(index) and reading.fold(index) in reading.grammar.negation.skipped:
        index += 1
    return (after, index) if reading.free(index) else None


def _refused(reading: ParseState, negation: int, first: int, asked: frozenset[str] = frozenset()) -> Refused | None:
    """What stands at a token. `asked`: sectors that are not refused: of a name of several, another is."""
    if not reading.free(first):
        return None
    free = reading.free_tokens()
    thing = reading.lexicon.thing(reading.tokens, first, free)
    sector = reading.lexicon.sector(reading.tokens, first, free)
    ingredient = (reading.fold(negation),) in reading.grammar.negation.ingredients
    if sector is not None and (thing is None or sector.last > thing.last):
        told = next((entry for entry in sector.entries if entry.value not in asked), sector.entry)
        return None if ingredient else Refused((_filter(reading, told),), sector.last)
    if thing is not None:
        return Refused(_filters(reading, thing), thing.last)
    return _place(reading, negation, first)


def _filter(reading: ParseState, entry: Entry) -> tuple[str, str, str]:
    return f"not_{entry.type}", entry.value, reading.lexicon.term(entry).label(reading.lang)


def _filters(reading: ParseState, match: Match) -> tuple[tuple[str, str, str], ...]:
    """A family ("IAE") is its kinds."""
    kinds: tuple[str, ...] = getattr(reading.lexicon.term(match.entry), "kinds", ())
    entries = [entry for kind in kinds for entry in reading.lexicon.codes.get(kind.lower(), ())]
    if not entries:
        return (_filter(reading, match.entry),)
    return tuple(_filter(reading, entry) for entry in entries)


def _place(reading: ParseState, negation: int, first: int) -> Refused | None:
    def refused(value: str, last: int, end: int | None = None) -> Refused:
        return Refused((("not_place", value, reading.gazetteer.label(value, reading.lang)),), last, end)

    if (number := department_code(reading, first)) is not None and not reading.is_quantity(number[1]):
        return refused(f"department:{number[0]}", number[1])
    if (code := post_code(reading, first)) is not None:
        communes = reading.gazetteer.communes_of_postcode(code)
        return refused(f"commune:{communes[0].code}" if len(communes) == 1 else f"postcode:{code}", first)
    starts = (
        [first - 1, first] if reading.fold(first - 1) in reading.ties.articles and first - 1 > negation else [first]
    )
    led = any(reading.introduces(index) for index in range(negation + 1, first))
    for named in (named for start in starts for named in names_at(reading, start)):
        commune = named.communes[0] if named.communes else None
        sure = led or reading.capitalised(first) or not known_word(reading.fold(first)) or named.last > first
        city = commune is not None and (commune.population >= WELL_POPULATED or sure)
        if (commune is not None and commune.population >= 2 * WELL_POPULATED) or (city and not named.areas):
            hinted = with_hints(reading, named)
            return refused(f"commune:{hinted.commune.code}", hinted.last, hinted.end)
        if named.department is not None:
            return refused(f"department:{named.department.code}", named.last)
        if named.region is not None:
            return refused(f"region:{named.region.code}", named.last)
        if named.groupings:
            return refused(str(named.groupings[0].place), named.last)
    return None


def _claim(reading: ParseState, refused: Refused, first: int) -> None:
    for parameter, value, label in refused.drafts:
        reading.claim(Draft("exclusion", value, label, first, refused.last, end=refused.end, parameter=parameter))
