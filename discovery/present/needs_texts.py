"""The catalogue's part for needs: lots, what is wrong with them, potential."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS_TEXTS: Mapping[str, Mapping[str, str]] = {
    "needs_body": {
        "fr": "Envoyez un objet JSON avec « text » (une phrase, un avis) ou « lots » (une liste), ou un avis en XML.",
        "en": "Send a JSON object with “text” (a sentence, a notice) or “lots” (a list), or a notice as XML.",
    },
    "needs_empty": {
        "fr": "Aucun besoin n'est donné. Collez une phrase, un titre de marché ou un avis.",
        "en": "No need is given. Paste a sentence, a contract's title or a notice.",
    },
    "needs_too_long": {
        "fr": "Le texte compte {length} caractères : {limit} au plus. Gardez l'objet et la liste des lots.",
        "en": "The text has {length} characters: {limit} at most. Keep the subject and the list of lots.",
    },
    "needs_too_many": {
        "fr": "{count} lots sont donnés : {limit} au plus. Envoyez-les en plusieurs fois.",
        "en": "{count} lots are given: {limit} at most. Send them in several parts.",
    },
    "notice_too_large": {
        "fr": "L'avis dépasse {limit} ko. Collez plutôt son objet et ses lots.",
        "en": "The notice is longer than {limit} kB. Paste its subject and lots instead.",
    },
    "notice_too_deep": {
        "fr": "L'avis est trop imbriqué pour être un avis de marché. Collez plutôt son objet et ses lots.",
        "en": "This is nested too deep to be a notice. Paste its subject and lots instead.",
    },
    "notice_with_entities": {
        "fr": "L'avis déclare des entités ou une DTD, qu'aucun avis de marché ne contient : il n'est pas lu.",
        "en": "The notice declares entities or a DTD, which no contract notice has: it is not read.",
    },
    "notice_not_xml": {
        "fr": "Ce n'est pas du XML bien formé. Vérifiez que l'avis est entier.",
        "en": "This is not well-formed XML. Check that the notice is whole.",
    },
    "notice_without_lots": {
        "fr": "Aucun lot n'est reconnu : ce n'est ni un avis eForms ni un avis TED. Collez plutôt son objet "
        "et ses lots.",
        "en": "No lot is recognised: this is neither an eForms nor a TED notice. Paste its subject and lots instead.",
    },
    "lot_not_an_object": {
        "fr": "Un lot est un objet JSON : {{\"title\": …}}.",
        "en": "A lot is a JSON object: {{\"title\": …}}.",
    },
    "lot_text": {
        "fr": "Ce n'est pas un texte de {limit} caractères au plus.",
        "en": "This is not a text of {limit} characters at most.",
    },
    "lot_cpv": {
        "fr": "Donnez une liste de {limit} codes CPV au plus, comme « 90919200 » ou « 90919200-4 ».",
        "en": "Give a list of {limit} CPV codes at most, such as “90919200” or “90919200-4”.",
    },
    "lot_kinds": {
        "fr": "Donnez une liste de {limit} types de fournisseurs au plus, comme « ESAT ».",
        "en": "Give a list of {limit} kinds of supplier at most, such as “ESAT”.",
    },
    "lot_empty": {
        "fr": "Ce lot n'a ni intitulé ni code CPV.",
        "en": "This lot has neither a title nor a CPV code.",
    },
    "lot_failed": {"fr": "Ce lot n'a pas pu être cherché.", "en": "This lot could not be searched."},
    "lot_no_trade": {
        "fr": "Aucun métier de l'achat inclusif reconnu.",
        "en": "No inclusive trade recognised.",
    },
    "lot_none": {"fr": "Aucun fournisseur trouvé.", "en": "No supplier found."},
    "lot_one": {"fr": "1 fournisseur trouvé.", "en": "1 supplier found."},
    "lot_many": {"fr": "{count} fournisseurs trouvés.", "en": "{count} suppliers found."},
    "needs_no_advice": {
        "fr": "Ces pistes viennent de seuils publics et des fiches connues. Elles aident à préparer le sourcing et ne "
        "sont pas un avis juridique.",
        "en": "These suggestions come from stated thresholds and the suppliers on record. They help to prepare "
        "sourcing and are no legal advice.",
    },
}  # fmt: skip
