"""What our two /metrics really say: scraped from a service and read from a store, by name and
labels.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from indexer.run.metrics import StoreCollector
from indexer.store import observations
from indexer.store.engine import open_store
from tests.api.corpus import build_index
from tests.memo import migrated
from tests.served import Served

Series = dict[str, dict[str, set[str]]]
"""Of each name, its labels and the values met."""


def of_the_service(home: Path) -> Series:
    """After a search that finds somebody, and one that does not."""
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings())
    served = Served(home, home / "log", workers=1)
    try:
        for phrase in ("nettoyage", "nulle+part+ailleurs+xyzzy"):
            assert served.get(f"/api/v1/search?q={phrase}")[0] == 200
        status, _, text = served.get("/metrics")
        assert status == 200
        return read(text.decode())
    finally:
        served.stop()


def of_the_indexer(home: Path) -> Series:
    settings = migrated(Settings(home=home))
    store = open_store(settings.store_url)
    observations.note_check(store, observations.Check(datetime.now(UTC), 1, {"missing": 0}))
    observations.note_pull(store, observations.Pull("finess", 1, datetime.now(UTC)))
    registry = CollectorRegistry()
    registry.register(StoreCollector(lambda: open_store(settings.store_url)))
    return read(generate_latest(registry).decode())


def read(text: str) -> Series:
    found: Series = defaultdict(lambda: defaultdict(set))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = found[sample.name]
            for name, value in sample.labels.items():
                labels[name].add(value)
    return found


_SELECTOR = re.compile(r"\b([a-z_:]+)\s*\{([^}]*)\}|\b(discovery_[a-z_]+|up)\b")
_MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')
_BY = re.compile(r"\bby\s*\(([^)]*)\)")


def asked(expression: str) -> tuple[dict[str, dict[str, list[str]]], set[str]]:
    """Of a PromQL expression: each series with the labels and values that it must match, and what
    it is grouped by.
    """
    series: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, matchers, bare in _SELECTOR.findall(expression):
        series[name or bare] |= {
            label: value.split("|") for label, value in _MATCHER.findall(matchers)
        }
    grouped = {label.strip() for labels in _BY.findall(expression) for label in labels.split(",")}
    return series, grouped
