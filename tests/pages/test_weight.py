"""What a first view weighs and asks for: 100 kB at most without the map, all of it ours, a result
in the page.
"""

import re

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from tests.api.corpus import build_index
from tests.generated import suppliers
from tests.pages.reading import Reader
from tests.pages.weight import GOAL, files, first_view, imports
from tests.tables import cases

pytestmark = pytest.mark.xdist_group("weight")
PAGES = ["/", "/?view=list", "/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI", "/?per_page=50",
         "/fournisseurs/propre-lyon-fiche", "/stats", "/types", "/besoin", "/confidentialite",
         "/sourcing?q=nettoyage"]  # fmt: skip

DOCUMENT = 60_000
"""Bytes of a page's HTML before gzip, its styles, scripts and drawings apart."""


@pytest.mark.parametrize("address", PAGES)
def test_a_first_view_weighs_little_and_asks_nothing_of_others(
    client: FlaskClient, address: str
) -> None:
    view = first_view(client, address)
    assert view.elsewhere == []
    assert view.total <= GOAL, view.bytes_of
    kinds = {name.rpartition(".")[2] for name in view.bytes_of if name != address}
    assert {"css", "js"} <= kinds  # the whole of it was followed
    assert not [name for name in view.bytes_of if "leaflet" in name or "map-panel" in name]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Pages over 800 invented suppliers: full cards, long facets."""
    home = tmp_path_factory.mktemp("many")
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings(), tuple(suppliers(800)))
    return application(make_services(Settings(home=home))).test_client()


@pytest.mark.parametrize(
    "query", cases(__file__, "the_document_of_a_search_weighs_little_before_gzip")
)
def test_the_document_of_a_search_weighs_little_before_gzip(many: FlaskClient, query: str) -> None:
    document = many.get(f"/?{query}")
    assert document.text.count('class="card"') > 2
    assert len(document.data) <= DOCUMENT


TOOLS = ["/stats", "/sourcing?q=nettoyage", "/lieux?q=nettoyage&place=commune:69123&place=commune:38185",
         "/besoin", "/programme", "/verifier", "/widget", "/types", "/open-data", "/confidentialite"]  # fmt: skip


@pytest.mark.parametrize("address", TOOLS)
def test_every_other_page_weighs_as_little(many: FlaskClient, address: str) -> None:
    assert len(many.get(address).data) <= DOCUMENT


def test_records_weigh_as_little_whatever_they_cover(many: FlaskClient) -> None:
    country = many.get("/?national=only&per_page=10").text
    addresses = re.findall(r'<h2><a href="([^"]+)"', country + many.get("/?q=nettoyage").text)
    assert len(addresses) > 20
    assert max(len(many.get(address).data) for address in addresses) <= DOCUMENT


@pytest.mark.parametrize("address", ["/?view=list", "/?q=nettoyage", "/?per_page=50"])
def test_the_first_result_is_in_the_servers_html(reader: Reader, address: str) -> None:
    page = reader.open(address)
    cards = page.root.every("li", class_="card")
    assert cards[0].first("a").text
    assert reader.open(cards[0].first("a").attributes["href"]).status == 200


def test_what_a_page_loads_is_found_whatever_its_tag() -> None:
    html = (
        '<link rel="canonical" href="/a"><link rel="alternate" href="/b"><link rel="stylesheet" href="/c.css">'
        '<script type="module" src="/d.js"></script><img src="https://e.example/f.png" alt=""><script>x</script>'
    )
    assert files(html) == ["/c.css", "/d.js", "https://e.example/f.png"]


def test_only_what_is_imported_at_once_is_of_the_first_view() -> None:
    script = (
        'import { a } from "./a.js";\nimport "./b.js";\nconst c = await import("./c.js");\n'
        'import {\n  d,\n} from "./d.js";\n'
    )
    assert imports(script) == ["./a.js", "./b.js", "./d.js"]
