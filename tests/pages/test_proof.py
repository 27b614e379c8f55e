"""What others tell of a supplier, on its page: how many contracts, who says so, what is inferred."""

from datetime import date
from typing import Any

import pytest

from discovery.mappings import Mappings
from discovery.pages.supplier.view import buying, headline, proof
from discovery.texts import translator

T = translator("fr")
NOBODY = {"source": None, "source_label": None, "date": None}
CONTRACT: dict[str, Any] = {
    **NOBODY, "object": "Tonte du stade", "cpv": None, "buyer": None, "amount": None, "reserved": None
}  # fmt: skip
JOB = {**NOBODY, "rome": "A1203", "title": "Jardinier"}
SUPPLIER: dict[str, Any] = {"contracts": [], "jobs": [], "evidence": [], "activities": []}


def won(day: str | None, *, reserved: bool | None = None) -> dict[str, Any]:
    return {**CONTRACT, "date": day, "reserved": reserved}


@pytest.mark.parametrize(
    ("contracts", "said"),
    [
        ([], ""),
        ([won(None)], "Un marché public"),
        ([won("2024-05-02")], "Un marché public en 2024"),
        ([won("2025-05-02"), won("2024-05-02"), won(None)], "3 marchés publics depuis 2024"),
        (
            [won("2025-05-02", reserved=True), won("2024-05-02")],
            "2 marchés publics depuis 2024, dont 1 réservé",
        ),
        ([won(None, reserved=True)] * 2, "2 marchés publics, dont 2 réservés"),
    ],
)
def test_contracts_are_counted_since_the_first(contracts: list[Any], said: str) -> None:
    assert headline(contracts, T) == said


def test_a_fact_says_all_that_is_known_of_it() -> None:
    source = {"source": "decp", "source_label": "la commande publique", "date": "2025-04-01"}
    contract = {**CONTRACT, **source, "buyer": "Ville de Lyon", "amount": 42_000, "reserved": True}
    found = proof({**SUPPLIER, "contracts": [contract], "jobs": [JOB]}, "fr", T)
    assert found["facts"] == [
        (
            "Tonte du stade",
            "Ville de Lyon, 42\u202f000 €, marché réservé, d'après la commande publique, 1er avril 2025",
        ),
        ("Recrute : Jardinier", ""),
    ]


def test_what_it_declares_itself_is_not_inferred() -> None:
    naf = {**NOBODY, "type": "naf", "type_label": "Code d'activité (APE)", "words": None}
    evidence = [
        {**naf, "sector": "traiteur", "label": "Traiteur"},
        {**naf, "sector": "repassage", "label": "Repassage"},
        {**naf, "sector": "couture", "label": "Couture", "type_label": "Nom", "words": "fil"},
    ]
    found = proof(
        {**SUPPLIER, "evidence": evidence, "activities": [{"sector": "traiteur"}]}, "fr", T
    )
    assert found["facts"] == [("Repassage", "Code d'activité (APE)"), ("Couture", "Nom : « fil »")]
    assert found["inferred"]


@pytest.mark.parametrize(
    ("kind", "reserved"), [("ESAT", "L2113-12"), ("EI", "L2113-13"), ("GEIQ", ""), ("SEP", "")]
)
def test_how_to_buy_from_a_kind_is_by_the_law_of_the_day(
    kind: str, reserved: str, mappings: Mappings
) -> None:
    said = " ".join(buying(kind, mappings, date(2026, 6, 1), "fr", T))
    assert ("réservé" in said, reserved in said) == (bool(reserved), True)
    assert "60\u202f000 € HT" in said
    assert "40\u202f000 € HT" in " ".join(buying(kind, mappings, date(2026, 2, 1), "fr", T))
