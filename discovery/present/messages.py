"""The catalogue: every message that users read, French first, English complete.

The words of the search itself (problems, notices, suggestions, reasons) are proposed by `discovery.search.problems`
beside the codes they explain; the rest is here. A message is a `str.format` template.
"""

from __future__ import annotations

from collections.abc import Mapping

from discovery.config.vocabulary import LANGS, Lang
from discovery.present.needs_texts import NEEDS_TEXTS
from discovery.search.numbers import written
from discovery.search.problems import TEXTS, Args

_PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "not_a_number": {
        "fr": "« {value} » n'est pas un nombre. Écrivez-le en chiffres, avec un point pour les décimales : 45.76.",
        "en": "“{value}” is not a number. Write it in digits, with a point for decimals: 45.76.",
    },
    "not_a_whole_number": {
        "fr": "« {value} » n'est pas un nombre entier. Écrivez-le en chiffres : 2.",
        "en": "“{value}” is not a whole number. Write it in digits: 2.",
    },
    "not_a_switch": {
        "fr": "« {value} » n'est ni vrai ni faux. Écrivez « true » ou « false ».",
        "en": "“{value}” is neither true nor false. Write “true” or “false”.",
    },
    "not_a_box": {
        "fr": "« {value} » n'est pas un cadre. Écrivez quatre nombres séparés par des virgules : ouest,sud,est,nord, "
        "en degrés.",
        "en": "“{value}” is not a box. Write four numbers separated by commas: west,south,east,north, in degrees.",
    },
    "given_twice": {
        "fr": "« {parameter} » est donné plusieurs fois, avec des valeurs différentes. Gardez-en une.",
        "en": "“{parameter}” is given several times, with different values. Keep one.",
    },
    "too_many_values": {
        "fr": "{count} valeurs sont données : {limit} au plus. Retirez-en, ou choisissez un groupe.",
        "en": "{count} values are given: {limit} at most. Remove some, or choose a group.",
    },
    "id_missing": {
        "fr": "Donnez l'identifiant d'un fournisseur : « id » d'un résultat de /api/v1/search.",
        "en": "Give a supplier's identifier: the “id” of a result of /api/v1/search.",
    },
    "export_sheet": {"fr": "Fournisseurs", "en": "Suppliers"},
    "export_file": {"fr": "fournisseurs-inclusifs", "en": "inclusive-suppliers"},
    "export_chosen": {"fr": "selection-fournisseurs-inclusifs", "en": "shortlist-inclusive-suppliers"},
    "export_not_listed": {"fr": "N'est plus référencé", "en": "No longer listed"},
    "not_with_ids": {
        "fr": "Ce critère ne va pas avec « id », qui nomme déjà les fournisseurs : gardez l'un ou l'autre.",
        "en": "This filter does not go with “id”, which names the suppliers already: keep one or the other.",
    },
    "export_truncated": {
        "fr": "Seuls les {limit} premiers fournisseurs sur {total} sont dans ce fichier : affinez la recherche.",
        "en": "Only the first {limit} suppliers of {total} are in this file: narrow the search.",
    },
    "limit_range": {
        "fr": "De {minimum} à {maximum} suggestions.",
        "en": "From {minimum} to {maximum} suggestions.",
    },
    "unknown_cursor": {
        "fr": "Ce curseur n'est pas valable. Recommencez sans lui, puis suivez le lien « next » de chaque réponse.",
        "en": "This cursor is not valid. Start again without it, then follow the “next” link of each answer.",
    },
    "siret_missing": {
        "fr": "Donnez un SIRET (14 chiffres) ou un SIREN (9 chiffres) : /api/v1/suppliers?siret=…",
        "en": "Give a SIRET (14 digits) or a SIREN (9 digits): /api/v1/suppliers?siret=…",
    },
    "not_a_siret": {
        "fr": "« {value} » n'est ni un SIRET (14 chiffres) ni un SIREN (9 chiffres).",
        "en": "“{value}” is neither a SIRET (14 digits) nor a SIREN (9 digits).",
    },
    "did_you_mean_parameter": {
        "fr": "Vouliez-vous dire « {parameter} » ?",
        "en": "Did you mean “{parameter}”?",
    },
}

