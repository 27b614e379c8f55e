"""`/robots.txt` and `/sitemap.xml`: what search engines are told, and that all of it is there."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from discovery.app import application
from discovery.context import Services
from discovery.pages.crawlers import view
from indexer.record import Status
from tests.pages.reading import Reader
from tests.pages.world import SUPPLIERS

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ROOT = "https://achats.example"


@pytest.fixture
def published(services: Services) -> FlaskClient:
    """The same suppliers, no demonstration, under an address of its own."""
    settings = replace(services.settings, sample=False, public_url=ROOT)
    return application(replace(services, settings=settings)).test_client()


def entries(client: FlaskClient, path: str) -> dict[str, str]:
    """Address → day of its last change, or ""."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    tree = ElementTree.fromstring(answer.data)
    found = [
        (one.findtext(f"{SPACE}loc") or "", one.findtext(f"{SPACE}lastmod") or "") for one in tree
    ]
    assert len(found) == len(dict(found)), "an address twice"
    return dict(found)


def paths(client: FlaskClient) -> list[str]:
    """Of all pages, part after part, as a crawler finds them from the index."""
    found: list[str] = []
    for part in entries(client, "/sitemap.xml"):
        assert part.startswith(ROOT)
        found += entries(client, part.removeprefix(ROOT))
    assert all(address.startswith(f"{ROOT}/") for address in found)
    return [address.removeprefix(ROOT) for address in found]


def hidden(services: Services) -> frozenset[str]:
    return services.mappings.vocabulary.hidden_kinds


def test_every_live_supplier_is_listed_once_and_no_other(
    published: FlaskClient, services: Services
) -> None:
    found = [path for path in paths(published) if path.startswith("/fournisseurs/")]
    assert len(found) == len(set(found)) == services.status().documents
    live = [one for one in SUPPLIERS if one.status is Status.LIVE and not one.closed]
    shown = [one for one in live if one.kind not in hidden(services)]
    assert set(found) == {f"/fournisseurs/{one.slug or one.id}" for one in shown}
    assert len(shown) < len(SUPPLIERS)


def test_days_are_those_of_the_profiles(published: FlaskClient, services: Services) -> None:
    days = entries(published, "/sitemap/suppliers-1.xml")
    document = services.engine.get("structure-001")
    assert document is not None
    assert (
        days[f"{ROOT}/fournisseurs/structure-001"]
        == (document["public"].get("updated_at") or "")[:10]
    )
    assert {day for day in days.values() if day} >= {"2026-01-15", "2024-06-30"}
    assert all(date.fromisoformat(day) for day in days.values() if day)
    assert "" in days.values()  # a profile that tells no day: none is made up


def test_what_is_listed_is_there_in_its_language_and_may_be_kept(published: FlaskClient) -> None:
    others = [path for path in paths(published) if not path.startswith("/fournisseurs/")]
    assert {"/", "/?lang=en", "/stats", "/types?lang=en", "/mentions-legales"} < set(others)
    assert "/?sector=restauration" in others
    reader = Reader(published)
    for path in [*others, "/fournisseurs/propre-lyon-fiche"]:
        page = reader.open(path)
        assert page.status == 200, path
        assert not page.root.every("meta", name="robots"), path
        assert page.root.first("link", rel="canonical").attributes["href"] == ROOT + path


def test_a_head_reads_nobody_and_all_may_be_cached(published: FlaskClient) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/suppliers-1.xml"):
        answer = published.head(path)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "max-age=3600" in answer.headers["Cache-Control"]


def test_robots_are_told_where_the_sitemap_is_and_kept_off_what_is_no_page(
    published: FlaskClient,
) -> None:
    answer = published.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {ROOT}/sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert "/api/v1/" in closed
    assert not [path for path in paths(published) if path.startswith(tuple(closed))]


def test_a_demonstration_asks_to_be_left_out(reader: Reader) -> None:
    assert reader.client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_without_a_public_address_no_host_is_told_but_one_that_the_settings_name(
    services: Services,
) -> None:
    settings = replace(services.settings, sample=False, trusted_hosts=("achats.example",))
    client = application(replace(services, settings=settings)).test_client()
    known = client.get("/robots.txt", base_url="https://achats.example").text
    assert "Sitemap: https://achats.example/sitemap.xml" in known
    assert (
        "Sitemap: http://achats.example"
        in client.get("/robots.txt", base_url="http://achats.example").text
    )
    client = application(
        replace(services, settings=replace(settings, trusted_hosts=()))
    ).test_client()
    assert "Sitemap" not in client.get("/robots.txt", base_url="https://autre.example").text
    index = client.get("/sitemap.xml", base_url="https://autre.example").text
    assert "<loc>/sitemap/suppliers-1.xml</loc>" in index


@given(
    st.lists(
        st.tuples(st.text(min_size=1).map(lambda text: f"https://a/{text}"), st.dates().map(str)),
        max_size=900,
    )
)
def test_any_address_is_read_back_as_it_was(pairs: list[tuple[str, str]]) -> None:
    writable = [(address, day) for address, day in pairs if address.isprintable()]
    tree = ElementTree.fromstring(b"".join(view.urls(writable)))
    assert [
        (one.findtext(f"{SPACE}loc"), one.findtext(f"{SPACE}lastmod")) for one in tree
    ] == writable
