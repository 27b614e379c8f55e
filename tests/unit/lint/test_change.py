"""What an edit needs is told from what it means."""

from pathlib import Path

import pytest

from discovery.mappings import packaged_mappings
from discovery.mappings.files import Need
from tests.unit.lint.conftest import Edit
from tools.lint.change import changes


def needs(folder: Path) -> dict[str, Need]:
    return {change.file: change.need for change in changes(packaged_mappings(), folder)}


@pytest.mark.parametrize(
    ("name", "old", "new", "need"),
    [
        ("profiles/balanced.yaml", "weight: 3.0", "weight: 3.5", Need.RELOAD),
        ("profiles/balanced.yaml", "why: The reference.", "why: It is the reference.", Need.NOTHING),
        ("profiles/balanced.yaml", "weight: 3.0", "weight: 3.00  # more exactly", Need.NOTHING),
        ("synonyms/words.txt", "colis, paquet", "colis, paquet, pli", Need.RELOAD),
        ("synonyms/words.txt", "colis, paquet", "# parcels\n\ncolis, paquet", Need.NOTHING),
        ("vocabulary/own_words.yaml", "[manutention]", "[manutention, manutentions]", Need.REBUILD),
        ("synonyms/multiword.txt", "sous vide =>", "sous vide, sous le vide =>", Need.REBUILD),
        ("stems.txt", "hotte, hottes", "hotte", Need.REBUILD),
        ("stop.txt", "le\n", "le\nlo\n", Need.REBUILD),
        ("suppliers.json", '"k1": 1.2', '"k1": 1.3', Need.REBUILD),
        ("vocabulary/kinds.yaml", "Entreprise d'insertion", "Entreprise", Need.REBUILD),
        ("judgments/sample.yaml", "queries:", "queries:  # many", Need.NOTHING),
        ("collisions.yaml", "Heating, and a driver.", "Heating, and drivers.", Need.NOTHING),
    ],
)
def test_an_edit_needs_what_it_changes(edit: Edit, name: str, old: str, new: str, need: Need) -> None:
    assert needs(edit(name, old, new)) == {name: need}


def test_files_that_come_and_go(folder: Path) -> None:
    (folder / "profiles" / "mine.yaml").write_text("name: mine\n", encoding="utf-8")
    (folder / "profiles" / "trusted.yaml").unlink()
    (folder / "vocabulary" / "naf.yaml").unlink()
    assert needs(folder) == {
        "profiles/mine.yaml": Need.RELOAD,
        "profiles/trusted.yaml": Need.RELOAD,
        "vocabulary/naf.yaml": Need.REBUILD,
    }
