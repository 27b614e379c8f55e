"""Each how-to for developers, followed in a scratch copy: it works, and touches no more files than it says."""

from __future__ import annotations

import json
from html import unescape
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


FACET = """
import json, os, tempfile
from pathlib import Path
home = Path(tempfile.mkdtemp())
os.environ["DISCOVERY_HOME"] = str(home)
from click.testing import CliRunner
from indexer.cli import main
done = CliRunner().invoke(main, ["import", "list.csv"])
assert done.exit_code == 0, done.output
from discovery.app import create_app
from discovery.config import Settings
client = create_app(Settings(home=home)).test_client()
found = client.get("/api/v1/search?equality_label=alliance").json
PAGES = ("/?kind=EA", "/fournisseurs/a", "/selection?id=a&id=b")
search = client.get("/api/openapi.json").json["paths"]["/api/v1/search"]["get"]
described = {one["name"]: one for one in search["parameters"] if "name" in one}
print(json.dumps({
    "found": [one["id"] for one in found["results"]],
    "facet": {one["value"]: [one["label"], one["count"]] for one in found["facets"]["equality_label"]},
    "refused": client.get("/api/v1/search?equality_label=x").status_code,
    "profile": client.get("/api/v1/suppliers/a").json["equality_labels"],
    "vocabulary": [one["value"] for one in client.get("/api/v1/vocabulary").json["equality_labels"]],
    "described": described["equality_label"]["description"],
    "export": client.get("/api/v1/export.csv").text,
    "pages": [client.get(one, follow_redirects=True).text for one in PAGES],
    "widget": client.get("/widget/v1.js").status_code,
}))
"""


def test_add_a_facet(scratch: Scratch) -> None:
    assert len(scratch.follow("add-a-facet")) <= 6
    (scratch.folder / "list.csv").write_text(
        "id,name,kind,address.post_code,address.city,equality_labels\n"
        "a,Atelier du Pont,EA,69003,Lyon,alliance;egalite-professionnelle\n"
        "b,Atelier du Quai,EA,69003,Lyon,egalite-professionnelle\nc,Atelier du Parc,EA,69003,Lyon,\n",
        encoding="utf-8",
    )
    said = json.loads(scratch.run(FACET).splitlines()[-1])
    assert said["found"] == ["a"]
    assert said["facet"] == {
        "alliance": ["Alliance (égalité et diversité)", 1],
        "egalite-professionnelle": ["Égalité professionnelle", 2],
    }, "a count is the total of choosing it"
    assert said["refused"] == 422
    assert [one["slug"] for one in said["profile"]] == ["alliance", "egalite-professionnelle"]
    assert said["vocabulary"] == ["egalite-professionnelle", "alliance"]
    assert said["described"].startswith("Slugs of labels for equal opportunities")
    assert "Label d'égalité" in said["export"].splitlines()[0]
    assert "Alliance (égalité et diversité) | Égalité professionnelle" in said["export"]
    assert ["Label d'égalité" in unescape(page) for page in said["pages"]] == [True, True, True]


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
