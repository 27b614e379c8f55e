from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from discovery.config import MappingsError, Settings, SettingsError, load_mappings
from discovery.config.equivalences import Rule
from discovery.context import make_services, open_engine


def test_services_are_made_and_warmed_without_an_index(tmp_path: Path) -> None:
    services = make_services(Settings(home=tmp_path))
    services.warm()
    assert not services.status().ready
    assert "indexer rebuild" in services.status().reason
    assert list(tmp_path.iterdir()) == [], "reading makes no file"


def test_an_engine_that_this_version_lacks_is_a_setting_to_change() -> None:
    with pytest.raises(SettingsError, match="DISCOVERY_ENGINE=http://node:9200"):
        open_engine(Settings(engine="http://node:9200"))


def test_faults_of_equivalences_are_told_at_start(tmp_path: Path) -> None:
    mappings = load_mappings()
    rule = Rule(("deux mots",), ("un",), 7)
    broken = replace(mappings, equivalences=replace(mappings.equivalences, rules=(rule,)))
    with pytest.raises(MappingsError) as raised:
        make_services(Settings(home=tmp_path), mappings=broken)
    assert raised.value.problems[0].line == 7