_HTTP: Mapping[str, Mapping[str, str]] = {
    # A title says what is wrong; the detail what to do.
    "malformed_title": {"fr": "Paramètres illisibles", "en": "Unreadable parameters"},
    "malformed_detail": {
        "fr": "Des paramètres n'ont pas la forme attendue : corrigez ceux qui sont listés.",
        "en": "Some parameters do not have the expected form: correct those listed.",
    },
    "invalid_title": {"fr": "Paramètres non valables", "en": "Invalid parameters"},
    "invalid_detail": {
        "fr": "La requête n'a pas été traitée : corrigez ou retirez les paramètres listés.",
        "en": "The request was not answered: correct or remove the parameters listed.",
    },
    "bad_request_title": {"fr": "Requête illisible", "en": "Unreadable request"},
    "bad_request_detail": {
        "fr": "La requête n'est pas de la forme attendue. La documentation est à /api/docs.",
        "en": "The request does not have the expected form. The documentation is at /api/docs.",
    },
    "unknown_key_title": {"fr": "Clé inconnue", "en": "Unknown key"},
    "unknown_key_detail": {
        "fr": "Cette clé n'existe pas, ou a été révoquée. Demandez-en une à qui tient ce service, ou retirez « key ».",
        "en": "This key does not exist, or was revoked. Ask whoever runs this service for one, or remove “key”.",
    },
    "token_needed_title": {"fr": "Page des analystes", "en": "The analysts' page"},
    "token_needed_detail": {
        "fr": "Donnez comme mot de passe le jeton que fixe DISCOVERY_RELEVANCE_TOKEN ; le nom est libre.",
        "en": "Give the token set by DISCOVERY_RELEVANCE_TOKEN as the password; any user name will do.",
    },
    "wrong_host_title": {"fr": "Nom d’hôte inattendu", "en": "Unexpected host name"},
    "wrong_host_detail": {
        "fr": "Le service ne répond pas sous ce nom. Vérifiez l’adresse ; si elle est bonne, l’exploitant l’ajoute à "
        "DISCOVERY_TRUSTED_HOSTS.",
        "en": "The service does not answer under this name. Check the address; if it is right, whoever runs the "
        "service adds it to DISCOVERY_TRUSTED_HOSTS.",
    },
    "wrong_origin_title": {"fr": "Site non prévu pour cette clé", "en": "Not a site of this key"},
    "wrong_origin_detail": {
        "fr": "Cette clé ne sert pas aux pages de « {origin} ». Faites ajouter ce site à la clé, ou demandez-en une "
        "autre.",
        "en": "This key is not for pages of “{origin}”. Have this site added to the key, or ask for another one.",
    },
    "metrics_closed_title": {"fr": "Mesures réservées", "en": "Metrics are not public"},
    "metrics_closed_detail": {
        "fr": "Lisez-les depuis la machine du service, ou avec « Authorization: Bearer » et DISCOVERY_METRICS_TOKEN.",
        "en": "Read them from the service's machine, or with “Authorization: Bearer” and DISCOVERY_METRICS_TOKEN.",
    },
    "too_many_title": {"fr": "Trop de requêtes", "en": "Too many requests"},
    "too_many_detail": {
        "fr": "{limit} requêtes par {seconds} secondes sont permises ici. Réessayez dans {wait} secondes.",
        "en": "{limit} requests every {seconds} seconds are allowed here. Try again in {wait} seconds.",
    },
    "too_heavy_title": {"fr": "Trop de calcul", "en": "Too much work"},
    "too_heavy_detail": {
        "fr": "{limit} secondes de calcul par {seconds} secondes sont permises ici. Réessayez dans {wait} secondes.",
        "en": "{limit} seconds of computing every {seconds} seconds are allowed here. Try again in {wait} seconds.",
    },
    "one_at_a_time_title": {"fr": "Un fichier à la fois", "en": "One file at a time"},
    "one_at_a_time_detail": {
        "fr": "Un fichier est déjà en préparation pour votre adresse. Réessayez dans {wait} secondes.",
        "en": "A file is already being prepared for your address. Try again in {wait} seconds.",
    },
    "not_found_title": {"fr": "Adresse inconnue", "en": "Unknown address"},
    "not_found_detail": {
        "fr": "Rien ne se trouve à cette adresse. Les adresses de l'API sont décrites à /api/docs.",
        "en": "There is nothing at this address. The API's addresses are described at /api/docs.",
    },
    "supplier_not_found_title": {"fr": "Fournisseur inconnu", "en": "Unknown supplier"},
    "supplier_not_found_detail": {
        "fr": "Aucun fournisseur n'a l'identifiant « {id} ». Cherchez-le par son nom ou son SIRET.",
        "en": "No supplier has the identifier “{id}”. Search for its name or its SIRET.",
    },
    "not_open_title": {"fr": "Fournisseur hors du périmètre", "en": "Supplier not open yet"},
    "not_open_detail": {
        "fr": "Ce fournisseur est hors du périmètre ouvert à ce jour : {scope}. Cherchez-en un autre qui en soit.",
        "en": "This supplier is outside of what is open so far: {scope}. Search for another one within it.",
    },
    "gone_title": {"fr": "Fournisseur retiré", "en": "Supplier withdrawn"},
    "gone_detail": {
        "fr": "Ce fournisseur n'est plus référencé. Retirez ce lien, ou cherchez-en un autre.",
        "en": "This supplier is no longer listed. Remove this link, or search for another one.",
    },
    "method_not_allowed_title": {"fr": "Méthode refusée", "en": "Method not allowed"},
    "method_not_allowed_detail": {
        "fr": "Cette adresse se lit seulement : employez {allowed}.",
        "en": "This address can only be read: use {allowed}.",
    },
    "too_large_title": {"fr": "Corps trop long", "en": "Body too large"},
    "too_large_detail": {
        "fr": "Le service n'attend aucun corps de requête : mettez les paramètres dans l'adresse.",
        "en": "The service expects no request body: put the parameters in the address.",
    },
    "too_long_title": {"fr": "Adresse trop longue", "en": "Address too long"},
    "too_long_detail": {
        "fr": "L'adresse compte {length} caractères : {limit} au plus. Retirez des valeurs.",
        "en": "The address has {length} characters: {limit} at most. Remove values.",
    },
    "unsupported_title": {"fr": "Type de contenu non reconnu", "en": "Content of an unknown type"},
    "unsupported_detail": {
        "fr": "Envoyez l'un de ces types, dit par Content-Type : {accepted}.",
        "en": "Send one of these types, told by Content-Type: {accepted}.",
    },
    "overloaded_title": {"fr": "Trop de monde à la fois", "en": "Too many at once"},
    "overloaded_detail": {
        "fr": "Le service est au bout de ses forces. Réessayez dans {wait} seconde(s).",
        "en": "The service is at its limit. Try again in {wait} second(s).",
    },
    "unavailable_title": {"fr": "Recherche indisponible", "en": "Search unavailable"},
    "unavailable_detail": {
        "fr": "Le moteur de recherche ne répond pas pour l'instant. Réessayez dans quelques secondes.",
        "en": "The search engine is not answering right now. Try again in a few seconds.",
    },
    "not_ready_title": {"fr": "Service pas encore prêt", "en": "Service not ready yet"},
    "not_ready_detail": {
        "fr": "Aucun index ne peut servir, et la recherche ne répond pas. Cause et remède : {reason}",
        "en": "No index can serve, so the search does not answer. Cause and remedy: {reason}",
    },
    "internal_title": {"fr": "Erreur du service", "en": "Service error"},
    "internal_detail": {
        "fr": "Le service a rencontré une erreur, qui est journalisée. Signalez-la avec ce numéro : {request_id}",
        "en": "The service met an error, which is logged. Report it with this number: {request_id}",
    },
    "refused_title": {"fr": "Requête refusée", "en": "Request refused"},
    "refused_detail": {
        "fr": "Le service ne peut pas répondre à cette requête ({status}). La documentation est à /api/docs.",
        "en": "The service cannot answer this request ({status}). The documentation is at /api/docs.",
    },
    "home_link": {"fr": "Revenir à la recherche", "en": "Back to the search"},
}

