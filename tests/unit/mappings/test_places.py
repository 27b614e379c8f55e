"""The analysts' files of places: those of the package, their faults by line, and their reload."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from discovery.mappings import load_mappings
from discovery.mappings.files import AREAS, NAMES
from discovery.mappings.mappings import packaged_mappings
from discovery.mappings.watched import EVERY_S, watch_mappings
from discovery.places import gazetteer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_mappings(), tmp_path / "mappings"))


def test_the_packaged_files_hold_the_areas_that_buyers_name() -> None:
    named = load_mappings(packaged_mappings()).places
    assert len(named.areas) >= 200
    known = gazetteer().naming(named)
    for code in ("pays-d-auge", "grande-couronne", "ile-d-yeu", "morvan", "euralille", "grand-ouest"):
        assert known.communes_in(f"area:{code}"), code


def test_every_area_has_communes_and_is_found_by_each_of_its_names() -> None:
    named = load_mappings().places
    known = gazetteer().naming(named)
    for one in named.areas:
        assert known.all_communes(one)
        for name in (one.name, *one.names):
            assert one in known.groupings_by_name(name), name


def test_without_the_files_there_are_no_areas(folder: Path) -> None:
    (folder / AREAS).unlink()
    (folder / NAMES).unlink()
    assert load_mappings(folder).places.areas == ()


def test_an_edit_is_taken_in_without_a_restart(folder: Path) -> None:
    now = [0.0]
    watch = watch_mappings(load_mappings(folder), clock=lambda: now[0])
    file = folder / AREAS
    text = "  - slug: essai\n    name: Zone d'essai\n    members: [commune:69123]\n    why: Essai.\n"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    os.utime(file, (1, 1))
    now[0] += 2 * EVERY_S
    assert "essai" in {one.place.code for one in watch.current().places.areas}


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
