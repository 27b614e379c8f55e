"""The sentences of the import report, in French and English: for each remark why, and what to do.

`{value}`, `{field}` and the details of the finding are filled in.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

from indexer.intake.findings import Code, Finding

Lang = Literal["fr", "en"]


class Message(NamedTuple):
    reason: str
    remedy: str


FRENCH: dict[Code, Message] = {
    Code.NOT_AN_OBJECT: Message("la ligne n'est pas un objet JSON", "écrire un objet entre accolades par structure"),
    Code.CELLS: Message(
        "la ligne a {found} cellules, l'en-tête {expected}",
        "mettre entre guillemets les cellules qui contiennent le séparateur",
    ),
    Code.MISSING: Message("« {field} » est obligatoire", "renseigner ce champ"),
    Code.ID_INVALID: Message(
        "« {value} » n'est pas un identifiant",
        "lettres sans accent, chiffres, point, tiret, deux-points ou souligné, 100 caractères au plus",
    ),
    Code.ID_IMPOSSIBLE: Message("ni identifiant ni SIRET valable", "donner un « id », ou un SIRET de 14 chiffres"),
    Code.ID_REPEATED: Message(
        "« {value} » est déjà celui de la ligne {line}, dont le contenu diffère",
        "garder une seule des deux lignes, ou donner un autre identifiant",
    ),
    Code.UNKNOWN_VALUE: Message("« {value} » n'est pas une valeur connue", "{near}"),
    Code.UNKNOWN_PLACE: Message(
        "« {value} » n'est pas un territoire connu",
        "écrire commune:69123, department:69, region:84, epci:200046977 ou area:pays-d-auge, codes à vérifier",
    ),
    Code.PLACE_MISSING: Message(
        "aucun lieu",
        "donner le code INSEE de la commune, ou le code postal et la ville, ou la latitude et la longitude",
    ),
    Code.PLACE_NOT_FOUND: Message(
        "« {value} » ne désigne aucune commune française", "corriger la ville, ou donner le code INSEE de la commune"
    ),
    Code.NOT_A_LIST: Message("« {field} » doit être une liste", "écrire les valeurs entre crochets"),
    Code.NOT_A_TEXT: Message("« {field} » doit être un texte", "écrire une seule valeur"),
    Code.NOT_A_BLOCK: Message("« {field} » doit être un objet", "écrire ses champs entre accolades"),
    Code.ZONE_RADIUS: Message(
        "« {value} » n'est pas un rayon", "un nombre entier de kilomètres, de 1 à 500, avec la portée « radius »"
    ),
    Code.ZONE_PLACES: Message(
        "la portée « places » demande des territoires", "en nommer dans « places », ou écrire une autre portée"
    ),
    Code.TOO_MANY_PLACES: Message(
        "les activités nomment {value} territoires, plus de {limit} au total",
        "nommer des départements ou des régions plutôt que leurs communes, ou écrire la portée « country »",
    ),
    Code.CAPITALS: Message(
        "« {value} » est tout en capitales ; affiché « {became} »", "écrire le nom comme il doit se lire"
    ),
    Code.SIRET_CHECKSUM: Message("la clé du SIRET {value} est fausse", "vérifier le numéro ; il est gardé tel quel"),
    Code.SIRET_INVALID: Message("« {value} » n'est pas un SIRET ; il est laissé de côté", "écrire 14 chiffres"),
    Code.SIRET_ZERO: Message(
        "le SIRET {value} avait perdu ses zéros de tête ; lu {became}", "garder cette colonne en texte dans le tableur"
    ),
    Code.SIRET_REPEATED: Message(
        "le SIRET {value} est déjà celui de la ligne {line}, pour le même type",
        "vérifier qu'il s'agit bien de deux structures ; elles sont gardées toutes deux",
    ),
    Code.ROW_REPEATED: Message("la ligne répète la ligne {line}", "l'enlever ; elle ne change rien"),
    Code.POST_CODE_UNKNOWN: Message(
        "le code postal {value} n'est celui d'aucune commune (CEDEX ?) ; commune retenue : {became}",
        "donner le code postal de la rue",
    ),
    Code.POST_CODE_CONTRADICTS: Message(
        "le code postal {value} n'est pas celui de {city} ; commune retenue : {became}",
        "corriger le code postal ou la ville",
    ),
    Code.CITY_UNKNOWN: Message(
        "aucune commune « {value} » au code postal {post_code} ; commune retenue : {became}",
        "donner le nom officiel de la commune, ou son code INSEE",
    ),
    Code.CITY_CORRECTED: Message("« {value} » lu comme {became}", "corriger le nom de la ville"),
    Code.COMMUNE_UNKNOWN: Message(
        "{value} n'est le code INSEE d'aucune commune ; commune retenue : {became}", "corriger le code de la commune"
    ),
    Code.COMMUNE_OF_POINT: Message(
        "commune déduite du point, à {km} km : {became}", "donner le code postal et la ville"
    ),
    Code.POINT_FAR: Message(
        "le point {value} est à {km} km de {city} ; remplacé par celui de la commune",
        "corriger la latitude et la longitude",
    ),
    Code.POINT_INVALID: Message(
        "« {value} » n'est pas un point ; il est laissé de côté", "écrire la latitude et la longitude en degrés"
    ),
    Code.VALUE_IGNORED: Message("« {value} » ne convient pas à « {field} » ; laissé de côté", "écrire {expected}"),
    Code.WEBSITE_INVALID: Message(
        "« {value} » n'est pas une adresse de site ; laissée de côté", "écrire une adresse en https:// ou http://"
    ),
    Code.HTML_REMOVED: Message("des balises HTML ont été retirées de « {field} »", "écrire un texte simple"),
    Code.TEXT_CUT: Message("« {field} » a été coupé à {limit} caractères", "raccourcir le texte"),
    Code.LIST_CUT: Message("« {field} » a plus de {limit} entrées ; les autres sont laissées", "raccourcir la liste"),
    Code.SERVICE_TYPE_MISSING: Message("l'activité {value} ne dit pas comment elle est proposée", "{near}"),
    Code.HIDDEN_KIND: Message("le type {value} n'est jamais affiché", "rien, si c'est voulu"),
    Code.UNKNOWN_FIELD: Message("le champ « {value} » n'est pas connu ; il n'est pas lu", "{near}"),
    Code.RELISTED: Message("la structure était retirée ; elle reparaît", "rien, si c'est voulu"),
}

ENGLISH: dict[Code, Message] = {
    Code.NOT_AN_OBJECT: Message("the row is not a JSON object", "write one object in braces for each supplier"),
    Code.CELLS: Message("the row has {found} cells, the header {expected}", "quote the cells that hold the delimiter"),
    Code.MISSING: Message("'{field}' is required", "fill it in"),
    Code.ID_INVALID: Message(
        "'{value}' is not an id", "plain letters, digits, dot, hyphen, colon or underscore, 100 characters at most"
    ),
    Code.ID_IMPOSSIBLE: Message("neither an id nor a valid SIRET", "give an 'id', or a SIRET of 14 digits"),
    Code.ID_REPEATED: Message(
        "'{value}' is already that of line {line}, whose content differs", "keep one of the two, or give another id"
    ),
    Code.UNKNOWN_VALUE: Message("'{value}' is not a known value", "{near}"),
    Code.UNKNOWN_PLACE: Message(
        "'{value}' is not a known place",
        "write commune:69123, department:69, region:84, epci:200046977 or area:pays-d-auge, with codes that exist",
    ),
    Code.PLACE_MISSING: Message(
        "no place", "give the commune's INSEE code, or post code and city, or latitude and longitude"
    ),
    Code.PLACE_NOT_FOUND: Message(
        "'{value}' is no French commune", "correct the city, or give the commune's INSEE code"
    ),
    Code.NOT_A_LIST: Message("'{field}' must be a list", "write the values in brackets"),
    Code.NOT_A_TEXT: Message("'{field}' must be a text", "write a single value"),
    Code.NOT_A_BLOCK: Message("'{field}' must be an object", "write its fields in braces"),
    Code.ZONE_RADIUS: Message("'{value}' is not a radius", "whole kilometres, 1 to 500, with the scope 'radius'"),
    Code.ZONE_PLACES: Message("the scope 'places' needs places", "name some in 'places', or write another scope"),
    Code.TOO_MANY_PLACES: Message(
        "the activities name {value} places, more than {limit} in all",
        "name departments or regions instead of their communes, or write the scope 'country'",
    ),
    Code.CAPITALS: Message("'{value}' is all in capitals; shown as '{became}'", "write the name as it should be read"),
    Code.SIRET_CHECKSUM: Message("the check digit of SIRET {value} is wrong", "verify the number; it is kept as it is"),
    Code.SIRET_INVALID: Message("'{value}' is not a SIRET; it is left out", "write 14 digits"),
    Code.SIRET_ZERO: Message(
        "SIRET {value} had lost its leading zeros; read as {became}", "keep this column as text in the spreadsheet"
    ),
    Code.SIRET_REPEATED: Message(
        "SIRET {value} is already that of line {line}, for the same kind",
        "verify that these are two suppliers; both are kept",
    ),
    Code.ROW_REPEATED: Message("the row repeats line {line}", "remove it; it changes nothing"),
    Code.POST_CODE_UNKNOWN: Message(
        "post code {value} is that of no commune (CEDEX?); commune taken: {became}", "give the street's post code"
    ),
    Code.POST_CODE_CONTRADICTS: Message(
        "post code {value} is not that of {city}; commune taken: {became}", "correct the post code or the city"
    ),
    Code.CITY_UNKNOWN: Message(
        "no commune '{value}' under post code {post_code}; commune taken: {became}",
        "give the commune's official name, or its INSEE code",
    ),
    Code.CITY_CORRECTED: Message("'{value}' read as {became}", "correct the city's name"),
    Code.COMMUNE_UNKNOWN: Message(
        "{value} is the INSEE code of no commune; commune taken: {became}", "correct the commune's code"
    ),
    Code.COMMUNE_OF_POINT: Message("commune found from the point, {km} km away: {became}", "give post code and city"),
    Code.POINT_FAR: Message(
        "the point {value} is {km} km from {city}; replaced by the commune's own", "correct latitude and longitude"
    ),
    Code.POINT_INVALID: Message("'{value}' is not a point; it is left out", "write latitude and longitude in degrees"),
    Code.VALUE_IGNORED: Message("'{value}' does not suit '{field}'; left out", "write {expected}"),
    Code.WEBSITE_INVALID: Message(
        "'{value}' is not a site's address; left out", "write an address in https:// or http://"
    ),
    Code.HTML_REMOVED: Message("HTML tags were removed from '{field}'", "write plain text"),
    Code.TEXT_CUT: Message("'{field}' was cut to {limit} characters", "shorten the text"),
    Code.LIST_CUT: Message("'{field}' has more than {limit} entries; the rest is left out", "shorten the list"),
    Code.SERVICE_TYPE_MISSING: Message("activity {value} does not say how it is offered", "{near}"),
    Code.HIDDEN_KIND: Message("kind {value} is never shown", "nothing, if that is meant"),
    Code.UNKNOWN_FIELD: Message("field '{value}' is not known; it is not read", "{near}"),
    Code.RELISTED: Message("the supplier was delisted; it is live again", "nothing, if that is meant"),
}

MESSAGES: dict[Lang, dict[Code, Message]] = {"fr": FRENCH, "en": ENGLISH}

_NEAR: dict[Lang, tuple[str, str]] = {
    "fr": ("utiliser une valeur de la liste ; proches : {values}", "utiliser une valeur de la liste"),
    "en": ("use a value of the list; near: {values}", "use a value of the list"),
}
# What a field expects, for VALUE_IGNORED: the keys that the checks give as `expected`.
_EXPECTED: dict[Lang, dict[str, str]] = {
    "fr": {
        "whole number": "un nombre entier, sans unité",
        "year": "une année, sur quatre chiffres",
        "flag": "oui ou non (true ou false)",
        "date": "une date passée, comme 2026-03-01",
        "naf": "un code NAF, comme 81.21Z",
        "nomenclature": "NAFRev2 ou NAF2025",
        "email": "une adresse électronique",
        "phone": "un numéro de téléphone",
        "status": "live ou delisted",
        "legal form": "une valeur de la liste des formes juridiques",
        "post code": "cinq chiffres",
        "job": "un code ROME, ou un objet avec « rome »",
        "rome": "un code ROME, comme A1203",
        "contract": "un objet avec « object » ou « cpv »",
        "cpv": "un code CPV de huit chiffres, comme 77310000-6",
        "amount": "un montant en euros",
    },
    "en": {
        "whole number": "a whole number, without unit",
        "year": "a year of four digits",
        "flag": "true or false",
        "date": "a past date such as 2026-03-01",
        "naf": "a NAF code such as 81.21Z",
        "nomenclature": "NAFRev2 or NAF2025",
        "email": "an e-mail address",
        "phone": "a telephone number",
        "status": "live or delisted",
        "legal form": "a value of the list of legal forms",
        "post code": "five digits",
        "job": "a ROME code, or an object with 'rome'",
        "rome": "a ROME code such as A1203",
        "contract": "an object with 'object' or 'cpv'",
        "cpv": "a CPV code of eight digits, such as 77310000-6",
        "amount": "an amount in euros",
    },
}


def say(finding: Finding, lang: Lang = "fr") -> Message:
    """The reason and the remedy, in words."""
    message = MESSAGES[lang][finding.code]
    details = defaultdict(str, finding.details)
    some, none = _NEAR[lang]
    near = details.get("near", "")
    details["near"] = some.format(values=near) if near else none
    if expected := details.get("expected"):
        details["expected"] = _EXPECTED[lang].get(expected, expected)
    details |= {"value": finding.value, "field": finding.field}
    return Message(message.reason.format_map(details), message.remedy.format_map(details))
