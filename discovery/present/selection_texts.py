"""The catalogue's part for the shortlist: its button, its link, the page that compares."""

from __future__ import annotations

from collections.abc import Mapping

SELECTION_TEXTS: Mapping[str, Mapping[str, str]] = {
    # On every page
    "page.keep": {"fr": "Garder", "en": "Keep"},
    "page.keep_name": {"fr": "Garder {name}", "en": "Keep {name}"},
    "page.keep_link": {"fr": "Ajouter à une sélection", "en": "Add to a shortlist"},
    "page.kept_link": {"fr": "Ma sélection ({count})", "en": "My shortlist ({count})"},
    "page.kept": {
        "fr": "{name} : gardé. Sélection : {count}.",
        "en": "{name}: kept. Shortlist: {count}.",
    },
    "page.dropped": {
        "fr": "{name} : retiré. Sélection : {count}.",
        "en": "{name}: removed. Shortlist: {count}.",
    },
    "page.kept_full": {
        "fr": "Sélection pleine : {most} fournisseurs au plus. Retirez-en un pour en garder un autre.",
        "en": "Shortlist full: {most} suppliers at most. Remove one to keep another.",
    },
    "page.kept_unsaved": {
        "fr": "Ce navigateur n'enregistre rien ici : la sélection durera le temps de cette page. Ouvrez-la pour en "
        "garder le lien.",
        "en": "This browser stores nothing here: the shortlist lasts as long as this page. Open it to keep its link.",
    },
    # The page
    "page.selection": {"fr": "Sélection de fournisseurs", "en": "Shortlist of suppliers"},
    "page.selection_nobody": {"fr": "Sélection : aucun fournisseur", "en": "Shortlist: no supplier"},
    "page.selection_one": {"fr": "Sélection : 1 fournisseur", "en": "Shortlist: 1 supplier"},
    "page.selection_many": {"fr": "Sélection : {count} fournisseurs", "en": "Shortlist: {count} suppliers"},
    "page.selection_none": {"fr": "Votre sélection est vide", "en": "Your shortlist is empty"},
    "page.selection_how": {"fr": "Pour garder des fournisseurs :", "en": "To keep suppliers:"},
    "page.selection_how_search": {"fr": "Cherchez ce qu'il vous faut.", "en": "Search for what you need."},
    "page.selection_how_keep": {
        "fr": "Appuyez sur « Garder » à côté d'un nom, ou sur « Ajouter à une sélection » dans une fiche.",
        "en": "Press “Keep” beside a name, or “Add to a shortlist” on a profile.",
    },
    "page.selection_how_use": {
        "fr": "Revenez ici pour les comparer côte à côte, les exporter, les imprimer ou en partager le lien.",
        "en": "Come back here to compare them side by side, export them, print them or share the link.",
    },
    "page.selection_private": {
        "fr": "Pas de compte : la sélection reste dans ce navigateur.",
        "en": "No account: the shortlist stays in this browser.",
    },
    "page.selection_foreign": {"fr": "Sélection reçue par un lien.", "en": "A shortlist from a link."},
    "page.selection_adopt": {"fr": "Garder dans ce navigateur", "en": "Keep in this browser"},
    "page.selection_adopted": {"fr": "Gardé dans ce navigateur.", "en": "Kept in this browser."},
    "page.selection_export": {"fr": "Exporter", "en": "Export"},
    "page.selection_copy": {"fr": "Copier le lien", "en": "Copy the link"},
    "page.selection_copied": {"fr": "Lien copié.", "en": "Link copied."},
    "page.selection_not_copied": {
        "fr": "Le navigateur refuse la copie : prenez l'adresse au bas de la page.",
        "en": "The browser refuses to copy: take the address at the foot of the page.",
    },
    "page.selection_clear": {"fr": "Vider ma sélection", "en": "Clear my shortlist"},
    "page.selection_cleared": {"fr": "Votre sélection est vidée.", "en": "Your shortlist is cleared."},
    "page.selection_undo": {"fr": "Annuler", "en": "Undo"},
    "page.selection_near": {"fr": "Lieu du besoin", "en": "Where the need is"},
    "page.selection_measure": {"fr": "Comparer les distances", "en": "Compare distances"},
    "page.selection_beyond": {
        "fr": "Une sélection compte {most} fournisseurs au plus : les {count} derniers de ce lien ne sont pas montrés.",
        "en": "A shortlist has {most} suppliers at most: the last {count} of this link are not shown.",
    },
    "page.selection_beyond_one": {
        "fr": "Une sélection compte {most} fournisseurs au plus : le dernier de ce lien n'est pas montré.",
        "en": "A shortlist has {most} suppliers at most: the last one of this link is not shown.",
    },
    "page.selection_missing": {"fr": "Absents de la comparaison", "en": "Left out of the comparison"},
    "page.selection_delisted": {"fr": "n'est plus référencé", "en": "is no longer listed"},
    "page.selection_unknown": {"fr": "est inconnu ici", "en": "is unknown here"},
    "page.selection_remove": {"fr": "Retirer", "en": "Remove"},
    "page.selection_remove_name": {"fr": "Retirer {name}", "en": "Remove {name}"},
    "page.selection_add": {"fr": "Ajouter une fiche par son adresse", "en": "Add a profile by its address"},
    "page.selection_address": {"fr": "Adresse d'une fiche", "en": "Address of a profile"},
    "page.selection_add_button": {"fr": "Ajouter", "en": "Add"},
    "page.selection_made": {"fr": "Fiches au {day}.", "en": "Profiles as of {day}."},
    "page.selection_share": {"fr": "Lien de cette sélection :", "en": "Link of this shortlist:"},
    "page.selection_name": {"fr": "Fournisseur", "en": "Supplier"},
    "page.selection_kind": {"fr": "Type", "en": "Kind"},
    "page.selection_town": {"fr": "Ville", "en": "Town"},
    "page.selection_reach": {"fr": "Pour {label}", "en": "For {label}"},
    "page.selection_distance": {"fr": "à {km} km", "en": "{km} km away"},
    "page.selection_located": {"fr": "établi sur place", "en": "seated there"},
    "page.selection_serves": {"fr": "y intervient", "en": "works there"},
    "page.selection_serves_for": {"fr": "y intervient pour : {sectors}", "en": "works there for: {sectors}"},
    "page.selection_not_said": {
        "fr": "sa fiche ne dit pas qu'il y intervient",
        "en": "its profile does not say that it works there",
    },
    "page.selection_zones": {"fr": "Zones d'intervention", "en": "Areas served"},
    "page.selection_zone_for": {"fr": "{zone} : {sectors}", "en": "{zone}: {sectors}"},
    "page.selection_same": {"fr": "identique pour tous", "en": "the same for all"},
    "page.selection_nothing": {"fr": "non renseigné", "en": "not stated"},
}
