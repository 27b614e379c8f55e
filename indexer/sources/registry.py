"""The sources that there are."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.sources import decp, finess, les_emplois, sirene
from indexer.sources.connector import Connector

CONNECTORS: Mapping[str, Connector] = {
    module.CONNECTOR.name: module.CONNECTOR for module in (les_emplois, finess, decp, sirene)
}
