"""The lines that the commands print, from the data they print."""

import socket
from dataclasses import replace
from typing import Any

import pytest

from discovery.answers.explanation import obstacle
from discovery.answers.search import lines
from discovery.commands.search import counted, ranked, report, understood
from discovery.commands.serve import taken
from discovery.search.explain import Clause, Explanation, SignalScore, TierScore, WordScore
from discovery.search.query import InvalidQuery, Problem
from tests.tables import cases
from tools.commands.look import report_score as explained

QUERY: dict[str, Any] = {
    "text": " nettoyage ",
    "interpretation": [
        {
            "type": "kind",
            "value": "ESAT",
            "label": "Établissement…",
            "applied": True,
            "parameter": None,
        },
        {"type": "kind", "value": "EI", "label": "Entreprise…", "applied": True, "parameter": None},
        {
            "type": "place",
            "value": "commune:69123",
            "label": "Lyon (69)",
            "applied": True,
            "parameter": None,
        },
        {"type": "sector", "value": "s", "label": "Nettoyage", "applied": False, "parameter": None},
    ],
    "ignored": [],
    "needs": [],
    "recognised": True,
    "relaxed": False,
    "searched": "nettoyage",
    "did_you_mean": None,
    "circle": None,
    "offers": [],
}
EMPTY: dict[str, Any] = {**QUERY, "text": "", "interpretation": []}
RESULT: dict[str, Any] = {
    "id": "x", "display_name": "Nom", "kind": "EI", "address": {"city": "Lyon", "department": "69"},
    "distance_km": 3.44, "minutes": 8, "why": ["près", "certifié"],
}  # fmt: skip
BODY: dict[str, Any] = {
    "scope": None, "query": QUERY, "warnings": [], "total": {"value": 1}, "suggestions": [], "results": [RESULT],
    "nearby": [], "nearby_heading": None, "facets": {"kind": [{"value": "EI", "label": "Entreprise…", "count": 1}]},
}  # fmt: skip


def test_what_was_understood_is_grouped_and_offers_are_not_filters() -> None:
    assert (
        understood(QUERY, "fr")
        == "Nous avons compris : type ESAT, EI · lieu Lyon (69) · mots « nettoyage »"
    )
    assert understood(EMPTY, "fr") == "Nous avons compris : tous les fournisseurs"
    assert understood(EMPTY, "en") == "We understood: all suppliers"


@pytest.mark.parametrize(
    ("total", "first", "shown", "said"), cases(__file__, "the_total_and_what_is_shown_of_it")
)
def test_the_total_and_what_is_shown_of_it(total: int, first: int, shown: int, said: str) -> None:
    assert counted(total, first, shown, "fr") == said


def test_a_result_of_which_little_is_known() -> None:
    bare = {
        **RESULT,
        "address": {"city": None, "department": None},
        "distance_km": None,
        "minutes": None,
        "why": [],
    }
    assert list(ranked(1, bare, "fr")) == ["   1. Nom – EI · [x]"]


def test_warnings_widening_offers_and_ways_out_are_said() -> None:
    query = {**QUERY, "relaxed": True, "offers": [{"label": "Nettoyage", "count": 4}]}
    body = {
        **BODY,
        "query": query,
        "warnings": [{"message": "Prenez garde."}],
        "suggestions": [{"label": "4 sans ESAT"}],
        "results": [],
        "total": {"value": 0},
    }
    assert list(report(body, 1, "fr"))[1:] == [
        "Attention : Prenez garde.",
        "Aucune fiche ne dit tout cela. Voici celles qui s'en approchent.",
        "Filtre possible : Nettoyage (4)",
        "Aucun fournisseur connu",
        "Essayez : 4 sans ESAT",
    ]


