"""The catalogue's part for the embeddable widget, and for the page that makes its line.

`WIDGET_TEXTS` go to the browser as a module, with `{name}` for what varies; `BUILDER_TEXTS` stay on the server.
"""

from __future__ import annotations

from collections.abc import Mapping

from discovery.present.messages import FACET_TITLES

Texts = Mapping[str, Mapping[str, str]]

_WIDGET: Texts = {
    "landmark": {"fr": "Recherche de fournisseurs inclusifs", "en": "Search of inclusive suppliers"},
    "label": {"fr": "Votre besoin, avec vos mots", "en": "What you need, in your own words"},
    "hint": {"fr": "nettoyage à 30 km de Lyon", "en": "cleaning within 30 km of Lyon"},
    "search": {"fr": "Rechercher", "en": "Search"},
    "suggestions": {"fr": "Suggestions", "en": "Suggestions"},
    "total_none": {"fr": "Aucun fournisseur", "en": "No supplier"},
    "total_one": {"fr": "1 fournisseur", "en": "1 supplier"},
    "total_many": {"fr": "{count} fournisseurs", "en": "{count} suppliers"},
    "searching": {"fr": "Recherche en cours…", "en": "Searching…"},
    "results": {"fr": "Résultats", "en": "Results"},
    "chips": {"fr": "Ce qui est demandé", "en": "What is asked for"},
    "remove": {"fr": "Retirer\u00a0: {label}", "en": "Remove: {label}"},
    "clear": {"fr": "Tout effacer", "en": "Clear all"},
    "around": {"fr": "près de {label}", "en": "around {label}"},
    "within": {"fr": "à {label}", "en": "within {label}"},
    "did_you_mean": {"fr": "Vouliez-vous dire", "en": "Did you mean"},
    "question": {"fr": "\u202f?", "en": "?"},
    "relaxed": {
        "fr": "Aucune fiche ne dit tout cela. Voici les plus proches.",
        "en": "No profile says all of this. Here are the closest.",
    },
    "no_limit": {"fr": "toute distance", "en": "any distance"},
    "except": {"fr": "sauf {label}", "en": "except {label}"},
    "ignored": {"fr": "Ignoré\u00a0: {text}", "en": "Ignored: {text}"},
    "needs": {"fr": "Un métier à la fois", "en": "One trade at a time"},
    "unrecognised": {"fr": "Aucun métier reconnu", "en": "No trade recognised"},
    "offers": {"fr": "Préciser", "en": "Narrow down"},
    "filters": {"fr": "Filtres", "en": "Filters"},
    "more_values": {"fr": "Voir {count} autres", "en": "Show {count} more"},
    "more_sector": {"fr": "et 1 autre", "en": "and 1 more"},
    "more_sectors": {"fr": "et {count} autres", "en": "and {count} more"},
    "why": {"fr": "Pourquoi ce fournisseur", "en": "Why this supplier"},
    "activities": {"fr": "Activités et labels", "en": "Activities and certifications"},
    "approximate": {"fr": "adresse approchée", "en": "approximate address"},
    "more": {"fr": "Voir la suite ({shown} sur {count})", "en": "Show more ({shown} of {count})"},
    "full": {"fr": "Ouvrir cette recherche en grand", "en": "Open this search in full"},
    "views": {"fr": "Affichage", "en": "Display"},
    "list": {"fr": "Liste", "en": "List"},
    "map": {"fr": "Carte", "en": "Map"},
    "map_label": {"fr": "Carte des fournisseurs trouvés", "en": "Map of the suppliers found"},
    "map_loading": {"fr": "La carte se charge…", "en": "The map is loading…"},
    "map_failed": {
        "fr": "La carte n'a pas pu se charger. La liste montre les mêmes fournisseurs.",
        "en": "The map could not load. The list shows the same suppliers.",
    },
    "map_hint": {
        "fr": "Les flèches déplacent la carte, + et − la rapprochent et l'éloignent.",
        "en": "The arrow keys move the map, + and − zoom in and out.",
    },
    "zoom_in": {"fr": "Rapprocher", "en": "Zoom in"},
    "zoom_out": {"fr": "Éloigner", "en": "Zoom out"},
    "cluster": {"fr": "{count} fournisseurs ici\u00a0: rapprocher", "en": "{count} suppliers here: zoom in"},
    "outside": {"fr": "{count} hors de cette vue", "en": "{count} outside this view"},
    "unlocated": {"fr": "{count} sans adresse connue", "en": "{count} without a known address"},
    "empty": {
        "fr": "Aucun fournisseur ne répond à tout ce qui est demandé.",
        "en": "No supplier meets everything asked for.",
    },
    "ways_out": {"fr": "Essayez plutôt\u00a0:", "en": "Try instead:"},
    "empty_hint": {
        "fr": "Retirez un critère, ou dites votre besoin avec d'autres mots.",
        "en": "Remove a criterion, or say what you need in other words.",
    },
    "retry": {"fr": "Réessayer", "en": "Try again"},
    "trying_again": {"fr": "Nouvel essai dans un instant…", "en": "Trying again in a moment…"},
    "offline_title": {"fr": "Vous êtes hors ligne.", "en": "You are offline."},
    "offline_hint": {
        "fr": "La recherche reprendra d'elle-même au retour de la connexion.",
        "en": "The search will resume by itself once the connection is back.",
    },
    "unreachable_title": {
        "fr": "Le service de recherche est injoignable.",
        "en": "The search service can't be reached.",
    },
    "unreachable_hint": {
        "fr": "Vérifiez votre connexion, puis réessayez.",
        "en": "Check your connection, then try again.",
    },
    "limited_title": {"fr": "Trop de recherches en peu de temps.", "en": "Too many searches in a short time."},
    "limited_hint": {"fr": "Attendez un instant, puis réessayez.", "en": "Wait a moment, then try again."},
    "origin_title": {
        "fr": "Cette recherche n'est pas prévue pour ce site.",
        "en": "This search is not meant for this site.",
    },
    "origin_hint": {
        "fr": "Si vous tenez ce site, demandez une clé à son nom au service de recherche.",
        "en": "If this site is yours, ask the search service for a key in its name.",
    },
    "away_title": {"fr": "Le moteur de recherche ne répond pas.", "en": "The search engine is not answering."},
    "away_hint": {"fr": "Réessayez dans quelques instants.", "en": "Try again in a moment."},
    "failed_title": {"fr": "La recherche n'a pas pu se faire.", "en": "The search could not be made."},
    "failed_hint": {"fr": "Réessayez, ou changez les mots.", "en": "Try again, or change the words."},
}

