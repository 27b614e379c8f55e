"""Places by name, claimed until no more can be told; and all of France, as a wish for suppliers that work everywhere
(`national`) or as a mere place (`country`)."""

from __future__ import annotations

from discovery.intent.areas import area_is_meant, claim_area
from discovery.intent.communes import WELL_POPULATED, claim_commune, claim_shortened_centre, is_common, try_commune
from discovery.intent.hints import with_hints
from discovery.intent.introducers import Introduced, introduction
from discovery.intent.lexer import Gap
from discovery.intent.named import Named
from discovery.intent.names import names_at
from discovery.intent.parse_state import Draft, ParseState, State

_PARIS = "75"


def claim_names(reading: ParseState) -> None:
    """Claim places by name until no more can be told: a place at the end makes its neighbour stand at the end.

    A name that is no place is looked at again only once something around it was read.
    """
    forward = range(len(reading.tokens))
    progress = True
    while progress:
        before = len(reading.drafts)
        for index in (*forward, *reversed(forward)):
            so_far = len(reading.drafts), reading.states.count(State.FREE)
            if reading.free(index) and reading.looked_at.get(index) != so_far:
                reading.looked_at[index] = so_far
                _claim_at(reading, index)
        progress = len(reading.drafts) > before


def claim_centre(reading: ParseState, starts: list[int], *, vague: bool) -> bool:
    """Claim the place that follows a distance; any commune does. Returns whether there was one. `starts`: tokens
    where its name may begin.

    `vague`: nothing says that the distance is one ("2 km de haies"): then a word of the vocabulary is a word.
    """
    for start in starts:
        for named in names_at(reading, start):
            if named.communes and reading.fold(start) not in reading.ties.of:
                if vague and is_common(reading, named, named.communes[0]):
                    continue
                hinted = with_hints(reading, named)
                claim_commune(reading, named, hinted, Introduced(starts[0], "strong"))
                return True
            if named.areas:
                claim_area(reading, named, Introduced(starts[0], "strong"))
                return True
    return claim_shortened_centre(reading, starts)


def _claim_at(reading: ParseState, index: int) -> None:
    for named in names_at(reading, index):
        if reading.negated(named.first) or _inside_longer_name(reading, named) or _leads_on(reading, named):
            continue
        if _try(reading, named):
            return


def _leads_on(reading: ParseState, named: Named) -> bool:
    """ "au nord de Lyon": a name within words that lead to another."""
    focus = reading.grammar.places.focus
    return any(
        start + reading.phrase_at(start, focus) > named.last + 1
        for start in range(max(0, named.first - 2), named.first)
    )


def _inside_longer_name(reading: ParseState, named: Named) -> bool:
    """ "Rhône" in "Loire-sur-Rhône": the longer name of a commune owns its words, even where it is no place."""
    return any(
        longer.first < named.first <= longer.last and longer.last >= named.last and longer.communes
        for start in range(max(0, named.first - 8), named.first)
        for longer in names_at(reading, start)
        if longer.last - longer.first >= 2
    )


def _try(reading: ParseState, named: Named) -> bool:
    introduced = introduction(reading, named.first)
    commune_first = named.communes and _commune_before_area(named, introduced)
    if commune_first and try_commune(reading, named, introduced):
        return True
    if named.areas and area_is_meant(reading, named, introduced):
        if named.communes and _is_city(named) and introduced.strength != "area":
            # Paris is a department as well: wherever a department may stand, it is the city.
            claim_commune(reading, named, with_hints(reading, named), introduced)
            return True
        claim_area(reading, named, introduced)
        return True
    return not commune_first and bool(named.communes) and try_commune(reading, named, introduced)


def _commune_before_area(named: Named, introduced: Introduced) -> bool:
    """One name, two places ("Vienne", "Mayenne", "Paris"): "à Vienne" is the town, "dans la Vienne" the department."""
    if not named.areas:
        return True
    if introduced.strength == "area" or named.department is None:
        return False
    if introduced.strength == "strong":
        said = any(word in introduced.words for word in ("ville", "commune", "city", "town"))
        return said or named.communes[0].population >= WELL_POPULATED
    return named.communes[0].population >= 2 * WELL_POPULATED


def _is_city(named: Named) -> bool:
    """A commune that is all of its department: Paris."""
    return named.department is not None and named.department.code == _PARIS


_LABELS = {"fr": "toute la France", "en": "all of France"}


def claim_national(reading: ParseState) -> None:
    """Claim "toute la France", "nationwide", or "national" at the end as `national=only`, and "en France" as the
    country."""
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, reading.grammar.national.phrases)
        if not size and _bare_national(reading, index):
            size = 1
        if size and not reading.negated(index):
            label = _LABELS.get(reading.lang, _LABELS["fr"])
            reading.claim(Draft("national", "only", label, index, index + size - 1))
        index += size or 1


def _bare_national(reading: ParseState, index: int) -> bool:
    """The adjective alone counts where a phrase, or a part of it, ends; "parc national" is a name."""
    if (
        not reading.free(index)
        or reading.fold(index) not in reading.grammar.national.adjectives
        or not reading.at_right(index)
    ):
        return False
    before = index - 1
    if reading.gap(index) >= Gap.SLASH or reading.states[before] is State.PIECE:
        return True
    return (
        reading.tied(index)
        and reading.fold(before) not in reading.grammar.national.names
        and reading.gap(index) is Gap.BLANK
    )


def claim_country(reading: ParseState) -> None:
    """Claim "en France", or "France" alone at the end, as the country. Goods "fabriqués en France" come from there:
    these stay words."""
    for index in range(len(reading.tokens)):
        if not reading.free(index) or reading.fold(index) != "france":
            continue
        before = index - 1
        if reading.fold(before) in ("la", "l") and reading.tied(index):
            before -= 1
        introduced = reading.tied(before + 1) and reading.fold(before) in ("en", "in", "dans", "across")
        if introduced and reading.fold(before - 1) in reading.grammar.places.made and reading.tied(before):
            continue
        if (
            reading.fold(before) in reading.grammar.places.made
            or reading.fold(before) in ("de", "of", "tour")
            or reading.negated(index)
        ):
            continue
        if not introduced and not (reading.at_right(index) and reading.gap(index) is not Gap.GLUE):
            continue
        if introduced:
            reading.drop(range(before, index))
        label = reading.gazetteer.label("country", reading.lang)
        reading.claim(Draft("place", "country", label, index, index, role="boundary"))
