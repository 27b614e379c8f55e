"""`sirene`: what is registered of suppliers of the store (activity, year, whether closed), from the
state's open search of companies (no token).

`GET /search?q=SIRET` → `{results: [{matching_etablissements: [{siret, activite_principale, …}],
…}]}`, 7 requests a second of one address. Names of people who run a company are in the answer too,
and are not even read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.intake import limits
from indexer.sources.connector import Page, Record
from indexer.sources.fetch import Fetcher, SourceError

NAME = "sirene"


def page(fetcher: Fetcher, url: str, siret: str, _number: int) -> Page:
    """What the register says of a SIRET. Raises SourceError when the answer is not as it was
    agreed.
    """
    answer = fetcher.json(url, {"q": siret})
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
        raise SourceError(f"{NAME}, SIRET {siret}: the answer has no results; the contract changed")
    found = [
        record(one, siret) for one in establishments(answer["results"]) if one.get("siret") == siret
    ]
    return [(siret, one) for one in found[:1]], 0, False


def establishments(results: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The establishments of an answer. Raises SourceError when the contract changed."""
    for company in results:
        if not isinstance(company, Mapping) or not isinstance(
            company.get("matching_etablissements"), list
        ):
            raise SourceError(
                f"{NAME}: a company has no matching_etablissements; the contract changed"
            )
        yield from (one for one in company["matching_etablissements"] if isinstance(one, Mapping))


def record(establishment: Mapping[str, Any], siret: str) -> Record:
    """What an establishment tells of the supplier with this SIRET. Raises SourceError when the
    contract changed.
    """
    if lacking := [
        name for name in ("activite_principale", "etat_administratif") if name not in establishment
    ]:
        raise SourceError(
            f"{NAME}: an establishment has no {', '.join(lacking)}; the contract changed"
        )
    made = str(establishment.get("date_creation") or "")[:4]
    return {
        "siret": siret,
        "source": NAME,
        "naf": establishment["activite_principale"] or "",
        "closed": establishment["etat_administratif"] == "F",
        "year_founded": int(made) if made.isdigit() and int(made) >= limits.FIRST_YEAR else None,
    }