WIDGET_TEXTS: Texts = {**_WIDGET, **{f"facet_{name}": titles for name, titles in FACET_TITLES.items()}}

BUILDER_TEXTS: Texts = {
    "title": {"fr": "La recherche dans votre site", "en": "The search in your own site"},
    "about": {
        "fr": "Choisissez ce que vos visiteurs trouveront, voyez le résultat, copiez la ligne dans votre page. "
        "Ni cookie, ni suivi, ni requête vers un autre service que celui-ci.",
        "en": "Choose what your visitors will find, see the result, copy the line into your page. "
        "No cookie, no tracking, no request to any service but this one.",
    },
    "what": {"fr": "Ce qui est trouvé", "en": "What is found"},
    "looks": {"fr": "Ce qui est montré", "en": "What is shown"},
    "any": {"fr": "Tous", "en": "All"},
    "anywhere": {"fr": "Sans limite", "en": "No limit"},
    "default": {"fr": "Par défaut", "en": "Default"},
    "whole_group": {"fr": "{label} – tout le groupe", "en": "{label} – the whole group"},
    "q": {"fr": "Mots de départ", "en": "Words to start with"},
    "near": {"fr": "Autour de", "en": "Around"},
    "near_hint": {"fr": "Ville, code postal", "en": "Town, post code"},
    "radius": {"fr": "Distance", "en": "Distance"},
    "kinds": {"fr": "Types de structure", "en": "Kinds of organisation"},
    "facets": {"fr": "Filtres proposés", "en": "Filters offered"},
    "view": {"fr": "Affichage", "en": "Display"},
    "view_list": {"fr": "La liste, la carte en un clic", "en": "The list, the map one click away"},
    "view_map": {"fr": "La carte, la liste en un clic", "en": "The map, the list one click away"},
    "view_list-only": {"fr": "La liste seule", "en": "The list alone"},
    "lang": {"fr": "Langue", "en": "Language"},
    "lang_auto": {"fr": "Celle de la page", "en": "The page's own"},
    "lang_fr": {"fr": "Français", "en": "French"},
    "lang_en": {"fr": "Anglais", "en": "English"},
    "per_page": {"fr": "Fournisseurs à la fois", "en": "Suppliers at a time"},
    "sync": {
        "fr": "La recherche s'inscrit dans l'adresse de votre page",
        "en": "The search shows in your page's address",
    },
    "key": {"fr": "Clé de votre site", "en": "Your site's key"},
    "key_hint": {
        "fr": "Facultative. Elle porte vos filtres permanents, vos limites, et les sites qui peuvent l'employer.",
        "en": "Optional. It carries your permanent filters, your limits, and the sites that may use it.",
    },
    "update": {"fr": "Mettre à jour", "en": "Update"},
    "line": {"fr": "La ligne à copier", "en": "The line to copy"},
    "line_hint": {
        "fr": "Collez-la là où la recherche doit paraître. Sans JavaScript, il reste un lien vers cette recherche.",
        "en": "Paste it where the search should appear. Without JavaScript, a link to this search remains.",
    },
    "pinned": {"fr": "Version figée, vérifiée par le navigateur", "en": "Pinned version, checked by the browser"},
    "pinned_hint": {
        "fr": "Elle ne change plus sans vous\u00a0: reprenez la ligne ici pour passer à une version suivante.",
        "en": "It never changes without you: take the line here again to move to a later version.",
    },
    "frame": {"fr": "Dans un cadre (iframe)", "en": "In a frame (iframe)"},
    "frame_hint": {
        "fr": "Pour les sites qui interdisent les scripts d'ailleurs. Il faut une clé, où votre site figure.",
        "en": "For sites that forbid scripts from elsewhere. It takes a key in which your site is named.",
    },
    "policy": {"fr": "Votre site a une politique CSP\u202f?", "en": "Does your site have a CSP?"},
    "policy_hint": {
        "fr": "Ajoutez ces adresses aux directives que vous avez.",
        "en": "Add these addresses to the directives you have.",
    },
    "copy": {"fr": "Copier", "en": "Copy"},
    "copied": {"fr": "Copié", "en": "Copied"},
    "preview": {"fr": "Aperçu", "en": "Preview"},
    "link": {"fr": "Chercher un fournisseur inclusif", "en": "Find an inclusive supplier"},
    "frame_title": {"fr": "Recherche de fournisseurs inclusifs", "en": "Search of inclusive suppliers"},
}
