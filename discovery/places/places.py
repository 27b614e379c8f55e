"""Places as parameters name them: their text, their label, what holds them. See `Place`."""

from __future__ import annotations

from discovery.places.by_code import CodeLookup
from discovery.places.model import GROUPINGS, Commune, Grouping, Place
from discovery.places.names import of

COUNTRY = Place("country")
_COUNTRY_LABEL = {"fr": "toute la France", "en": "all of France"}
_ARRONDISSEMENT = " Arrondissement"


def parse(gazetteer: CodeLookup, text: str) -> Place | None:
    """The place of a key such as `commune:69123`; None when it is written otherwise or does not exist."""
    kind, _, code = text.strip().partition(":")
    code = code.strip()
    for type_ in GROUPINGS:
        if kind == type_ and code:
            known = Place(type_, code.lower() if type_ == "area" else code.upper())
            return known if gazetteer.grouping(known) else None
    code = code.upper()
    if kind == "country" and not code:
        return COUNTRY
    if kind == "commune" and (commune := gazetteer.commune(code)):
        return Place("commune", commune.code)
    if kind == "postcode" and gazetteer.communes_of_postcode(code):
        return Place("postcode", code)
    if kind == "department" and gazetteer.department(code):
        return Place("department", code)
    if kind == "region" and gazetteer.region(code):
        return Place("region", code)
    return None


def label(gazetteer: CodeLookup, place: Place, lang: str) -> str:
    """Proper names are the same in both languages; the department tells namesakes apart."""
    if place.type == "country":
        return _COUNTRY_LABEL.get(lang, _COUNTRY_LABEL["fr"])
    if place.type == "commune" and (commune := gazetteer.commune(place.code)):
        return f"{short_name(commune)} ({commune.department})"
    if place.type == "department" and (department := gazetteer.department(place.code)):
        return f"{department.name} ({department.code})"
    if place.type == "region" and (region := gazetteer.region(place.code)):
        return region.name
    if grouping := gazetteer.grouping(place):
        return _grouping_label(grouping)
    return place.code


def _grouping_label(grouping: Grouping) -> str:
    return f"arrondissement {of(grouping.name)}" if grouping.place.type == "arrondissement" else grouping.name


def short_name(commune: Commune) -> str:
    """A commune's name as people say it: "Paris 12e" for Paris 12e Arrondissement."""  # fmt: skip
    return commune.name.removesuffix(_ARRONDISSEMENT) if commune.parent else commune.name


def communes_in(gazetteer: CodeLookup, place: Place) -> frozenset[str]:
    """Codes of its communes, as cities."""
    if grouping := gazetteer.grouping(place):
        return gazetteer.all_communes(grouping)
    if place.type == "department":
        return gazetteer.communes_of_department(place.code)
    if place.type == "region":
        departments = gazetteer.departments_of(place.code)
        return frozenset().union(*(gazetteer.communes_of_department(one.code) for one in departments))
    if place.type == "postcode":
        return frozenset(commune.city for commune in gazetteer.communes_of_postcode(place.code))
    commune = gazetteer.commune(place.code) if place.type == "commune" else None
    return frozenset({commune.city}) if commune else frozenset()


def ancestors(gazetteer: CodeLookup, place: Place) -> tuple[str, ...]:
    """What holds all of a place, from near to far. Areas that analysts drew hold what lies in them, like any other."""
    if place.type == "department" and (department := gazetteer.department(place.code)):
        return (*_holding(gazetteer, place), f"region:{department.region}")
    if place.type == "region":
        return _holding(gazetteer, place)
    if place.type == "commune" and (commune := gazetteer.commune(place.code)):
        city = (f"commune:{commune.parent}",) if commune.parent else ()
        held = (str(one) for one in gazetteer.around(frozenset({commune.city})))
        return (*city, *held, f"department:{commune.department}", f"region:{commune.region}")
    if place.type == "postcode":
        coded = gazetteer.communes_of_postcode(place.code)
        held_by = dict.fromkeys(f"department:{commune.department}" for commune in coded)
        regions_of = dict.fromkeys(f"region:{commune.region}" for commune in coded)
        return (*held_by, *regions_of)
    if grouping := gazetteer.grouping(place):
        communes = gazetteer.all_communes(grouping)
        held = (str(one) for one in gazetteer.around(communes) if one != place)
        departments = gazetteer.departments_in(grouping)
        regions = {found.region for code in departments if (found := gazetteer.department(code))}
        alone = (("department", departments), ("region", regions))
        return (*held, *(f"{type_}:{next(iter(codes))}" for type_, codes in alone if len(codes) == 1))
    return ()


def _holding(gazetteer: CodeLookup, place: Place) -> tuple[str, ...]:
    """The groupings that hold a department or region: analysts' areas."""
    return tuple(str(one) for one in gazetteer.around(communes_in(gazetteer, place)))
