"""What tells namesakes apart: "Saint-Denis 93", "Saint-Denis (La Réunion)", "93200 Saint-Denis", "Paris 12e"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from discovery.phrase.lexer import Gap
from discovery.phrase.parse_state import Named, ParseState
from discovery.phrase.place_names import department_code, names_at, post_code, typed
from discovery.places import Commune

_CITIES = {"paris": "75", "lyon": "69", "marseille": "13"}  # with their departments


@dataclass(frozen=True, slots=True)
class Hinted:
    """A commune told apart by what stands next to its name. `first`, `last`: the tokens of name and hint;
    `end`: the offset where the piece ends; `exact`: the hint fits that very commune; `aside`: tokens of a
    hint that stands apart from the name ("(93) Saint-Denis")."""

    commune: Commune
    first: int
    last: int
    end: int
    exact: bool
    aside: tuple[int, ...] = ()


def with_hints(state: ParseState, named: Named) -> Hinted:
    """The commune meant by a name, read with what stands around it: "93", "(La Réunion)", "93200", "12e"."""
    first, last = named.first, named.last
    plain = Hinted(named.communes[0], first, last, state.tokens[last].end, False)
    for reader in (_district, _bracket, _number_after, _area_after, _number_before):
        hinted = reader(state, named)
        if hinted is not None:
            return _past_cedex(state, hinted)
    return _past_cedex(state, plain)


def _past_cedex(state: ParseState, hinted: Hinted) -> Hinted:
    """ "Lyon CEDEX 03": the sorting office says nothing of the place."""
    last = hinted.last
    if not (state.unclaimed[last + 1] and state.folds[last + 1] == "cedex" and state.adjacent[last + 1]):
        return hinted
    last += 1
    if state.unclaimed[last + 1] and state.tokens[last + 1].number and len(state.tokens[last + 1].text) <= 2:
        last += 1
    return replace(hinted, last=last, end=state.tokens[last].end)


def _district(state: ParseState, named: Named) -> Hinted | None:
    """ "Paris 12e", "Lyon 3", "Marseille 1er arrondissement". "Lyon 69" names the department instead."""
    city = state.folds[named.last]
    if city not in _CITIES or named.first != named.last or not state.adjacent[named.last + 1]:
        return None
    found = _numbered_district(state, city, named.last + 1)
    if found is None:
        return None
    return Hinted(found[0], named.first, found[1], state.tokens[found[1]].end, True)


def _numbered_district(state: ParseState, city: str, number: int) -> tuple[Commune, int] | None:
    """The arrondissement that a number at a token means, and the last token that says so."""
    if not (state.unclaimed[number] and state.tokens[number].number and len(state.tokens[number].text) <= 2):
        return None
    last = number
    if (
        state.unclaimed[last + 1]
        and state.gaps[last + 1] <= Gap.BLANK
        and state.folds[last + 1] in state.grammar.places.district_ordinals
    ):
        last += 1
    if (
        state.unclaimed[last + 1]
        and state.adjacent[last + 1]
        and state.folds[last + 1] in state.grammar.places.district_words
    ):
        last += 1
    if last == number:
        after = number + 1
        glued = after < len(state.tokens) and (
            state.gaps[after] is Gap.GLUE or (state.adjacent[after] and state.tokens[after].number)
        )
        if glued or state.tokens[number].text == _CITIES[city] or state.is_quantity(number):
            return None
    commune = state.gazetteer.arrondissement(city, int(state.tokens[number].text))
    return (commune, last) if commune else None


def _bracket(state: ParseState, named: Named) -> Hinted | None:
    """ "Saint-Denis (93)", "Saint-Denis (La Réunion)", "Saint-Denis (93200)"."""
    opening = named.last + 1
    if not state.unclaimed[opening]:
        return None
    if state.q[state.tokens[named.last].end : state.tokens[opening].start].strip() != "(":
        return None
    close = state.q.find(")", state.tokens[opening].end)
    last = opening
    while last + 1 < len(state.tokens) and state.tokens[last + 1].end <= close:
        last += 1
    if close < 0 or not state.unclaimed_run(opening, last):
        return None
    hinted = _number_after(state, named, bracketed=True) or _area_after(state, named, last)
    if hinted is None or hinted.last != last:
        return None
    return Hinted(hinted.commune, hinted.first, last, close + 1, True)


def _number_after(state: ParseState, named: Named, *, bracketed: bool = False) -> Hinted | None:
    """ "Saint-Denis 93", "Saint-Denis, 93200"."""
    index = named.last + 1
    if not state.unclaimed[index] or not (bracketed or state.gaps[index] <= Gap.COMMA):
        return None
    return _numbered(state, named, index, named.first)


def _number_before(state: ParseState, named: Named) -> Hinted | None:
    """ "93200 Saint-Denis", "93 Saint-Denis", "(93) Saint-Denis"."""
    index = named.first - 1
    if index > 0 and state.folds[index] in ("a", "b") and state.gaps[index] is Gap.GLUE:
        index -= 1
    if not state.unclaimed[index]:
        return None
    if state.gaps[named.first] <= Gap.COMMA:
        return _numbered(state, named, index, index)
    number_end = state.tokens[named.first - 1].end
    opening = state.q[: state.tokens[index].start].rstrip()[-1:]
    if opening != "(" or state.q[number_end : state.tokens[named.first].start].strip() != ")":
        return None
    found = _numbered(state, named, index, named.first)
    aside = tuple(range(index, named.first))
    return found and Hinted(found.commune, found.first, found.last, found.end, True, aside)


def _numbered(state: ParseState, named: Named, index: int, first: int) -> Hinted | None:
    name = typed(state, named.first, named.last)
    code = post_code(state, index)
    if code is not None:
        last = max(named.last, index)
        holders = {commune.code: commune for commune in state.gazetteer.communes_of_postcode(code)}
        for commune in state.gazetteer.by_name(name, hint_postcode=code):
            district = [c for c in holders.values() if c.parent == commune.code]
            if commune.code in holders or district:
                meant = district[0] if len(district) == 1 else commune
                return Hinted(meant, first, last, state.tokens[last].end, True)
        return None
    department = department_code(state, index)
    if department is None or state.is_quantity(department[1], of_things=False):
        return None
    for commune in state.gazetteer.by_name(name, hint_department=department[0])[:1]:
        if commune.department == department[0]:
            last = max(named.last, department[1])
            return Hinted(commune, first, last, state.tokens[last].end, True)
    return None


def _area_after(state: ParseState, named: Named, until: int | None = None) -> Hinted | None:
    """ "Saint-Denis, La Réunion", "Grenoble en Isère": an area that holds a commune of that name."""
    start = named.last + 1
    if not state.unclaimed[start] or (until is None and state.gaps[start] > Gap.COMMA):
        return None
    starts = [start]
    if until is None and (size := state.phrase_at(start, state.grammar.places.hint_links)):
        starts += [start + size]
    name = typed(state, named.first, named.last)
    for begin in starts:
        for area in names_at(state, begin, hint=True):
            if not area.areas or (until is not None and area.last != until):
                continue
            found = _in_area(state, name, area)
            if found is not None:
                return Hinted(found, named.first, area.last, state.tokens[area.last].end, True)
    return None


def _in_area(state: ParseState, name: str, area: Named) -> Commune | None:
    gazetteer = state.gazetteer
    if area.groupings:
        held = gazetteer.all_communes(area.groupings[0])
        return next((commune for commune in gazetteer.by_name(name) if commune.city in held), None)
    if area.department is not None:
        code = area.department.code
        for commune in gazetteer.by_name(name, hint_department=code)[:1]:
            if commune.department == code:
                return commune
    if area.region is not None:
        for commune in state.gazetteer.by_name(name, hint_region=area.region.code)[:1]:
            if commune.region == area.region.code:
                return commune
    return None


def told_by_an_area(state: ParseState, named: Named, hinted: Hinted) -> bool:
    """Whether an area's name tells a commune from its namesakes ("Grenoble en Isère"), not a number or brackets: it may
    as well be where the work is looked for ("couture Pas-de-Calais")."""
    aside = [index for index in range(hinted.first, hinted.last + 1) if not named.first <= index <= named.last]
    bracketed = "(" in state.q[state.tokens[named.last].end : hinted.end]
    return bool(aside) and not bracketed and not any(state.tokens[index].number for index in aside)
