"""One notice, told in each way."""

from collections.abc import Sequence
from typing import Any

from discovery.desk.lot import Lot

WHOLE = "Services pour la ville"
LOTS = [
    Lot("Nettoyage des locaux", "1", ("90919200", "90911300"), amount=120_000.0),
    Lot("Entretien des espaces verts", "2", ("77310000",), "Nantes"),
    Lot("Traiteur pour les réceptions", "3", ("55520000",), amount=15_500.5),
]
JSON = {
    "title": WHOLE,
    "lots": [
        {
            "number": "1",
            "title": "Nettoyage des locaux",
            "cpv": ["90919200-4", "90911300-9"],
            "place": "Lyon",
        }
        | {"amount": 120_000},
        {
            "number": "2",
            "title": "Entretien des espaces verts",
            "cpv": ["77310000"],
            "place": "Nantes",
        },
        {
            "number": "3",
            "title": "Traiteur pour les réceptions",
            "cpv": ["55520000-1"],
            "place": "Lyon",
        }
        | {"amount": 15_500.5},
    ],
}
TEXT = """Avis de marché
Objet : Services pour la ville
Lieu d'exécution : Lyon

Lot n° 1 : Nettoyage des locaux
CPV : 90919200-4, 90911300-9
Montant estimé : 120 000 € HT

LOT 2 – Entretien des espaces verts (CPV 77310000-6)
Lieu : Nantes

Lot n°3 :
Intitulé : Traiteur pour les réceptions
Code CPV : 55520000-1
Valeur estimée : 15.500,50 EUR
"""


def _ubl(lot: str, title: str, codes: list[str], town: str, amount: str = "") -> str:
    total = f"<b:EstimatedOverallContractAmount currencyID='EUR'>{amount}</b:EstimatedOverallContractAmount>"
    kinds = ["Main", *["Additional"] * len(codes)]
    return (
        f"<a:ProcurementProjectLot><b:ID schemeName='Lot'>{lot}</b:ID><a:ProcurementProject><b:ID>x</b:ID>"
        f"<b:Name languageID='FRA'>{title}</b:Name>"
        + (f"<a:RequestedTenderTotal>{total}</a:RequestedTenderTotal>" if amount else "")
        + "".join(
            f"<a:{kind}CommodityClassification><b:ItemClassificationCode listName='cpv'>{code}"
            f"</b:ItemClassificationCode></a:{kind}CommodityClassification>"
            for kind, code in zip(kinds, codes, strict=False)
        )
        + (
            f"<a:RealizedLocation><a:Address><b:CityName>{town}</b:CityName></a:Address></a:RealizedLocation>"
            * bool(town)
        )
        + "</a:ProcurementProject></a:ProcurementProjectLot>"
    )


EFORMS = (
    "<?xml version='1.0' encoding='UTF-8'?><ContractNotice xmlns='urn:oasis:names:specification:ubl:schema:xsd:"
    "ContractNotice-2' xmlns:a='urn:a' xmlns:b='urn:b'><a:ProcurementProject><b:Name>Services pour la ville</b:Name>"
    "<a:RealizedLocation><a:Address><b:CityName>Lyon</b:CityName></a:Address></a:RealizedLocation>"
    "</a:ProcurementProject>"
    + _ubl("LOT-0001", "Nettoyage des locaux", ["90919200", "90911300"], "", "120000")
    + _ubl("LOT-0002", "Entretien des espaces verts", ["77310000"], "Nantes")
    + _ubl("LOT-0003", "Traiteur pour les réceptions", ["55520000"], "Lyon", "15500.50")
    + "</ContractNotice>"
)


def as_json(lots: Sequence[Lot]) -> dict[str, Any]:
    return {
        "lots": [
            {"number": one.number, "title": one.title, "cpv": list(one.cpv), "place": one.place}
            | ({} if one.amount is None else {"amount": one.amount})
            for one in lots
        ]
    }


def as_text(lots: Sequence[Lot]) -> str:
    return "\n".join(
        f"Lot n° {one.number} : {one.title}\n"
        + (f"CPV : {', '.join(one.cpv)}\n" if one.cpv else "")
        + (f"Lieu : {one.place}\n" if one.place else "")
        + ("" if one.amount is None else f"Montant : {one.amount:.0f} €\n")
        + "Date : 2026\n"
        for one in lots
    )


def as_eforms(lots: Sequence[Lot]) -> str:
    told = (
        _ubl(f"LOT-{one.number:0>4}", one.title, list(one.cpv), one.place, _told(one))
        for one in lots
    )
    head = "<ContractNotice xmlns:a='urn:a' xmlns:b='urn:b'><a:ProcurementProject/>"
    return f"{head}{''.join(told)}</ContractNotice>"


def _told(lot: Lot) -> str:
    return "" if lot.amount is None else f"{lot.amount:.2f}"
