"""The catalogue's part for what a search is changed by: suggestions, chips, filters, the length of a page."""

from __future__ import annotations

from collections.abc import Mapping

SEARCH_TEXTS: Mapping[str, Mapping[str, str]] = {
    "page.completions": {"fr": "Suggestions", "en": "Suggestions"},
    "page.completions_one": {"fr": "1 suggestion", "en": "1 suggestion"},
    "page.completions_many": {"fr": "{count} suggestions", "en": "{count} suggestions"},
    "page.searched": {"fr": "Recherché : {text}", "en": "Searched: {text}"},
    "page.ignored": {"fr": "Ignoré : {text}", "en": "Ignored: {text}"},
    "page.needs": {"fr": "Un métier à la fois", "en": "One trade at a time"},
    "page.unrecognised": {
        "fr": "Aucun métier de l'achat inclusif reconnu",
        "en": "No inclusive trade recognised",
    },
    "page.some_words": {
        "fr": "Cette phrase ne nomme aucun métier que nous connaissons. Voici des fiches qui contiennent certains de "
        "ces mots.",
        "en": "This phrase names no trade that we know. Here are profiles that contain some of these words.",
    },
    "page.change": {"fr": "Changer : {label}", "en": "Change: {label}"},
    "page.apply": {"fr": "Appliquer", "en": "Apply"},
    "page.coverage": {"fr": "Dans le lieu demandé", "en": "In the place asked for"},
    "page.coverage_located": {"fr": "Situés ici", "en": "Seated here"},
    "page.coverage_serves": {"fr": "Interviennent ici", "en": "Work here"},
    "page.coverage_presumed": {"fr": "Zone non confirmée", "en": "Area not confirmed"},
    "page.coverage_any": {"fr": "L'un ou l'autre", "en": "Either"},
    "page.national": {"fr": "Offres pour toute la France", "en": "Offers for all of France"},
    "page.national_include": {"fr": "Comprises", "en": "Included"},
    "page.national_exclude": {"fr": "Sans elles", "en": "Left out"},
    "page.national_only": {"fr": "Elles seules", "en": "Only these"},
    "page.sectors_of": {"fr": "Secteurs : {label}", "en": "Sectors: {label}"},
    "page.find_value": {"fr": "Chercher dans la liste : {label}", "en": "Search the list: {label}"},
    "page.sort_by": {"fr": "Tri : {label}", "en": "Sort: {label}"},
    "page.show_one": {"fr": "Afficher 1 résultat", "en": "Show 1 result"},
    "page.show_many": {"fr": "Afficher {count} résultats", "en": "Show {count} results"},
    "page.find": {"fr": "Chercher…", "en": "Search…"},
    "page.found_values": {"fr": "{count} dans la liste", "en": "{count} in the list"},
    "page.per_page": {"fr": "Par page", "en": "Per page"},
    "page.per_page_choice": {"fr": "{count} par page", "en": "{count} per page"},
}
