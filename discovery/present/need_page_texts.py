"""The catalogue's part for `/besoin`."""

from __future__ import annotations

from collections.abc import Mapping

NEED_PAGE_TEXTS: Mapping[str, Mapping[str, str]] = {
    "page.need": {"fr": "Chercher à partir d'un besoin", "en": "Search from a need"},
    "page.need_lead": {
        "fr": "Collez votre besoin, un titre de marché, des codes CPV ou un avis entier : "
        "chaque lot trouve ses fournisseurs.",
        "en": "Paste your need, a contract's title, CPV codes or a whole notice: each lot finds its suppliers.",
    },
    "page.need_label": {"fr": "Votre besoin", "en": "Your need"},
    "page.need_example": {
        "fr": "Lieu : Villeurbanne\nLot 1 : Nettoyage de la mairie et des écoles\nLot 2 : Entretien des espaces verts",
        "en": "Place: Villeurbanne\nLot 1: Cleaning of the town hall and schools\nLot 2: Upkeep of green areas",
    },
    "page.need_kept": {
        "fr": "Rien n'est enregistré. 20 000 caractères et 50 lots au plus ; "
        "les avis eForms et TED en XML sont lus aussi.",
        "en": "Nothing is kept. 20,000 characters and 50 lots at most; eForms and TED notices in XML are read too.",
    },
    "page.need_send": {"fr": "Trouver les fournisseurs", "en": "Find suppliers"},
    "page.need_export": {"fr": "Tout exporter (XLSX)", "en": "Export all (XLSX)"},
    "page.need_found_one": {
        "fr": "1 lot, {with_trade} avec un métier reconnu",
        "en": "1 lot, {with_trade} with a trade recognised",
    },
    "page.need_found": {
        "fr": "{count} lots, {with_trade} avec un métier reconnu",
        "en": "{count} lots, {with_trade} with a trade recognised",
    },
    "page.need_lot": {"fr": "Lot {number}", "en": "Lot {number}"},
    "page.need_trades": {"fr": "Métiers", "en": "Trades"},
    "page.need_by_code": {"fr": "d'après le code {text}", "en": "because of the code {text}"},
    "page.need_by_words": {"fr": "d'après « {text} »", "en": "because of “{text}”"},
    "page.need_by_classifier": {"fr": "métier probable", "en": "probable trade"},
    "page.need_place": {"fr": "Lieu compris", "en": "Place understood"},
    "page.need_kinds": {"fr": "Par type", "en": "By kind"},
    "page.need_departments": {"fr": "Par département", "en": "By department"},
    "page.need_first": {"fr": "Les premiers fournisseurs", "en": "The first suppliers"},
    "page.need_why": {"fr": "Pourquoi", "en": "Why"},
    "page.need_search": {"fr": "Voir et affiner cette recherche", "en": "See and refine this search"},
    "page.need_ideas": {"fr": "Piste", "en": "Suggestion"},
    "page.need_articles": {
        "fr": "Code de la commande publique : {articles}.",
        "en": "French public procurement code: {articles}.",
    },
    "page.need_market": {
        "fr": "Fournisseurs : {suppliers}, dont insertion {insertion}, handicap {handicap}.",
        "en": "Suppliers: {suppliers}, of which integration {insertion}, disability {handicap}.",
    },
    "page.need_located": {"fr": "Établis sur place : {located}.", "en": "Seated there: {located}."},
    "page.need_dependency": {
        "fr": "Le montant ferait {percent} % du chiffre d'affaires courant de ces fournisseurs.",
        "en": "The amount would be {percent} % of these suppliers' usual turnover.",
    },
    "page.need_offer": {
        "fr": "C'est un besoin entier ? Obtenez une réponse lot par lot.",
        "en": "Is it a whole need? Get an answer lot by lot.",
    },
    "page.need_summary_sheet": {"fr": "Synthèse", "en": "Summary"},
    "page.need_column_lot": {"fr": "Lot", "en": "Lot"},
    "page.need_column_title": {"fr": "Intitulé", "en": "Title"},
    "page.need_column_found": {"fr": "Fournisseurs", "en": "Suppliers"},
    "page.need_column_search": {"fr": "Recherche", "en": "Search"},
}  # fmt: skip
