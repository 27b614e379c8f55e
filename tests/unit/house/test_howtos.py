"""Each how-to for developers, followed in a scratch copy: it works, and touches no more files than it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.house.scratch import Scratch

SERVE = """
import json, tempfile
from pathlib import Path
from discovery.app import create_app
from discovery.config import Settings
client = create_app(Settings(home=Path(tempfile.mkdtemp()))).test_client()
"""


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "house")


def test_add_a_page(scratch: Scratch) -> None:
    assert len(scratch.follow("add-a-page")) <= 6, "two of them its texts, one a language"
    code = SERVE + "print(json.dumps([client.get(one).text for one in ('/a-propos', '/a-propos?lang=en', '/types')]))"
    french, english, other = json.loads(scratch.run(code).splitlines()[-1])
    assert "<h1>Qui sommes-nous ?</h1>" in french
    assert "<h1>Who we are</h1>" in english
    assert 'href="/a-propos"' in other
    assert 'href="/a-propos?lang=en"' in english


def test_add_an_import_format(scratch: Scratch) -> None:
    assert len(scratch.follow("add-an-import-format")) <= 2
    (scratch.folder / "liste.csv").write_text(
        "raison_sociale;numero_siret;code_postal;commune\nAtelier du Pont;34876543200016;69003;Lyon\n", encoding="utf-8"
    )
    code = """
import io, json
from indexer.intake.readers import recognise
text = open("liste.csv", encoding="utf-8").read()
form = recognise(text)
print(json.dumps([form.name, form.source, [dict(row.raw) for row in form.read(io.StringIO(text))]]))
"""
    name, source, rows = json.loads(scratch.run(code))
    assert (name, source) == ("directory", "federation")
    assert rows == [
        {
            "name": "Atelier du Pont",
            "siret": "34876543200016",
            "address": {"post_code": "69003", "city": "Lyon"},
            "kind": "EA",
        }
    ]
