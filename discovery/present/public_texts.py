"""The catalogue's part for the pages that are no search: kinds explained, what search engines show of a page."""

from __future__ import annotations

from collections.abc import Mapping

PUBLIC_TEXTS: Mapping[str, Mapping[str, str]] = {
    "page.kinds": {"fr": "Les types de fournisseurs", "en": "Kinds of supplier"},
    "page.kinds_summary": {
        "fr": "ESAT, EA, EI, ACI, AI, ETTI… : ce que sont les fournisseurs inclusifs, et ce qu'un acheteur obtient de "
        "chacun.",
        "en": "ESAT, EA, EI, ACI, AI, ETTI…: what inclusive suppliers are, and what a buyer gets from each.",
    },
    "page.kinds_lead": {
        "fr": "Ce que disent les sigles, et ce que vous obtenez de chacun.",
        "en": "What the acronyms stand for, and what you get from each.",
    },
    "page.kinds_insertion": {
        "fr": "Des structures qui mettent ou remettent au travail des personnes éloignées de l'emploi.",
        "en": "Organisations that bring people far from employment to work, or back to it.",
    },
    "page.kinds_handicap": {
        "fr": "Des structures qui emploient ou accueillent des personnes en situation de handicap.",
        "en": "Organisations that employ or host disabled people.",
    },
    "page.kinds_see": {"fr": "Voir les fournisseurs", "en": "See the suppliers"},
    "page.kinds_clause": {
        "fr": "Compte pour la clause sociale d'un marché public.",
        "en": "Counts towards the social clause of a public contract.",
    },
    "page.kinds_more": {"fr": "Tous les types expliqués", "en": "All kinds explained"},
    "page.reserved": {"fr": "Réserver un marché ou un lot", "en": "Reserving a contract or a lot"},
    "page.reserved_law": {
        "fr": "Le code de la commande publique permet de réserver un marché, ou un lot, aux structures du handicap "
        "(article L2113-12), à celles de l'insertion par l'activité économique (L2113-13) ou au travail en détention "
        "(L2113-13-1). Les GEIQ n'en font pas partie.",
        "en": "French public procurement law lets a contract, or a lot of it, be reserved for organisations of "
        "disability (article L2113-12), of work integration (L2113-13) or for work in prison (L2113-13-1). GEIQs are "
        "not among them.",
    },
    "page.reserved_how": {
        "fr": "Avant de réserver, montrez que des fournisseurs existent : une recherche donne une fiche de sourcing à "
        "joindre au dossier.",
        "en": "Before reserving, show that suppliers exist: any search gives a sourcing sheet for the file.",
    },
    "page.figures_summary": {
        "fr": "Combien de fournisseurs inclusifs, de quels types, dans quels métiers et quels départements ; et où il "
        "en manque.",
        "en": "How many inclusive suppliers, of what kinds, in which trades and departments; and where some lack.",
    },
    "page.searches": {"fr": "Ce qui est cherché", "en": "What is searched"},
    "page.searches_count": {"fr": "recherches", "en": "searches"},
    "page.searches_zero": {"fr": "sans résultat", "en": "found nothing"},
    "page.searches_none": {"fr": "Aucune recherche comptée pour l'instant.", "en": "No search counted yet."},
    "page.searches_hint": {
        "fr": "Sur {days} jours ; choisir un filtre compte pour une recherche de plus. Une demande n'est montrée que "
        "si elle a été faite au moins {times} fois, sur {least} jours au moins, et trouve des fournisseurs ; une "
        "phrase, que si plusieurs visiteurs l'ont cherchée le même jour. Rien ne dit qui l'a faite. Les mêmes "
        "chiffres en",
        "en": "Over {days} days; choosing a filter counts as one more search. A request is shown only when it was made "
        "{times} times or more, on {least} days or more, and finds suppliers; a phrase only when several "
        "visitors searched it on one day. Nothing tells who made it. The same figures as",
    },
    "page.searches_phrase": {"fr": "Demandes les plus faites", "en": "Most frequent requests"},
    "page.searches_sector": {"fr": "Métiers les plus demandés", "en": "Trades most asked for"},
    "page.searches_kind": {"fr": "Types les plus demandés", "en": "Kinds most asked for"},
    "page.searches_place": {"fr": "Lieux les plus demandés", "en": "Places most asked for"},
    "page.search_summary": {
        "fr": "{heading} pour « {q} » parmi les ESAT, entreprises adaptées et structures d'insertion de France.",
        "en": "{heading} for “{q}” among the sheltered workshops, adapted companies and work integration "
        "organisations of France.",
    },
    "page.landing": {"fr": "{sector} : {heading} inclusifs", "en": "{sector}: {heading}, all inclusive"},
    "page.landing_summary": {
        "fr": "{sector} : {heading} parmi les ESAT, entreprises adaptées et structures d'insertion, avec leurs zones "
        "d'intervention.",
        "en": "{sector}: {heading} among sheltered workshops, adapted companies and work integration organisations, "
        "with the areas they serve.",
    },
}
