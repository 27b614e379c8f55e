"""Names of places as they stand in a phrase: what a run of tokens may name, and the hints around it."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.gazetteer import Commune, Department, Region
from discovery.intent.lexer import Gap, Token
from discovery.intent.reading import Reading, State
from discovery.intent.words import ARTICLES, phrases, words

_LONGEST_NAME = 8  # words: "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
_VILLAGE = 10_000  # inhabitants: below, an area of the same name is meant
_SUFFIXES = words("e er eme ieme ème st nd rd th")
_DISTRICT = words("arrondissement arrondissements arr arrdt ardt district")
_CITIES = {"paris": "75", "lyon": "69", "marseille": "13"}
_HINT_LINKS = phrases("en|dans le|dans la|dans l|dans les|in|in the|le|la|les|l|departement|departement de la")
_NEVER = words("de d du des la le les l et ou or and a au aux en sur in the of un une centre")
"""Words that no name starts with unless an article of its own ("La Rochelle")."""


@dataclass(frozen=True, slots=True)
class Named:
    """What tokens `first`..`last` name. `communes`: namesakes, the most populous first; at most one of the others,
    besides. `former`: the departments of a region of before 2016."""

    first: int
    last: int
    communes: tuple[Commune, ...] = ()
    department: Department | None = None
    region: Region | None = None
    former: tuple[Department, ...] = ()

    @property
    def areas(self) -> bool:
        return bool(self.department or self.region or self.former)


@dataclass(frozen=True, slots=True)
class Hinted:
    """A commune told apart by what stands next to its name. `first`, `last`: the tokens of name and hint;
    `end`: the offset where the piece ends; `exact`: the hint fits that very commune."""

    commune: Commune
    first: int
    last: int
    end: int
    exact: bool


def typed(reading: Reading, first: int, last: int) -> str:
    """The characters of some tokens, as a name to look up."""
    return reading.q[reading.tokens[first].start : reading.tokens[last].end]


def names_at(reading: Reading, first: int, *, hint: bool = False) -> list[Named]:
    """Everything that tokens from `first` on may name, the longest name first. Costs four look-ups a length.

    An area is named without its article, which leads to it ("dans le Rhône"), save as a hint ("(La Réunion)").
    """
    if not reading.free(first) or reading.tokens[first].number or reading.tokens[first].dotted:
        return []
    found: list[Named] = []
    for last in _lasts(reading, first):
        name = typed(reading, first, last)
        if first == last and (len(name) < 2 or reading.fold(first) in _NEVER):
            continue
        gazetteer = reading.gazetteer
        if last > first and reading.fold(first) in ARTICLES and not hint:
            named = Named(first, last, communes=gazetteer.by_name(name))
            if named.communes and named.communes[0].population < _VILLAGE and _is_area(reading, first + 1, last):
                continue  # "à la Réunion" is not the village of that name
        else:
            region = gazetteer.region_by_name(name)
            named = Named(
                first,
                last,
                communes=gazetteer.by_name(name),
                department=gazetteer.department_by_name(name),
                region=region,
                former=() if region else gazetteer.former_region(name),
            )
        if named.communes or named.areas:
            found.append(named)
    found.reverse()
    return found


def _is_area(reading: Reading, first: int, last: int) -> bool:
    name = typed(reading, first, last)
    return bool(reading.gazetteer.department_by_name(name) or reading.gazetteer.region_by_name(name))


def _lasts(reading: Reading, first: int) -> list[int]:
    lasts = []
    for last in range(first, min(first + _LONGEST_NAME, len(reading.tokens))):
        token = reading.tokens[last]
        if not reading.free(last) or token.number:
            break
        if last > first and token.gap > Gap.BLANK and not _on(reading, last):
            break
        lasts.append(last)
    return lasts


def _on(reading: Reading, index: int) -> bool:
    """ "Chalon s/Saône": the only slash that names hold."""
    return reading.gap(index) is Gap.SLASH and reading.fold(index - 1) == "s"


def department_code(reading: Reading, index: int) -> tuple[str, int] | None:
    """The department that a number written at token `index` stands for, and its last token: 59, 2A, 974."""
    if not 0 <= index < len(reading.tokens) or not reading.tokens[index].number:
        return None
    digits = reading.tokens[index].text
    glued = index + 1 < len(reading.tokens) and reading.gap(index + 1) is Gap.GLUE
    code, last = digits, index
    if digits == "2" and glued and reading.fold(index + 1) in ("a", "b") and _no_mark(reading, index + 1):
        code, last = f"2{reading.fold(index + 1).upper()}", index + 1
        glued = last + 1 < len(reading.tokens) and reading.gap(last + 1) is Gap.GLUE
    if glued or len(code) != (3 if code.startswith("97") else 2) or reading.gazetteer.department(code) is None:
        return None
    return code, last


def _no_mark(reading: Reading, index: int) -> bool:
    return reading.tokens[index].start == reading.tokens[index - 1].end


def post_code(reading: Reading, index: int) -> str | None:
    """The five digits at token `index`, when the post office knows them."""
    if not 0 <= index < len(reading.tokens):
        return None
    token = reading.tokens[index]
    if not token.number or len(token.text) != 5 or token.opaque:
        return None
    return token.text if reading.gazetteer.communes_of_postcode(token.text) else None


def with_hints(reading: Reading, named: Named) -> Hinted:
    """The commune meant by a name, read with what stands around it: "93", "(La Réunion)", "93200", "12e"."""
    first, last = named.first, named.last
    plain = Hinted(named.communes[0], first, last, reading.tokens[last].end, False)
    for reader in (_district, _bracket, _number_after, _area_after, _number_before):
        hinted = reader(reading, named)
        if hinted is not None:
            return _past_cedex(reading, hinted)
    return _past_cedex(reading, plain)


def _past_cedex(reading: Reading, hinted: Hinted) -> Hinted:
    """ "Lyon CEDEX 03": the sorting office says nothing of the place."""
    last = hinted.last
    if not (reading.free(last + 1) and reading.fold(last + 1) == "cedex" and reading.tied(last + 1)):
        return hinted
    last += 1
    if reading.free(last + 1) and reading.tokens[last + 1].number and len(reading.tokens[last + 1].text) <= 2:
        last += 1
    return Hinted(hinted.commune, hinted.first, last, reading.tokens[last].end, hinted.exact)


def _district(reading: Reading, named: Named) -> Hinted | None:
    """ "Paris 12e", "Lyon 3", "Marseille 1er arrondissement". "Lyon 69" names the department instead."""
    city = reading.fold(named.last)
    number = named.last + 1
    if city not in _CITIES or named.first != named.last or not reading.free(number):
        return None
    if not (reading.tokens[number].number and reading.tied(number) and len(reading.tokens[number].text) <= 2):
        return None
    last, ordinal = number, False
    if reading.free(last + 1) and reading.gap(last + 1) <= Gap.BLANK and reading.fold(last + 1) in _SUFFIXES:
        last, ordinal = last + 1, True
    if reading.free(last + 1) and reading.tied(last + 1) and reading.fold(last + 1) in _DISTRICT:
        last, ordinal = last + 1, True
    if not ordinal:
        glued = number + 1 < len(reading.tokens) and reading.gap(number + 1) is Gap.GLUE
        if glued or reading.tokens[number].text == _CITIES[city] or reading.is_quantity(number):
            return None
    commune = reading.gazetteer.arrondissement(city, int(reading.tokens[number].text))
    return Hinted(commune, named.first, last, reading.tokens[last].end, True) if commune else None


def _bracket(reading: Reading, named: Named) -> Hinted | None:
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


def _number_after(reading: Reading, named: Named, *, bracketed: bool = False) -> Hinted | None:
    """ "Saint-Denis 93", "Saint-Denis, 93200"."""
    index = named.last + 1
    if not reading.free(index) or not (bracketed or reading.gap(index) <= Gap.COMMA):
        return None
    return _numbered(reading, named, index, named.first)


def _number_before(reading: Reading, named: Named) -> Hinted | None:
    """ "93200 Saint-Denis", "93 Saint-Denis", "93, Saint-Denis"."""
    index = named.first - 1
    if index > 0 and reading.fold(index) in ("a", "b") and reading.gap(index) is Gap.GLUE:
        index -= 1
    if not reading.free(index) or reading.gap(named.first) > Gap.COMMA:
        return None
    return _numbered(reading, named, index, index)


def _numbered(reading: Reading, named: Named, index: int, first: int) -> Hinted | None:
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
    if department is None or reading.is_quantity(department[1]):
        return None
    for commune in reading.gazetteer.by_name(name, hint_department=department[0])[:1]:
        if commune.department == department[0]:
            last = max(named.last, department[1])
            return Hinted(commune, first, last, reading.tokens[last].end, True)
    return None


def _area_after(reading: Reading, named: Named, until: int | None = None) -> Hinted | None:
    """ "Saint-Denis, La Réunion", "Grenoble en Isère": an area that holds a commune of that name."""
    start = named.last + 1
    if not reading.free(start) or (until is None and reading.gap(start) > Gap.COMMA):
        return None
    starts = [start]
    if until is None and (size := reading.phrase_at(start, _HINT_LINKS)):
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


def _in_area(reading: Reading, name: str, area: Named) -> Commune | None:
    departments = {department.code for department in area.former}
    if area.department is not None:
        departments.add(area.department.code)
    for code in departments:
        for commune in reading.gazetteer.by_name(name, hint_department=code)[:1]:
            if commune.department == code:
                return commune
    if area.region is not None:
        for commune in reading.gazetteer.by_name(name, hint_region=area.region.code)[:1]:
            if commune.region == area.region.code:
                return commune
    return None


def without_articles(tokens: tuple[Token, ...], first: int, last: int) -> range:
    """The indices of a name's own words, its leading article apart."""
    return range(first + 1, last + 1) if last > first and tokens[first].fold in ARTICLES else range(first, last + 1)


def taken_before(reading: Reading, index: int) -> bool:
    """Whether the token before is part of a place already claimed."""
    return (
        index > 0
        and reading.states[index - 1] is State.PIECE
        and any(draft.type == "place" and draft.first <= index - 1 <= draft.last for draft in reading.drafts)
    )
