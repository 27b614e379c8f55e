"""The sources that there are."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.sources import decp, ess, esus, finess, le_marche, le_marche_db, les_emplois, marche, rge, sirene
from indexer.sources.connector import Connector

CONNECTORS: Mapping[str, Connector] = {
    module.CONNECTOR.name: module.CONNECTOR
    for module in (les_emplois, marche, le_marche, le_marche_db, finess, decp, sirene, rge, esus, ess)
}