def test_what_was_chosen_refused_and_ignored_is_said() -> None:
    refused = {
        "type": "exclusion", "parameter": "not_kind", "value": "ESAT", "label": "Établissement…", "applied": True,
    }  # fmt: skip
    circle = {
        "radius": 30,
        "label": "à 30 km (automatique)",
        "total": 12,
        "wider": [{"radius": 50, "total": 14}],
    }
    query = {
        **EMPTY,
        "interpretation": [refused],
        "ignored": [{"text": "pour 80 personnes"}, {"text": "le 12 juin"}],
        "needs": [{"text": "traiteur", "total": 3}, {"text": "nettoyage", "total": 1234}],
        "did_you_mean": "traiteur et nettoyage",
        "circle": circle,
    }
    assert list(report({**BODY, "query": query}, 1, "fr"))[:5] == [
        "Nous avons compris : exclusion sauf ESAT · à 30 km (automatique)",
        "Ignoré : pour 80 personnes, le 12 juin",
        "Vouliez-vous dire « traiteur et nettoyage » ?",
        "Un métier à la fois : traiteur (3) · nettoyage (1\u202f234)",
        "Plus loin : 50 km (14)",
    ]


def test_an_unknown_trade_is_said_before_anything_else() -> None:
    lines = list(report({**BODY, "query": {**QUERY, "recognised": False}}, 1, "fr"))
    assert lines[0] == "Aucun métier de l'achat inclusif reconnu dans cette phrase."
    said = "Fiches qui contiennent certains de ces mots, ou font un métier possible :"
    assert lines[lines.index("1 fournisseur") + 1] == said


def test_a_score_is_told_part_by_part() -> None:
    words = (
        WordScore("linge", (Clause("name", "ling", 2.0), Clause("offers", "ling", 1.0)), 2.15),
        WordScore("x", (), 0),
    )
    found = Explanation(
        words=words,
        scale=0.5,
        text=SignalScore("text", 1.0, 2.0),
        tiers=(TierScore("trade", "declared", 4.0, 4.0),),
        signals=(SignalScore("freshness", 0.3, 0.6),),
        base=1.0,
        score=6.3,
        tie_breaker=0.15,
        rank=4,
    )
    lines = list(explained(found, "fr"))
    assert lines[0] == "score 6,3000 = 1,0000 + paliers 4,0000 + mots 1,0000 + 0,3000 · rang 4"
    assert lines[1].split()[0] == "+4,0000"
    assert lines[2].split() == ["+1,0750", "«", "linge", "»"]
    assert lines[3].endswith("le meilleur champ")
    assert lines[4].endswith("les autres comptent pour 0,15")
    assert lines[6].strip() == "dans aucun champ"
    assert lines[7].strip() == "+0,3000  fraîcheur (sur 0,60 au plus)"
    assert "rang" not in next(explained(replace(found, rank=None), "fr"))


@pytest.mark.parametrize(
    ("part", "said"),
    [("where", "le lieu"), ("kind", "Type"), ("siret", "SIRET"), ("other", "other")],
)
def test_the_parts_of_a_request_have_names(part: str, said: str) -> None:
    assert obstacle(part, "fr").lower() == said.lower()


def test_faults_are_told_one_a_line_with_what_was_meant() -> None:
    error = InvalidQuery(
        (
            Problem("kind", "X", "unknown_value", {"value": "X"}, ("EI", "AI")),
            Problem("page", "0", "page_range"),
        )
    )
    first, second = lines(error.problems, "en")
    assert first.startswith("kind: “X” does not exist.")
    assert first.endswith("(EI, AI)")
    assert second == "page: Pages start at 1."


def test_a_port_that_something_listens_on_is_taken() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        assert f"Port {port} is taken" in taken("127.0.0.1", port)
    assert taken("127.0.0.1", port) == ""


def test_an_address_that_is_not_ours_can_t_be_listened_on() -> None:
    assert "192.0.2.1:80" in taken("192.0.2.1", 80)


def test_what_is_not_open_is_said_first() -> None:
    scope = {"label": "Bretagne", "sentence": "Seule la Bretagne est ouverte."}
    assert next(iter(report({**BODY, "scope": scope}, 1, "fr"))) == "Seule la Bretagne est ouverte."