_COMMAND: Mapping[str, Mapping[str, str]] = {
    "cli_understood": {"fr": "Compris", "en": "Understood"},
    "cli_words": {"fr": "mots", "en": "words"},
    "cli_all": {"fr": "tous les fournisseurs", "en": "all suppliers"},
    "cli_total": {"fr": "{count} fournisseurs", "en": "{count} suppliers"},
    "cli_total_one": {"fr": "1 fournisseur", "en": "1 supplier"},
    "cli_total_none": {"fr": "Aucun fournisseur", "en": "No supplier"},
    "cli_shown": {"fr": "{first} à {last} affichés", "en": "{first} to {last} shown"},
    "cli_relaxed": {
        "fr": "Aucune fiche ne dit tout cela. Voici celles qui s'en approchent.",
        "en": "No profile says all of this. Here are those that come close.",
    },
    "cli_unrecognised": {
        "fr": "Aucun métier de l'achat inclusif reconnu dans cette phrase.",
        "en": "No inclusive trade recognised in this phrase.",
    },
    "cli_some_words": {
        "fr": "Fiches qui contiennent certains de ces mots :",
        "en": "Profiles that contain some of these words:",
    },
    "cli_ignored": {"fr": "Ignoré : {text}", "en": "Ignored: {text}"},
    "cli_needs": {"fr": "Un métier à la fois : {text}", "en": "One trade at a time: {text}"},
    "circle_chosen": {"fr": "à {radius} km (choisi pour vous)", "en": "within {radius} km (chosen for you)"},
    "cli_wider": {"fr": "Plus loin : {text}", "en": "Farther: {text}"},
    "cli_except": {"fr": "sauf {label}", "en": "except {label}"},
    "cli_did_you_mean": {"fr": "Vouliez-vous dire « {text} » ?", "en": "Did you mean “{text}”?"},
    "cli_offer": {"fr": "Filtre possible : {label} ({count})", "en": "Possible filter: {label} ({count})"},
    "cli_suggestion": {"fr": "Essayez : {label}", "en": "Try: {label}"},
    "cli_warning": {"fr": "Attention : {message}", "en": "Warning: {message}"},
    "cli_facets": {"fr": "Répartition", "en": "Breakdown"},
    "explain_score": {
        "fr": "score {score} = {base} + paliers {tiers} + mots {text} + {signals}",
        "en": "score {score} = {base} + tiers {tiers} + words {text} + {signals}",
    },
    "explain_rank": {"fr": "rang {rank}", "en": "rank {rank}"},
    "explain_best": {"fr": "le meilleur champ", "en": "the best field"},
    "explain_others": {"fr": "les autres comptent pour {tie_breaker}", "en": "the others count for {tie_breaker}"},
    "explain_no_field": {"fr": "dans aucun champ", "en": "in no field"},
    "explain_at_most": {"fr": "sur {weight} au plus", "en": "of {weight} at most"},
    "explain_factor": {
        "fr": "{name} : × {factor}",
        "en": "{name}: × {factor}",
    },
    "explain_not_found": {
        "fr": "Cette phrase ne le trouve pas. Ce qui l'écarte : {parts}.",
        "en": "This phrase does not find it. What keeps it out: {parts}.",
    },
    "explain_together": {"fr": "les critères pris ensemble", "en": "the filters taken together"},
    "explain_part_score": {"fr": "score", "en": "score"},
    "explain_part_text": {"fr": "les mots", "en": "the words"},
    "explain_part_base": {"fr": "ce que chacun a", "en": "what everyone has"},
    "explain_part_total": {"fr": "en tout", "en": "in all"},
    "explain_ranked": {"fr": "{name} arrive au rang {rank} : {why}.", "en": "{name} comes {rank} in order: {why}."},
    "explain_ranked_bare": {"fr": "{name} arrive au rang {rank}.", "en": "{name} comes {rank} in order."},
    "explain_far": {
        "fr": "{name} arrive après les 10 000 premiers : {why}.",
        "en": "{name} comes after the first 10,000: {why}.",
    },
    "explain_far_bare": {
        "fr": "{name} arrive après les 10 000 premiers.",
        "en": "{name} comes after the first 10,000.",
    },
    "explain_absent": {
        "fr": "Cette recherche ne trouve pas {name}. Ce qui l'écarte : {parts}.",
        "en": "This search does not find {name}. What keeps it out: {parts}.",
    },
    "explain_unknown": {
        "fr": "Aucun fournisseur n'a l'identifiant « {id} » : prenez-le dans « discovery search ».",
        "en": "No supplier has the id “{id}”: take it from “discovery search”.",
    },
    "explain_delisted": {
        "fr": "« {id} » est retiré : aucune recherche ne le trouve.",
        "en": "“{id}” is delisted: no search finds it.",
    },
}

