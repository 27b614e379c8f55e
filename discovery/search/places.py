"""Places in words: a typed code or name becomes a place of the gazetteer; a place is named within a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from discovery.phrase.spelling.names import nearest_towns, towns_resembling, towns_starting
from discovery.places import Commune, Gazetteer, Place
from discovery.places.names import of as tied
from discovery.places.table import read_rows
from discovery.search.query import Problem

TOWN = 10_000
"""Inhabitants from which a commune comes before a department or region of the same name (as in a phrase)."""

MAX_OTHERS = 4
"""Namesakes worth proposing."""

_CODE = re.compile(
    r"(?:commune|postcode|epci|ept|arrondissement|department|region):\w+|area:[\w-]+|country", re.IGNORECASE
)
_HINTED = re.compile(
    r"(?P<name>.*\D)\s*\((?P<hint>[^()]+)\)|(?P<before>.*[^\W\d]\W*?)[\s,]+(?P<number>\d[\dABab]\d{0,3})"
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a text names.

    `place`: what the name means. `others`: namesakes. `corrected`: it is the nearest name to what was typed.
    """

    place: Place
    others: tuple[Place, ...] = ()
    corrected: bool = False


def find_place(typed: str, gazetteer: Gazetteer, *, centre: bool = False) -> NamedPlace | None:
    """What a code or a typed name means; None when nothing bears it. `centre`: of namesakes, prefer one that has a
    point."""
    typed = typed.strip()
    if _CODE.fullmatch(typed):
        place = gazetteer.parse_place(typed.lower() if typed.lower() == "country" else _tidy_code(typed))
        return NamedPlace(place) if place else None
    if typed[:1].isdigit() and " " not in typed and (coded := _by_digits(typed, gazetteer)):
        return NamedPlace(coded)
    candidates = list(dict.fromkeys(_by_name(typed, gazetteer, centre)))
    if candidates:
        best, held = candidates[0], gazetteer.ancestors(str(candidates[0]))
        # Paris the department holds Paris the city: one place, not two that share a name.
        others = (
            one for one in candidates[1:] if str(one) not in held and str(best) not in gazetteer.ancestors(str(one))
        )
        return NamedPlace(best, tuple(others)[:MAX_OTHERS])
    return None


def find_centre(typed: str, gazetteer: Gazetteer) -> NamedPlace | None:
    """What a code or a typed name of a centre means, forgiving more than `find`: a typo or a name left half typed
    gives the nearest name, else the most populous that starts so; the others are kept."""
    found = find_place(typed, gazetteer, centre=True)
    if found is not None:
        return found
    if nearest_towns(typed, gazetteer, 1):
        meant = towns_resembling(typed, gazetteer, MAX_OTHERS + 1)
    else:
        meant = towns_starting(typed, gazetteer, MAX_OTHERS + 1)
    return NamedPlace(meant[0], meant[1:], corrected=True) if meant else None


def unknown_place(parameter: str, typed: str, gazetteer: Gazetteer) -> Problem:
    """The problem of a place that nothing bears, with the towns that it may have been."""
    choices = tuple(gazetteer.label(place) for place in towns_resembling(typed, gazetteer))
    return Problem(parameter, typed, "unknown_place", {"value": typed}, choices)


def point_of(place: Place, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees of a commune's or post code's centre (its most populous commune's); None for
    other places."""
    for commune in communes_of(place, gazetteer):
        if commune.point is not None:
            return commune.point
    return None


def communes_of(place: Place, gazetteer: Gazetteer) -> tuple[Commune, ...]:
    """The communes that a commune or post code stands for, most populous first; none for anything larger."""
    if place.type == "postcode":
        return gazetteer.communes_of_postcode(place.code)
    commune = gazetteer.commune(place.code) if place.type == "commune" else None
    return (commune,) if commune else ()


def _tidy_code(typed: str) -> str:
    kind, _, code = typed.partition(":")
    return f"{kind.lower()}:{code.lower() if kind.lower() == 'area' else code.upper()}"


def _by_digits(typed: str, gazetteer: Gazetteer) -> Place | None:
    """A post code, an INSEE code or a department's number, in that order."""
    code = typed.upper()
    for kind in ("postcode", "commune", "department"):
        if (place := gazetteer.parse_place(f"{kind}:{code}")) is not None:
            return place
    return None


def _by_name(typed: str, gazetteer: Gazetteer, centre: bool) -> Iterator[Place]:
    """Places of that name, the likeliest first."""
    communes = gazetteer.by_name(typed)
    region, department = gazetteer.region_by_name(typed), gazetteer.department_by_name(typed)
    if not (region or department) and (town := gazetteer.shortened(typed)):
        yield Place("commune", town.code)
    towns = [one for one in communes if centre or one.population >= TOWN]
    yield from (Place("commune", one.code) for one in towns)
    if region:
        yield Place("region", region.code)
    if department:
        yield Place("department", department.code)
    yield from (Place("commune", one.code) for one in communes)
    yield from (one.place for one in gazetteer.groupings_by_name(typed))
    if not communes and (match := _HINTED.fullmatch(typed)):
        yield from _with_hint(match["name"] or match["before"], match["hint"] or match["number"], gazetteer)


def _with_hint(name: str, hint: str, gazetteer: Gazetteer) -> Iterator[Place]:
    """ "Saint-Denis (93)", "Saint-Denis (La Réunion)", "Rhône (69)": only what the hint holds."""
    name, hint = name.strip(" ,-"), hint.strip().upper()
    department = gazetteer.department(hint) or gazetteer.department_by_name(hint)
    region = gazetteer.region_by_name(hint)
    for commune in gazetteer.by_name(
        name,
        hint_department=department.code if department else None,
        hint_region=region.code if region else None,
        hint_postcode=hint if len(hint) == 5 else None,
    ):
        fits = (
            (department is not None and commune.department == department.code)
            or (region is not None and commune.region == region.code)
            or hint in commune.post_codes
        )
        if fits:
            yield Place("commune", commune.code)
    named = gazetteer.department_by_name(name)
    if named and department and named.code == department.code:
        yield Place("department", named.code)


@cache
def _prepositions() -> dict[str, str]:
    """Name of a department or region → what stands before it in French, where that is not "en"."""
    rows = read_rows("prepositions.tsv", ("preposition", "names"))
    return {name: said if said.endswith("'") else f"{said} " for said, names in rows for name in names.split(",")}


def in_place(place: Place, name: str, lang: str = "fr") -> str:
    """Say that something is in a place: "dans le Rhône", "à Lyon", "dans toute la France"; "the Vosges"."""
    if lang != "fr":
        plural = _prepositions().get(name) == "dans les "
        return "all of France" if place.type == "country" else f"the {name}" if plural else name
    match place.type:
        case "country":
            return "dans toute la France"
        case "department" | "region":
            # Feminine names: en Savoie, en Loire-Atlantique, en Occitanie.
            return _prepositions().get(name, "en ") + name
        case "arrondissement":
            return f"dans l'{name}"
        case "epci" if name.startswith(("CC ", "CA ", "CU ", "Métropole ", "Eurométropole ")):
            return f"dans la {name}"
        case "area":
            return f"dans la zone « {name} »"
        case _:
            return _at_town(name)


def de(name: str, lang: str = "fr") -> str:
    """A town after "de": "de Lyon", "d'Arles", "du Mans"; the bare name in English."""
    return tied(name) if lang == "fr" else name


def _at_town(name: str) -> str:
    """à + Le = au, à + Les = aux; "La" and "L'" stay."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    return f"aux {name[4:]}" if name.startswith("Les ") else f"à {name}"
