"""The analysts' files of places: those of the package, their faults by line, and their reload."""

import shutil
from pathlib import Path

import pytest

from discovery.mappings import load_mappings, packaged_mappings
from discovery.places import gazetteer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_mappings(), tmp_path / "mappings"))


def test_the_packaged_files_hold_the_areas_that_buyers_name() -> None:
    named = load_mappings(packaged_mappings()).places
    assert len(named.areas) >= 200
    known = gazetteer().naming(named)
    for code in (
        "pays-d-auge",
        "grande-couronne",
        "ile-d-yeu",
        "morvan",
        "euralille",
        "grand-ouest",
    ):
        assert known.communes_in(f"area:{code}"), code


def test_every_area_has_communes_and_is_found_by_each_of_its_names() -> None:
    named = load_mappings().places
    known = gazetteer().naming(named)
    for one in named.areas:
        assert known.all_communes(one)
        for name in (one.name, *one.names):
            assert one in known.groupings_by_name(name), name


def test_former_regions_make_up_todays() -> None:
    known = gazetteer().naming(load_mappings().places)
    parts = {
        "44": ["Alsace", "Champagne-Ardenne", "Lorraine"],
        "75": ["Aquitaine", "Limousin", "Poitou-Charentes"],
        "84": ["Auvergne", "Rhône-Alpes"],
        "28": ["Basse-Normandie", "Haute-Normandie"],
        "27": ["Bourgogne", "Franche-Comté"],
        "76": ["Languedoc-Roussillon", "Midi-Pyrénées"],
        "32": ["Nord-Pas-de-Calais", "Picardie"],
    }
    for region, names in parts.items():
        codes = [code for name in names for code in known.groupings_by_name(name)[0].departments]
        assert sorted(codes) == [department.code for department in known.departments_of(region)]