MESSAGES: Mapping[str, Mapping[str, str]] = {**TEXTS, **_PARAMETERS, **NEEDS_TEXTS, **_HTTP, **_COMMAND}
"""Code → language → template. A test holds both languages to the same codes and the same placeholders."""

PIECES: Mapping[str, Mapping[str, str]] = {
    "place": {"fr": "lieu", "en": "place"},
    "radius": {"fr": "rayon", "en": "radius"},
    "kind": {"fr": "type", "en": "kind"},
    "kind_group": {"fr": "famille", "en": "family"},
    "national": {"fr": "portée", "en": "reach"},
    "sector": {"fr": "secteur", "en": "sector"},
    "certification": {"fr": "label", "en": "certification"},
    "network": {"fr": "réseau", "en": "network"},
    "service_type": {"fr": "prestation", "en": "service"},
    "siret": {"fr": "SIRET", "en": "SIRET"},
    "exclusion": {"fr": "exclusion", "en": "exclusion"},
    "cpv": {"fr": "code CPV", "en": "CPV code"},
    "naf": {"fr": "code NAF", "en": "NAF code"},
    "rome": {"fr": "code ROME", "en": "ROME code"},
    "quantity": {"fr": "quantité", "en": "quantity"},
    "date": {"fr": "date", "en": "date"},
    "budget": {"fr": "budget", "en": "budget"},
    "surface": {"fr": "surface", "en": "surface"},
    "frequency": {"fr": "fréquence", "en": "frequency"},
    "reference": {"fr": "référence", "en": "reference"},
    "legal": {"fr": "texte de loi", "en": "legal wording"},
    "supplier_word": {"fr": "mot pour fournisseur", "en": "word for a supplier"},
    "courtesy": {"fr": "formule", "en": "courtesy"},
    "address": {"fr": "adresse", "en": "address"},
    "trade": {"fr": "métier probable", "en": "probable trade"},
}
"""What the types of recognised pieces are called."""

