"""`rge`: establishments qualified for energy renovation, from the open data of ADEME (no token), by SIRET.

`GET …/lines?size=10000&select=siret,code_qualification` → `{total, results: [{siret, code_qualification}], next}`, a
line a qualification; `next` is the address of the following page. 100 requests in 5 seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from indexer.sources.connector import Connector, Page, Parts
from indexer.sources.fetch import Fetcher, Parameters, SourceError
from indexer.sources.paged import checked, numbered

NAME = "rge"
PAGE_SIZE = 10_000
SIRET_DIGITS = 14


def page(fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
    """A page of SIRETs that hold a qualification. Raises SourceError when the answer is not as it was agreed."""
    asked: Parameters = {"size": PAGE_SIZE, "select": "siret,code_qualification"} if number == 1 else {}
    answer = fetcher.json(url, asked)
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
        raise SourceError(f"{NAME}, page {number}: the answer has no results; the contract changed")
    following = answer.get("next") or ""
    if following and urlsplit(following)[:2] != urlsplit(url)[:2]:
        raise SourceError(f"{NAME}, page {number}: `next` leads to another host; the contract changed")
    sirets = ("".join(str(checked(one, ("siret",), NAME)["siret"]).split()) for one in answer["results"])
    found = dict(numbered(one.zfill(SIRET_DIGITS)) for one in sirets if one.isdecimal())
    return list(found.items()), 0, following if found else False


CONNECTOR = Connector(
    NAME,
    "https://data.ademe.fr/data-fair/api/v1/datasets/liste-des-entreprises-rge-2/lines",
    "which known suppliers hold an RGE qualification",
    1200,
    Parts.LISTED,
    page,
)
