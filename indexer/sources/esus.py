"""`esus`: companies approved as socially useful, the Treasury's list as CSV, by SIREN. Its address changes with each
edition: whoever enables the source gives it."""

from __future__ import annotations

from indexer.sources.connector import Connector, Page, Parts
from indexer.sources.fetch import Fetcher
from indexer.sources.paged import sirens

NAME = "esus"
COLUMN = "numero_siren"


def page(fetcher: Fetcher, url: str, _part: str, _number: int) -> Page:
    return sirens(fetcher, url, COLUMN, NAME)


CONNECTOR = Connector(NAME, "", "which known suppliers hold the ESUS approval", 20, Parts.LISTED, page)
