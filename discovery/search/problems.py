"""What can be wrong with a search, what is worth saying about it, and the words to say it in.

Codes are stable; `TEXTS` proposes French and English for each, so that API, command line and page share one
catalogue. A text is a `str.format` template over the message's `args`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from discovery.errors import DiscoveryError
from discovery.search.numbers import written

Args = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that can't be used. `choices`: valid values that come close, nearest first."""

    parameter: str
    value: str
    code: str
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: the search is answered, but not quite as asked, or with a choice made for the user."""

    code: str
    parameter: str = ""
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


MALFORMED = frozenset({"not_a_number", "not_a_whole_number", "not_a_switch", "not_a_box", "given_twice"})
"""Codes of parameters that can't be read at all; the others are read, but can't be meant."""


class InvalidQuery(DiscoveryError):
    """The parameters can't be answered; `problems` lists all of them at once.

    `status`: 400 as soon as one can't even be read, else 422.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        self.status = 400 if any(one.code in MALFORMED for one in problems) else 422
        super().__init__("; ".join(f"{one.parameter}={one.value}: {one.code}" for one in problems))


def text(code: str, args: Args | None = None, lang: str = "fr") -> str:
    """A code of `TEXTS` in a language; numbers are written as that language writes them."""
    return TEXTS[code][lang].format(**{name: written(value, lang) for name, value in (args or {}).items()})


