"""Places as parameters name them: their text, their label, what holds them. See `Place`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.gazetteer.model import Commune, Place

if TYPE_CHECKING:
    from discovery.gazetteer.lookup import Gazetteer

COUNTRY = Place("country")
_COUNTRY_LABEL = {"fr": "toute la France", "en": "all of France"}
_ARRONDISSEMENT = " Arrondissement"


def parse(gazetteer: Gazetteer, text: str) -> Place | None:
    kind, _, code = text.strip().partition(":")
    code = code.strip().upper()
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


def label(gazetteer: Gazetteer, place: Place, lang: str) -> str:
    """Proper names are the same in both languages; the department tells namesakes apart."""
    if place.type == "country":
        return _COUNTRY_LABEL.get(lang, _COUNTRY_LABEL["fr"])
    if place.type == "commune" and (commune := gazetteer.commune(place.code)):
        return f"{short_name(commune)} ({commune.department})"
    if place.type == "department" and (department := gazetteer.department(place.code)):
        return f"{department.name} ({department.code})"
    if place.type == "region" and (region := gazetteer.region(place.code)):
        return region.name
    return place.code


def short_name(commune: Commune) -> str:
    """"Paris 12e" for Paris 12e Arrondissement."""  # fmt: skip
    return commune.name.removesuffix(_ARRONDISSEMENT) if commune.parent else commune.name


def ancestors(gazetteer: Gazetteer, place: Place) -> tuple[str, ...]:
    if place.type == "department" and (department := gazetteer.department(place.code)):
        return (f"region:{department.region}",)
    if place.type == "commune" and (commune := gazetteer.commune(place.code)):
        city = (f"commune:{commune.parent}",) if commune.parent else ()
        return (*city, f"department:{commune.department}", f"region:{commune.region}")
    if place.type == "postcode":
        communes = gazetteer.communes_of_postcode(place.code)
        departments = dict.fromkeys(f"department:{commune.department}" for commune in communes)
        regions = dict.fromkeys(f"region:{commune.region}" for commune in communes)
        return (*departments, *regions)
    return ()
