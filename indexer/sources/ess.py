"""`ess`: companies of the social and solidarity economy, one open CSV of data.gouv.fr, by SIREN."""

from __future__ import annotations

from indexer.sources.connector import Connector, Page, Parts
from indexer.sources.fetch import Fetcher
from indexer.sources.paged import sirens

NAME = "ess"
COLUMN = "siren"


def page(fetcher: Fetcher, url: str, _part: str, _number: int) -> Page:
    return sirens(fetcher, url, COLUMN, NAME)


CONNECTOR = Connector(
    NAME,
    "https://www.data.gouv.fr/fr/datasets/r/57bc99ca-0432-4b46-8fcc-e76a35c9efaf",
    "which known suppliers are of the social and solidarity economy",
    20,
    Parts.LISTED,
    page,
    hosts=("data.gouv.fr",),
)