TEXTS: Mapping[str, Mapping[str, str]] = {
    # Problems
    "q_too_long": {
        "fr": "La recherche compte {length} caractères : {limit} au plus. Raccourcissez-la.",
        "en": "The search has {length} characters: {limit} at most. Shorten it.",
    },
    "unknown_value": {
        "fr": "« {value} » n'existe pas. Choisissez l'une des valeurs proposées, ou retirez ce critère.",
        "en": "“{value}” does not exist. Choose one of the suggested values, or remove this filter.",
    },
    "unknown_code": {
        "fr": "« {value} » n'est pas un code de l'annuaire. Par exemple : {example}.",
        "en": "“{value}” is no code of the directory. For instance: {example}.",
    },
    "code_without_trade": {
        "fr": "« {label} » : aucun fournisseur inclusif ne le propose. Retirez ce code, ou décrivez le besoin avec des "
        "mots.",
        "en": "“{label}”: no inclusive supplier does this. Remove this code, or describe the need in words.",
    },
    "out_of_scope": {
        "fr": "« {label} » est hors du périmètre ouvert à ce jour : {scope}. Choisissez l'une des valeurs proposées, "
        "ou retirez ce critère.",
        "en": "“{label}” is outside of what is open so far: {scope}. Choose one of the suggested values, or remove "
        "this filter.",
    },
    "unknown_place": {
        "fr": "Lieu inconnu : « {value} ». Donnez une commune, un code postal, un département ou une région.",
        "en": "Unknown place: “{value}”. Give a commune, a post code, a department or a region.",
    },
    "country_excluded": {
        "fr": "Exclure toute la France ne laisserait personne : nommez une commune, un département ou une région.",
        "en": "Excluding all of France would leave nobody: name a commune, a department or a region.",
    },
    "place_is_no_centre": {
        "fr": "{label} n'a pas de centre : cherchez « dans » ce territoire (place), ou près d'une commune (near).",
        "en": "{label} has no centre: search “in” it (place), or near a commune (near).",
    },
    "two_centres": {
        "fr": "Deux centres sont donnés : gardez « near », ou « lat » et « lon ».",
        "en": "Two centres are given: keep “near”, or “lat” and “lon”.",
    },
    "half_a_point": {
        "fr": "Un point demande « lat » et « lon » ensemble.",
        "en": "A point needs both “lat” and “lon”.",
    },
    "latitude_range": {
        "fr": "La latitude va de -90 à 90 degrés.",
        "en": "Latitude goes from -90 to 90 degrees.",
    },
    "longitude_range": {
        "fr": "La longitude va de -180 à 180 degrés.",
        "en": "Longitude goes from -180 to 180 degrees.",
    },
    "radius_range": {
        "fr": "Le rayon va de {minimum} à {maximum} km.",
        "en": "The radius goes from {minimum} to {maximum} km.",
    },
    "radius_without_centre": {
        "fr": "Un rayon demande un centre : ajoutez une commune, un code postal ou un point.",
        "en": "A radius needs a centre: add a commune, a post code or a point.",
    },
    "radius_needs_commune": {
        "fr": "Un rayon se trace autour d'une commune ou d'un point, pas d'un département, d'une région ou du pays : "
        "retirez-le, ou nommez une commune.",
        "en": "A radius is drawn around a commune or a point, not around a department, a region or the country: "
        "remove it, or name a commune.",
    },
    "box_range": {
        "fr": "Le cadre se donne en degrés : ouest, sud, est, nord (longitudes de -180 à 180, latitudes de -90 à 90).",
        "en": "The box is in degrees: west, south, east, north (longitudes -180 to 180, latitudes -90 to 90).",
    },
    "box_upside_down": {
        "fr": "Le sud du cadre est au-dessus de son nord : l'ordre est ouest, sud, est, nord.",
        "en": "The box's south is above its north: the order is west, south, east, north.",
    },
    "sort_needs_centre": {
        "fr": "Trier par distance demande un centre : ajoutez une commune, un code postal ou un point.",
        "en": "Sorting by distance needs a centre: add a commune, a post code or a point.",
    },
    "page_range": {
        "fr": "Les pages commencent à 1.",
        "en": "Pages start at 1.",
    },
    "per_page_range": {
        "fr": "De {minimum} à {maximum} résultats par page.",
        "en": "From {minimum} to {maximum} results a page.",
    },
    "too_deep": {
        "fr": "On peut parcourir {limit} résultats, pas au-delà : affinez la recherche, ou exportez-la.",
        "en": "{limit} results can be paged through, no more: narrow the search, or export it.",
    },
    "cursor_needs_sort": {
        "fr": "Un curseur parcourt les tris par id, name, updated, listed ou distance : le classement par pertinence "
        "peut changer d'une page à l'autre. Ajoutez l'un de ces tris (sort), ou employez « page ».",
        "en": "A cursor walks the sorts id, name, updated, listed or distance: relevance may change from one page to "
        "the next. Add one of these sorts, or use “page”.",
    },
    "cursor_with_page": {
        "fr": "Un curseur remplace « page » : retirez l'un des deux.",
        "en": "A cursor replaces “page”: remove one of the two.",
    },
    "cursor_of_another": {
        "fr": "Ce curseur est celui d'une autre recherche : gardez les mêmes critères d'une page à l'autre, ou "
        "recommencez sans curseur.",
        "en": "This cursor is another search's: keep the same parameters from page to page, or start again without it.",
    },
    "zoom_range": {
        "fr": "Le zoom va de {minimum} à {maximum}.",
        "en": "The zoom goes from {minimum} to {maximum}.",
    },
    # Notices
    "launch_scope": {
        "fr": "Ce service est ouvert à une partie des fournisseurs : {label}. Les autres n'y figurent pas encore.",
        "en": "This service is open to a part of the suppliers: {label}. The others are not listed yet.",
    },
    "place_out_of_scope": {
        "fr": "{label} est hors du périmètre ouvert à ce jour ({scope}) : seuls des fournisseurs de ce périmètre qui "
        "s'y déplacent peuvent être trouvés.",
        "en": "{label} is outside of what is open so far ({scope}): only suppliers within it who also work there can "
        "be found.",
    },
    "sector_out_of_scope": {
        "fr": "« {label} » est hors du périmètre ouvert à ce jour ({scope}) : ces mots ne sont cherchés que chez les "
        "fournisseurs de ce périmètre.",
        "en": "“{label}” is outside of what is open so far ({scope}): these words are only searched among the "
        "suppliers within it.",
    },
    "unknown_parameter": {
        "fr": "Paramètre inconnu, ignoré : « {parameter} ».",
        "en": "Unknown parameter, ignored: “{parameter}”.",
    },
    "radius_ignored": {
        "fr": "Le rayon de {radius} km est ignoré : il se trace autour d'une commune, pas d'un territoire.",
        "en": "The radius of {radius} km is ignored: it is drawn around a commune, not a territory.",
    },
    "one_focus": {
        "fr": "Un seul point de départ est possible : {label}.",
        "en": "Only one starting point is possible: {label}.",
    },
    "ambiguous_place": {
        "fr": "Plusieurs lieux portent ce nom : {label} a été retenu.",
        "en": "Several places bear this name: {label} was chosen.",
    },
    "corrected_place": {
        "fr": "« {value} » est inconnu : {label} a été retenu.",
        "en": "“{value}” is unknown: {label} was chosen.",
    },
    "approximate_commune": {
        "fr": "La commune de ce point est estimée : {label}.",
        "en": "The commune of this point is an estimate: {label}.",
    },
    "no_point": {
        "fr": "La position de {label} n'est pas connue : ni distance ni rayon.",
        "en": "The position of {label} is not known: no distance, no radius.",
    },
    "only_common_words": {
        "fr": "« {text} » ne contient que des mots trop courants pour être cherchés.",
        "en": "“{text}” holds only words too common to be searched.",
    },
    "unmet_as_kinds": {
        "fr": "Aucune fiche ne précise ce type de service : « {text} » est cherché par type de structure, {labels}.",
        "en": "No profile states this type of service: “{text}” is searched by kind of organisation, {labels}.",
    },
    "unmet_as_words": {
        "fr": "Aucune fiche n'indique « {label} » : « {text} » est cherché comme un mot.",
        "en": "No profile states “{label}”: “{text}” is searched as a word.",
    },
    # Notes of the phrase's reading: `phrase_` + the note's code
    "phrase_street": {
        "fr": "« {text} » : le point de cette adresse n'est pas connu, seule sa commune compte.",
        "en": "“{text}”: the point of this address is not known, only its commune counts.",
    },
    "phrase_radius_repeated": {
        "fr": "Deux distances sont données : « {text} » est ignoré, la dernière compte.",
        "en": "Two distances are given: “{text}” is ignored, the last one counts.",
    },
    "phrase_radius_approximate": {
        "fr": "« {text} » : distance estimée d'après le temps de trajet, à vol d'oiseau.",
        "en": "“{text}”: the distance is estimated from the travel time, as the crow flies.",
    },
    "phrase_code_unknown": {
        "fr": "« {text} » : ce code ne mène à aucun secteur de l'annuaire.",
        "en": "“{text}”: this code leads to no sector of the directory.",
    },
    "phrase_negation_unknown": {
        "fr": "« {text} » : exclusion non comprise, elle n'a pas été prise en compte.",
        "en": "“{text}”: this exclusion was not understood, and was left out.",
    },
    "phrase_outside_trade": {
        "fr": "« {text} » : aucun fournisseur inclusif ne le propose.",
        "en": "“{text}”: no inclusive supplier does this.",
    },
    "phrase_outside_likely": {
        "fr": "Aucun métier inclusif reconnu : cela ressemble à ce que ces fournisseurs ne proposent pas ({text}).",
        "en": "No inclusive trade recognised: this looks like what these suppliers don't do ({text}).",
    },
    "phrase_radius_range": {
        "fr": "« {text} » sort des limites : un rayon va de 1 à 500 km.",
        "en": "“{text}” is out of range: a radius goes from 1 to 500 km.",
    },
    # Headings of the nearest suppliers, when nobody is at the place asked
    "nobody_in": {"fr": "Personne {where}. Les plus proches :", "en": "Nobody in {where}. The nearest:"},
    "nobody_within": {
        "fr": "Personne à {radius} km ou moins {of}. Les plus proches :",
        "en": "Nobody within {radius} km of {of}. The nearest:",
    },
    "nobody_within_point": {
        "fr": "Personne à {radius} km ou moins. Les plus proches :",
        "en": "Nobody within {radius} km. The nearest:",
    },
    "nobody_there": {
        "fr": "Personne dans les lieux demandés. Les plus proches :",
        "en": "Nobody in the places asked for. The nearest:",
    },
    # Suggestions
    "suggest_radius": {"fr": "{count} à {radius} km", "en": "{count} within {radius} km"},
    "suggest_without": {"fr": "{count} sans {label}", "en": "{count} without {label}"},
    "suggest_with": {"fr": "{count} avec {label}", "en": "{count} with {label}"},
    "suggest_presumed": {
        "fr": "{count} en comptant les zones d'intervention non confirmées",
        "en": "{count} including unconfirmed areas",
    },
    "suggest_coverage": {
        "fr": "{count} en comptant ceux qui interviennent sur place",
        "en": "{count} including those who serve the place",
    },
    "suggest_national": {
        "fr": "{count} sans exiger une intervention nationale",
        "en": "{count} without requiring a national service",
    },
    "suggest_national_included": {
        "fr": "{count} en comptant les fournisseurs nationaux",
        "en": "{count} including national suppliers",
    },
    "suggest_wider_place": {"fr": "{count} : {label}", "en": "{count}: {label}"},
    "suggest_everywhere": {"fr": "{count} sans limite de lieu", "en": "{count} anywhere"},
    "suggest_without_box": {"fr": "{count} hors du cadre de la carte", "en": "{count} beyond the map's frame"},
    # Values of the facets that no vocabulary names
    "coverage_located": {"fr": "Implanté sur place", "en": "Based there"},
    "coverage_serves": {"fr": "Intervient sur place", "en": "Works there"},
    "coverage_presumed": {"fr": "Zone d'intervention non confirmée", "en": "Service area not confirmed"},
    "coverage_any": {"fr": "Implanté ou intervenant", "en": "Based or works there"},
    "national_include": {"fr": "Fournisseurs nationaux compris", "en": "National suppliers included"},
    "national_exclude": {"fr": "Sans les fournisseurs nationaux", "en": "Without national suppliers"},
    "national_only": {"fr": "Fournisseurs nationaux seulement", "en": "National suppliers only"},
    # Reasons of a hit
    "why_in_town": {"fr": "{where}", "en": "in {where}"},
    "why_distance": {"fr": "à {distance} km {of}", "en": "{distance} km from {of}"},
    "why_distance_point": {"fr": "à {distance} km", "en": "{distance} km away"},
    "why_seated": {"fr": "situé {where}", "en": "based in {where}"},
    "why_serves": {"fr": "intervient {where}", "en": "works in {where}"},
    "why_serves_radius": {
        "fr": "se déplace jusqu'à {radius} km",
        "en": "travels up to {radius} km",
    },
    "why_presumed": {"fr": "zone d'intervention non confirmée", "en": "area not confirmed"},
    "why_offers": {"fr": "propose : {labels}", "en": "offers: {labels}"},
    "why_certified": {"fr": "certifié {labels}", "en": "certified {labels}"},
    "why_network": {"fr": "membre de {labels}", "en": "member of {labels}"},
    "why_registered": {
        "fr": "code d'activité (APE) : {label}",
        "en": "registered activity: {label}",
    },
    "why_contract": {"fr": "marché remporté : {words}{told}", "en": "contract won: {words}{told}"},
    "why_job": {"fr": "recrute pour ce métier : {words}{told}", "en": "hires for this trade: {words}{told}"},
    "why_told": {"fr": " (d'après {source}, {date})", "en": " (from {source}, {date})"},
    "why_told_source": {"fr": " (d'après {source})", "en": " (from {source})"},
    "why_told_date": {"fr": " ({date})", "en": " ({date})"},
    "why_words": {"fr": "mentionne : {labels}", "en": "mentions: {labels}"},
}
