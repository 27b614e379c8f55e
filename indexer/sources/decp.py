"""`decp`: public contracts that suppliers of the store won, from the tabular API of data.gouv.fr
(open, no token).

`GET …/data/?titulaire_id__exact=SIRET&dateNotification__sort=desc&page_size=50` → `{data, meta:
{total}}`, 50 ms between requests.
"""

from collections.abc import Mapping
from typing import Any

from indexer.sources.connector import Keyed, Page, checked, since
from indexer.sources.fetch import Fetcher, Parameters, SourceError

NAME = "decp"
PAGE_SIZE = 50
NEEDED = ("uid", "objet", "codeCPV", "dateNotification", "acheteur_nom")
RESERVED = "réservé"
"""In `considerationsSociales` ("Marché réservé"), of contracts that only inclusive structures could
win.
"""
FALSE = frozenset({False, "false", "False", "non"})


def page(fetcher: Fetcher, url: str, siret: str, number: int) -> Page:
    """A page of a supplier's public contracts of the last years. Raises SourceError."""
    asked: Parameters = {
        "titulaire_id__exact": siret,
        "dateNotification__sort": "desc",
        "page_size": PAGE_SIZE,
        "page": number,
    }
    answer = fetcher.json(url, asked)
    total = answer.get("meta", {}).get("total") if isinstance(answer, Mapping) else None
    if not isinstance(total, int) or not isinstance(answer.get("data"), list):
        raise SourceError(
            f"{NAME}, SIRET {siret}: the answer is no page with a total; the contract changed"
        )
    rows = answer["data"]
    found = [keyed(row, siret) for row in rows]
    first = since()
    recent = [(key, one) for key, one in found if key and one["contracts"][0]["won"] >= first]
    # Sorted by date: what follows a page that is too old is older still.
    more = len(rows) == PAGE_SIZE and number * PAGE_SIZE < total and bool(recent)
    return recent, 0, more


def keyed(row: Any, siret: str) -> Keyed:
    """A contract as a fact about its winner; without a key when it was amended since. Raises
    SourceError when it is not what the contract says.
    """
    row = checked(row, NEEDED, NAME)
    contract = {
        "object": row["objet"] or "",
        "cpv": row["codeCPV"] or "",
        "buyer": row["acheteur_nom"] or "",
        "source": NAME,
        "won": str(row["dateNotification"] or "")[:10],
        "amount": row.get("montant"),
        "reserved": RESERVED in str(row.get("considerationsSociales") or "").lower(),
    }
    current = row.get("donneesActuelles") not in FALSE
    return f"{siret}:{row['uid']}" if current else "", {
        "siret": siret,
        "source": NAME,
        "contracts": [contract],
    }
