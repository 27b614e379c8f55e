"""What tells namesakes apart: "Saint-Denis 93", "Saint-Denis (La Réunion)", "93200 Saint-Denis", "Paris 12e"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from discovery.gazetteer import Commune
from discovery.intent.lexer import Gap
from discovery.intent.named import Named
from discovery.intent.names import department_code, names_at, post_code, typed
from discovery.intent.parse_state import ParseState

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


def with_hints(reading: ParseState, named: Named) -> Hinted:
    """The commune meant by a name, read with what stands around it: "93", "(La Réunion)", "93200", "12e"."""
    first, last = named.first, named.last
    plain = Hinted(named.communes[0], first, last, reading.tokens[last].end, False)
    for reader in (_district, _bracket, _number_after, _area_after, _number_before, _in_france):
        hinted = reader(reading, named)
        if hinted is not None:
            return _past_cedex(reading, hinted)
    return _past_cedex(reading, plain)


def _past_cedex(reading: ParseState, hinted: Hinted) -> Hinted:
    """ "Lyon CEDEX 03": the sorting office says nothing of the place."""
    last = hinted.last
    if not (reading.free(last + 1) and reading.fold(last + 1) == "cedex" and reading.tied(last + 1)):
        return hinted
    last += 1
    if reading.free(last + 1) and reading.tokens[last + 1].number and len(reading.tokens[last + 1].text) <= 2:
        last += 1
    return replace(hinted, last=last, end=reading.tokens[last].end)


def _district(reading: ParseState, named: Named) -> Hinted | None:
    """ "Paris 12e", "Lyon 3", "Marseille 1er arrondissement". "Lyon 69" names the department instead."""
    city = reading.fold(named.last)
    if city not in _CITIES or named.first != named.last or not reading.tied(named.last + 1):
        return None
    found = _numbered_district(reading, city, named.last + 1)
    if found is None:
        return None
    return Hinted(found[0], named.first, found[1], reading.tokens[found[1]].end, True)


def _numbered_district(reading: ParseState, city: str, number: int) -> tuple[Commune, int] | None:
    """The arrondissement that a number at a token means, and the last token that says so."""
    if not (reading.free(number) and reading.tokens[number].number and len(reading.tokens[number].text) <= 2):
        return None
    last = number
    if (
        reading.free(last + 1)
        and reading.gap(last + 1) <= Gap.BLANK
        and reading.fold(last + 1) in reading.grammar.places.district_ordinals
    ):
        last += 1
    if (
        reading.free(last + 1)
        and reading.tied(last + 1)
        and reading.fold(last + 1) in reading.grammar.places.district_words
    ):
        last += 1
    if last == number:
        after = number + 1
        glued = after < len(reading.tokens) and (
            reading.gap(after) is Gap.GLUE or (reading.tied(after) and reading.tokens[after].number)
        )
        if glued or reading.tokens[number].text == _CITIES[city] or reading.is_quantity(number):
            return None
    commune = reading.gazetteer.arrondissement(city, int(reading.tokens[number].text))
    return (commune, last) if commune else None


def more_districts(reading: ParseState, city: str, last: int) -> list[Hinted]:
    """Arrondissements listed after a first one: "(Paris 11e) et 12e", "(Lyon 3), 6 et 7". `city`: code of Paris,
    Lyon or Marseille; `last`: the last token of the one before."""
    found: list[Hinted] = []
    while city in _CITIES:
        number = last + 1
        if reading.free(number) and reading.fold(number) in reading.ties.listing and reading.tied(number):
            number += 1
        elif reading.gap(number) not in (Gap.SLASH, Gap.COMMA):
            break
        if reading.free(number) and reading.fold(number) in ("le", "the") and reading.tied(number + 1):
            number += 1
        district = _numbered_district(reading, city, number)
        if district is None:
            break
        last = district[1]
        found.append(Hinted(district[0], number, last, reading.tokens[last].end, True))
    return found


def _in_france(reading: ParseState, named: Named) -> Hinted | None:
    """ "Saint-Denis en France": not the one overseas."""
    last = named.last + 2
    namesakes = len({commune.department for commune in named.communes}) > 1
    if not (namesakes and reading.free_run(named.last + 1, last) and reading.tied(last) and reading.tied(last - 1)):
        return None
    if (reading.fold(last - 1), reading.fold(last)) not in (("en", "france"), ("in", "france")):
        return None
    return Hinted(named.communes[0], named.first, last, reading.tokens[last].end, True)


def _bracket(reading: ParseState, named: Named) -> Hinted | None:
    """ "Saint-Denis (93)", "Saint-Denis (La Réunion)", "Saint-Denis (93200)"."""
    opening = named.last + 1
    if not reading.free(opening):
        return None
    if reading.q[reading.tokens[named.last].end : reading.tokens[opening].start].strip() != "(":
        return None
    close = reading.q.find(")", reading.tokens[opening].end)
    last = opening
    while last + 1 < len(reading.tokens) and reading.tokens[last + 1].end <= close:
        last += 1
    if close < 0 or not reading.free_run(opening, last):
        return None
    hinted = _number_after(reading, named, bracketed=True) or _area_after(reading, named, last)
    if hinted is None or hinted.last != last:
        return None
    return Hinted(hinted.commune, hinted.first, last, close + 1, True)


def _number_after(reading: ParseState, named: Named, *, bracketed: bool = False) -> Hinted | None:
    """ "Saint-Denis 93", "Saint-Denis, 93200"."""
    index = named.last + 1
    if not reading.free(index) or not (bracketed or reading.gap(index) <= Gap.COMMA):
        return None
    return _numbered(reading, named, index, named.first)


def _number_before(reading: ParseState, named: Named) -> Hinted | None:
    """ "93200 Saint-Denis", "93 Saint-Denis", "(93) Saint-Denis"."""
    index = named.first - 1
    if index > 0 and reading.fold(index) in ("a", "b") and reading.gap(index) is Gap.GLUE:
        index -= 1
    if not reading.free(index):
        return None
    if reading.gap(named.first) <= Gap.COMMA:
        return _numbered(reading, named, index, index)
    number_end = reading.tokens[named.first - 1].end
    opening = reading.q[: reading.tokens[index].start].rstrip()[-1:]
    if opening != "(" or reading.q[number_end : reading.tokens[named.first].start].strip() != ")":
        return None
    found = _numbered(reading, named, index, named.first)
    aside = tuple(range(index, named.first))
    return found and Hinted(found.commune, found.first, found.last, found.end, True, aside)


def _numbered(reading: ParseState, named: Named, index: int, first: int) -> Hinted | None:
    name = typed(reading, named.first, named.last)
    code = post_code(reading, index)
    if code is not None:
        last = max(named.last, index)
        holders = {commune.code: commune for commune in reading.gazetteer.communes_of_postcode(code)}
        for commune in reading.gazetteer.by_name(name, hint_postcode=code):
            district = [c for c in holders.values() if c.parent == commune.code]
            if commune.code in holders or district:
                meant = district[0] if len(district) == 1 else commune
                return Hinted(meant, first, last, reading.tokens[last].end, True)
        return None
    department = department_code(reading, index)
    if department is None or reading.is_quantity(department[1], of_things=False):
        return None
    for commune in reading.gazetteer.by_name(name, hint_department=department[0])[:1]:
        if commune.department == department[0]:
            last = max(named.last, department[1])
            return Hinted(commune, first, last, reading.tokens[last].end, True)
    return None


def _area_after(reading: ParseState, named: Named, until: int | None = None) -> Hinted | None:
    """ "Saint-Denis, La Réunion", "Grenoble en Isère": an area that holds a commune of that name."""
    start = named.last + 1
    if not reading.free(start) or (until is None and reading.gap(start) > Gap.COMMA):
        return None
    starts = [start]
    if until is None and (size := reading.phrase_at(start, reading.grammar.places.hint_links)):
        starts += [start + size]
    name = typed(reading, named.first, named.last)
    for begin in starts:
        for area in names_at(reading, begin, hint=True):
            if not area.areas or (until is not None and area.last != until):
                continue
            found = _in_area(reading, name, area)
            if found is not None:
                return Hinted(found, named.first, area.last, reading.tokens[area.last].end, True)
    return None


def _in_area(reading: ParseState, name: str, area: Named) -> Commune | None:
    gazetteer = reading.gazetteer
    if area.groupings:
        held = gazetteer.all_communes(area.groupings[0])
        return next((commune for commune in gazetteer.by_name(name) if commune.city in held), None)
    if area.department is not None:
        code = area.department.code
        for commune in gazetteer.by_name(name, hint_department=code)[:1]:
            if commune.department == code:
                return commune
    if area.region is not None:
        for commune in reading.gazetteer.by_name(name, hint_region=area.region.code)[:1]:
            if commune.region == area.region.code:
                return commune
    return None