SUGGESTION_TYPES: Mapping[str, Mapping[str, str]] = {
    "sector": {"fr": "Secteurs", "en": "Sectors"},
    "place": {"fr": "Lieux", "en": "Places"},
    "kind": {"fr": "Types de structure", "en": "Kinds of supplier"},
    "code": {"fr": "Codes", "en": "Codes"},
    "supplier": {"fr": "Fournisseurs", "en": "Suppliers"},
}
"""What is written above suggestions of a type."""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "name": {"fr": "nom", "en": "name"},
    "brand": {"fr": "marque", "en": "brand"},
    "sector_terms": {"fr": "secteurs", "en": "sectors"},
    "naf_terms": {"fr": "code d'activité", "en": "registered activity"},
    "evidence_terms": {"fr": "métiers et marchés", "en": "jobs and contracts"},
    "service_terms": {"fr": "prestations", "en": "services"},
    "offers": {"fr": "offres", "en": "offers"},
    "description": {"fr": "description", "en": "description"},
    "certification_terms": {"fr": "labels", "en": "certifications"},
    "network_terms": {"fr": "réseaux", "en": "networks"},
    "client_references": {"fr": "références clients", "en": "client references"},
}
"""What the fields that words are searched in are called."""

EXPORT_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "id": {"fr": "Identifiant", "en": "Id"},
    "display_name": {"fr": "Nom", "en": "Name"},
    "name": {"fr": "Raison sociale", "en": "Legal name"},
    "siret": {"fr": "SIRET", "en": "SIRET"},
    "kind": {"fr": "Type", "en": "Kind"},
    "kind_label": {"fr": "Type (libellé)", "en": "Kind (label)"},
    "street": {"fr": "Adresse", "en": "Street"},
    "post_code": {"fr": "Code postal", "en": "Post code"},
    "city": {"fr": "Commune", "en": "City"},
    "department_name": {"fr": "Département", "en": "Department"},
    "region_name": {"fr": "Région", "en": "Region"},
    "distance_km": {"fr": "Distance (km)", "en": "Distance (km)"},
    "sectors": {"fr": "Secteurs", "en": "Sectors"},
    "service_types": {"fr": "Prestations", "en": "Services"},
    "certifications": {"fr": "Labels", "en": "Certifications"},
    "networks": {"fr": "Réseaux", "en": "Networks"},
    "employees": {"fr": "Effectif", "en": "Employees"},
    "year_founded": {"fr": "Année de création", "en": "Year founded"},
    "website": {"fr": "Site web", "en": "Website"},
    "email": {"fr": "Courriel", "en": "E-mail"},
    "phone": {"fr": "Téléphone", "en": "Phone"},
    "description": {"fr": "Description", "en": "Description"},
    "lat": {"fr": "Latitude", "en": "Latitude"},
    "lon": {"fr": "Longitude", "en": "Longitude"},
    "updated_at": {"fr": "Mise à jour", "en": "Updated"},
    "url": {"fr": "Fiche", "en": "Page"},
}
"""Columns of exports, in their order."""

