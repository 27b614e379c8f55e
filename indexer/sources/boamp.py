"""`boamp`: public contracts that suppliers of the store won, from award notices of the official bulletin (open, no
token).

`GET …/records?where=…&limit=100&offset=0` → `{total_count, results: [{idweb, objet, nomacheteur, dateparution,
donnees}]}`; `donnees` is the notice as JSON in a string: in eForms (since 2023) it tells lot by lot who won. A search
for a number finds buyers and losers too: what counts is a lot won alone under that very number. Of a group nobody says
who does what. Contacts are in the notice, and are not even read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.sources.connector import Keyed, Page, checked, since
from indexer.sources.fetch import Fetcher, Parameters, SourceError

NAME = "boamp"
PAGE_SIZE, MOST = 100, 10_000
"""Records of a page, and of a query: the host refuses to go beyond."""
NEEDED = ("idweb", "objet", "nomacheteur", "dateparution", "donnees")
NOTICE = "EFORMS/ContractAwardNotice"
FORM = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
RESULT = f"{FORM}/efac:NoticeResult"
CPV = "cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode"
COMPANY = "cac:PartyLegalEntity/cbc:CompanyID"
REQUIREMENT = "cac:TenderingTerms/cac:TendererQualificationRequest/cac:SpecificTendererRequirement"
WON, RESERVED = "selec-w", frozenset({"res-ws", "res-pub-ser"})
"""Codes of eForms: a winner was chosen; only inclusive structures could win."""
WORD = re.compile(r"[^\W\d_]{4}")
"""What the name of a lot has that says more than its number."""


def page(fetcher: Fetcher, url: str, siret: str, number: int) -> Page:
    """A page of the award notices of the last years that name a SIRET. Raises SourceError when the answer is not as
    agreed."""
    asked: Parameters = {
        "select": ",".join(NEEDED),
        "where": f'nature="ATTRIBUTION" and dateparution>=date\'{since()}\' and search(donnees,"{siret}")',
        "order_by": "dateparution desc, idweb desc",
        "limit": PAGE_SIZE,
        "offset": (number - 1) * PAGE_SIZE,
    }
    answer = fetcher.json(url, asked)
    total = answer.get("total_count") if isinstance(answer, Mapping) else None
    if not isinstance(total, int) or not isinstance(answer.get("results"), list):
        raise SourceError(f"{NAME}, SIRET {siret}: the answer is no page with a total; the contract changed")
    won = [keyed for row in answer["results"] for keyed in contracts(row, siret)]
    return won, 0, bool(answer["results"]) and number * PAGE_SIZE < min(total, MOST)


def contracts(row: Any, siret: str) -> Iterator[Keyed]:
    """The lots of a notice that a SIRET won alone, each as a fact about it; none of a notice in another form. Raises
    SourceError when it is no record of notices."""
    row = checked(row, NEEDED, NAME)
    try:
        told = json.loads(row["donnees"] or "{}")
    except (TypeError, ValueError):
        raise SourceError(f"{NAME}, {row['idweb']}: `donnees` is no JSON; the contract changed") from None
    for notice in nodes(told, NOTICE):
        lots = by_id(notice, "cac:ProcurementProjectLot")
        signed = by_id(notice, f"{RESULT}/efac:SettledContract")
        tenders = _tenders_of(notice, siret)
        for result in nodes(notice, f"{RESULT}/efac:LotResult"):
            ours = tenders.keys() & set(texts(result, "efac:LotTender/cbc:ID"))
            if not ours or text(result, "cbc:TenderResultCode") != WON:
                continue
            number = text(result, "efac:TenderLot/cbc:ID")
            lot = lots.get(number, {})
            name = text(lot, "cac:ProcurementProject/cbc:Name")
            day = text(signed.get(text(result, "efac:SettledContract/cbc:ID")), "cbc:IssueDate")
            contract = {
                "object": name if len(lots) > 1 and WORD.search(name) else row["objet"] or "",
                "cpv": text(lot, CPV),
                "buyer": row["nomacheteur"] or "",
                "source": NAME,
                "won": (day or str(row["dateparution"]))[:10],
                "amount": text(tenders[min(ours)], "cac:LegalMonetaryTotal/cbc:PayableAmount") or None,
                "reserved": not RESERVED.isdisjoint(texts(lot, f"{REQUIREMENT}/cbc:TendererRequirementTypeCode")),
            }
            yield f"{siret}:{row['idweb']}:{number}", {"siret": siret, "source": NAME, "contracts": [contract]}


def _tenders_of(notice: Any, siret: str) -> dict[str, Any]:
    """Tenders that a SIRET made alone; only those under contract, where the notice says which are."""
    companies = by_id(notice, f"{FORM}/efac:Organizations/efac:Organization/efac:Company", "cac:PartyIdentification/")
    own = {one for one, company in companies.items() if "".join(text(company, COMPANY).split()) == siret}
    parties = by_id(notice, f"{RESULT}/efac:TenderingParty")
    who = {one: set(texts(party, "efac:Tenderer/cbc:ID")) for one, party in parties.items()}
    alone = {one for one, tenderers in who.items() if tenderers and tenderers <= own}
    signed = set(texts(notice, f"{RESULT}/efac:SettledContract/efac:LotTender/cbc:ID"))
    return {
        one: tender
        for one, tender in by_id(notice, f"{RESULT}/efac:LotTender").items()
        if text(tender, "efac:TenderingParty/cbc:ID") in alone and (not signed or one in signed)
    }


def nodes(node: Any, path: str) -> Iterator[Any]:
    """What stands at a path of an XML document written as JSON: an element that comes once is no list there."""
    if isinstance(node, list):
        for one in node:
            yield from nodes(one, path)
    elif not path:
        yield node
    elif isinstance(node, Mapping):
        name, _, rest = path.partition("/")
        yield from nodes(node.get(name, []), rest)


def texts(node: Any, path: str) -> Iterator[str]:
    """The texts at a path; that of an element with attributes is its `#text`."""
    for one in nodes(node, path):
        yield str((one.get("#text") if isinstance(one, Mapping) else one) or "").strip()


def text(node: Any, path: str) -> str:
    """The first text at a path; "" where there is none."""
    return next(texts(node, path), "")


def by_id(node: Any, path: str, to_id: str = "") -> dict[str, Any]:
    """The elements at a path by their ids."""
    return {text(one, f"{to_id}cbc:ID"): one for one in nodes(node, path)}
