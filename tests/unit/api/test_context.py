import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.context import make_services, open_engine
from discovery.mappings import MappingsError, Settings, load_mappings
from discovery.mappings.equivalences import Rule


def test_services_are_made_and_warmed_without_an_index(tmp_path: Path) -> None:
    services = make_services(Settings(home=tmp_path))
    services.warm()
    assert not services.status().ready
    assert "indexer rebuild" in services.status().reason
    assert {one.name for one in tmp_path.iterdir()} <= {"trades"}, (
        "reading makes no file but what was learnt"
    )


def test_an_address_opens_elasticsearch_which_may_be_away() -> None:
    status = open_engine(Settings(engine="http://127.0.0.1:1", index_prefix="firms")).status()
    assert (status.engine, status.ready) == ("elasticsearch", False)
    assert status.index.startswith("firms-format-")
    assert "can't be reached" in status.reason


def test_without_its_client_elasticsearch_is_a_package_to_install() -> None:
    code = (
        "import sys\nsys.modules['elastic_transport'] = None\n"  # as if it were not installed
        "from discovery.mappings import Settings, SettingsError\nfrom discovery.context import open_engine\n"
        "try: open_engine(Settings(engine='http://127.0.0.1:1'))\nexcept SettingsError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'inclusive-discovery[elasticsearch]'" in done.stdout


def test_faults_of_equivalences_are_told_at_start(tmp_path: Path) -> None:
    mappings = load_mappings()
    rule = Rule(("deux mots",), ("un",), 7)
    broken = replace(mappings, equivalences=replace(mappings.equivalences, rules=(rule,)))
    with pytest.raises(MappingsError) as raised:
        make_services(Settings(home=tmp_path), mappings=broken)
    assert raised.value.problems[0].line == 7