SIGNALS: Mapping[str, Mapping[str, str]] = {
    "distance": {"fr": "proximité", "en": "distance"},
    "completeness": {"fr": "fiche complète", "en": "completeness"},
    "certifications": {"fr": "labels", "en": "certifications"},
    "freshness": {"fr": "fraîcheur", "en": "freshness"},
    "sea": {"fr": "de l'autre côté de la mer", "en": "across the sea"},
    "pinned": {"fr": "mis en avant pour ces mots", "en": "put first for these words"},
    "buried": {"fr": "mis en retrait pour ces mots", "en": "put last for these words"},
}
"""What the parts of a profile that add to a score, or multiply it, are called."""

TIERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "trade": {
        "here": {"fr": "fait ce métier ici", "en": "does this trade here"},
        "named": {"fr": "porte ce nom", "en": "bears this name"},
        "elsewhere": {"fr": "fait ce métier ailleurs", "en": "does this trade elsewhere"},
        "evidence": {"fr": "un indice de ce métier", "en": "evidence of this trade"},
        "mention": {"fr": "en parle dans sa fiche", "en": "speaks of it in its record"},
        "": {"fr": "ne fait pas ce métier", "en": "does not do this trade"},
    },
    "place": {
        "seat": {"fr": "installé sur place", "en": "based there"},
        "near": {"fr": "zone d'intervention déclarée", "en": "declares that it comes there"},
        "presumed": {"fr": "zone d'intervention non confirmée", "en": "service area not confirmed"},
        "national": {"fr": "intervient dans toute la France", "en": "serves all of France"},
        "": {"fr": "n'intervient pas sur place", "en": "does not come there"},
    },
}
"""The steps of the tiers that a score begins with."""

OBSTACLES: Mapping[str, Mapping[str, str]] = {
    "where": {"fr": "le lieu", "en": "the place"},
    "bbox": {"fr": "le cadre", "en": "the box"},
    "words": {"fr": "les mots", "en": "the words"},
}
"""What may keep a supplier out, besides filters."""

FACET_TITLES: Mapping[str, Mapping[str, str]] = {
    "kind": {"fr": "Type", "en": "Kind"},
    "kind_group": {"fr": "Famille", "en": "Family"},
    "sector_group": {"fr": "Groupe de secteurs", "en": "Sector group"},
    "sector": {"fr": "Secteur", "en": "Sector"},
    "service_type": {"fr": "Prestation", "en": "Service"},
    "certification": {"fr": "Label", "en": "Certification"},
    "network": {"fr": "Réseau", "en": "Network"},
    "department": {"fr": "Département", "en": "Department"},
    "region": {"fr": "Région", "en": "Region"},
    "territory": {"fr": "Territoire", "en": "Territory"},
    "evidence": {"fr": "Preuves d'activité", "en": "Evidence of trades"},
    "employees": {"fr": "Effectif", "en": "Employees"},
    "coverage": {"fr": "Présence", "en": "Presence"},
    "national": {"fr": "Fournisseurs nationaux", "en": "National suppliers"},
}


def language(asked: str | None) -> Lang:
    """The language of `lang=`; French for anything else, so that an error can always be said."""
    return "en" if (asked or "").strip().lower() == "en" else "fr"


def say(code: str, args: Args | None = None, lang: str = "fr") -> str:
    """A message of the catalogue; numbers are written as the language writes them."""
    template = MESSAGES[code][lang if lang in LANGS else "fr"]
    return template.format(**{name: written(value, lang) for name, value in (args or {}).items()})
