"""Each how-to for developers, followed in a scratch copy: it works, and touches no more files than
it says. All in one copy, since what changes the package is made ready anew: six copies took 48 s of
processor.
"""

import json
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.unit.house.scratch import HOME, Scratch

SERVE = """
import json, tempfile
from pathlib import Path
from discovery.app import create_app
from discovery.mappings import Settings
client = create_app(Settings(home=Path(tempfile.mkdtemp()))).test_client()
"""


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("howtos")]
TOUCHED = {
    "add-a-page": 5, "add-a-facet": 6, "add-a-ranking-signal": 4, "add-a-source": 3, "edit-a-text": 2,
    "add-an-import-format": 2,
}  # fmt: skip
"""The most files that a how-to makes or changes: of texts two, one a language."""


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    house = Scratch(tmp_path_factory.mktemp("howtos") / "house")
    for howto, most in TOUCHED.items():
        assert 0 < len(house.follow(howto)) <= most, howto
    return house


def test_add_a_page(scratch: Scratch) -> None:
    code = (
        SERVE
        + "print(json.dumps([client.get(one).text for one in ('/a-propos', '/a-propos?lang=en', '/types')]))"
    )
    french, english, other = json.loads(scratch.run(code).splitlines()[-1])
    assert "<h1>Qui sommes-nous\u202f?</h1>" in french
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
from discovery.mappings import Settings
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


SIGNAL = """
import json, os, tempfile
from pathlib import Path
home = Path(tempfile.mkdtemp())
os.environ["DISCOVERY_HOME"] = str(home)
from click.testing import CliRunner
from indexer.cli import main
assert CliRunner().invoke(main, ["import", "list.csv"]).exit_code == 0
from discovery.app import create_app
from discovery.mappings import Settings
from discovery.engine.elasticsearch.query import search
from discovery.engine.port import Order, SearchRequest, Signals
client = create_app(Settings(home=home)).test_client()
print(json.dumps({
    name: [one["id"] for one in client.get(f"/api/v1/search?q=nettoyage{more}").json["results"]]
    for name, more in {"with": "", "without": "&without=network,rotation"}.items()
} | {
    "explained": client.get("/api/v1/explain?q=nettoyage&id=b").json,
    "body": search.body(SearchRequest(order=Order.RELEVANCE, signals=Signals(base=1, network=0.02))),
}))
"""


def test_add_a_ranking_signal(scratch: Scratch) -> None:
    (scratch.folder / "list.csv").write_text(
        "id,name,kind,address.post_code,address.city,activities.sector,networks,client_references\n"
        "a,Atelier du Pont,EA,69003,Lyon,nettoyage-de-locaux,,Une mairie\n"
        "b,Atelier du Quai,EA,69003,Lyon,nettoyage-de-locaux,unapei,\n",
        encoding="utf-8",
    )
    said = json.loads(scratch.run(SIGNAL).splitlines()[-1])
    assert said["with"] == ["b", "a"], "a member before its equal"
    assert said["without"] == ["a", "b"], "as full a profile: the id decides"
    told = {"name": "network", "label": "membre d'un réseau", "value": 0.02}
    assert any(told.items() <= part.items() for part in parts(said["explained"]))
    member = {"constant_score": {"filter": {"exists": {"field": "networks"}}, "boost": 0.02}}
    assert json.dumps(member) in json.dumps(said["body"])


def parts(told: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(told, dict):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from parts(one)


SOURCE = """
import json, os, tempfile, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
os.environ["DISCOVERY_HOME"] = tempfile.mkdtemp()
members = [{"numero": n, "nom": f"Atelier {n}", "siret": siret, "code_postal": "69003", "ville": "Lyon"}
           for n, siret in ((1, "34876543200016"), (2, "39750420000015"))]

class Federation(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(members).encode())
    def log_message(self, *args):
        pass

server = HTTPServer(("127.0.0.1", 0), Federation)
threading.Thread(target=server.serve_forever, daemon=True).start()
from click.testing import CliRunner
from indexer.cli import main
from indexer.context import Context
from indexer.store.engine import reading

def pull(*more):
    words = ["pull", "federation", "--url", f"http://127.0.0.1:{server.server_port}/", *more]
    code = CliRunner().invoke(main, words).exit_code
    with reading(Context().store) as connection:
        rows = connection.exec_driver_sql("SELECT name, kind, source, status FROM supplier ORDER BY name").all()
    return code, [list(row) for row in rows]

first = pull()
members.pop()
print(json.dumps([first, pull("--force")]))
"""


def test_add_a_source(scratch: Scratch) -> None:
    first, second = json.loads(scratch.run(SOURCE).splitlines()[-1])
    assert first == [
        0,
        [["Atelier 1", "EA", "federation", "live"], ["Atelier 2", "EA", "federation", "live"]],
    ]
    assert [row[3] for row in second[1]] == ["live", "delisted"], "who left the source is gone"


def test_edit_a_text(scratch: Scratch) -> None:
    code = SERVE + "print(json.dumps([client.get(one).text for one in ('/', '/?lang=en')]))"
    french, english = json.loads(scratch.run(code).splitlines()[-1])
    assert "<span>Trouver</span></button>" in french
    assert "<span>Find</span></button>" in english


def test_add_an_import_format(scratch: Scratch) -> None:
    (scratch.folder / "liste.csv").write_text(
        "raison_sociale;numero_siret;code_postal;commune\nAtelier du Pont;34876543200016;69003;Lyon\n",
        encoding="utf-8",
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


FORGOTTEN = """
import pytest
pytest.main(["-q", "-p", "no:cacheprovider", "-k", "not elasticsearch", "--tb=no", "-rf",
             "tests/contract/test_every_filter.py", "tests/pages/test_every_parameter.py"])
"""


def test_add_a_filter(tmp_path: Path) -> None:
    """A field that stands in `Filters` and `Query` alone: each place that the page names is missed
    by name.
    """
    scratch = Scratch(tmp_path / "house")
    shutil.copytree(
        HOME / "tests", scratch.folder / "tests", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(HOME / "pyproject.toml", scratch.folder)
    for name, above in (("discovery/engine/port.py", '    siret: str = ""\n'),
                        ("discovery/search/query.py", '    presumed: str | None = None\n')):  # fmt: skip
        path = scratch.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(above) == 1
        path.write_text(
            text.replace(above, f'{above}    updated_since: str = ""\n'), encoding="utf-8"
        )
    missed = scratch.run(FORGOTTEN)
    for test in ("it_filters_as_a_filter_and_as_a_scope[embedded-updated_since]", "the_oracle_knows_it[updated_since]",
                 "worlds_draw_it[updated_since]", "the_api_describes_every_parameter",
                 "every_field_of_a_query_is_of_one_sort",
                 "it_is_named_where_it_is_said_to_keep_a_supplier_out[fr-updated_since]"):  # fmt: skip
        assert f"test_{test}" in missed, f"{test}\n{missed}"
