"""Searches followed: as a reader that asks again and again sees them, and as the page offers them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.app import create_app
from discovery.mappings import Settings
from discovery.pages.follow.view import ENTRIES
from indexer.context import Context
from indexer.record import Supplier
from indexer.store import repository
from tests import feeds
from tests.memo import migrated
from tests.pages.reading import Reader, parameters
from tests.pages.world import SIZE, crowd

MEDIA = {"/feed.atom": "application/atom+xml; charset=utf-8", "/feed.json": "application/feed+json"}
PATHS = list(MEDIA)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(client: FlaskClient, path: str, query: str = "") -> feeds.Read:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.text
    return (feeds.atom if path == "/feed.atom" else feeds.json_feed)(response.data)


# What it tells


@pytest.mark.parametrize("path", PATHS)
def test_the_newest_come_first_and_no_more_than_fifty(client: FlaskClient, path: str) -> None:
    found = read(client, path)
    assert found.ids == [f"crowd-{number:03}" for number in range(SIZE - 1, SIZE - 1 - ENTRIES, -1)]
    assert found.entries[0][4] == "2025-06-06T09:00:00Z", "129 hours after the first"


@pytest.mark.parametrize(
    "query",
    ["q=nettoyage", "q=menuiserie+%C3%A0+50+km+de+Lyon", "kind=ESAT,EI&department=69", "near=Lyon&radius=80",
     "q=traiteur&coverage=serves&place=commune:44109", "bbox=-2,46,0,48", "interpret=false&q=blanchisserie"],
)  # fmt: skip
def test_it_holds_who_the_page_finds_sorted_so(reader: Reader, query: str) -> None:
    page = reader.open(f"/?{query}&sort=listed&per_page=100")
    found = read(reader.client, "/feed.atom", query)
    listed = [title.partition(" – ")[0] for title in found.titles]
    assert listed
    assert listed == page.names[: len(listed)]
    assert len(listed) == min(ENTRIES, page.total) or len(listed) < page.total, (
        "who has no date is left out"
    )


def test_it_says_what_is_followed_in_the_buyer_s_words(client: FlaskClient) -> None:
    found = read(
        client, "/feed.atom", "q=nettoyage+%C3%A0+30+km+de+Lyon&certification=rge&kind=ESAT"
    )
    assert found.title == "Nouveaux fournisseurs : « nettoyage à 30 km de Lyon », ESAT, RGE"
    assert read(client, "/feed.atom").title == "Nouveaux fournisseurs"


def test_english_is_whole(client: FlaskClient) -> None:
    found = read(client, "/feed.atom", "q=cleaning&kind=ESAT&lang=en")
    assert (found.lang, found.title) == ("en", "New suppliers: “cleaning”, ESAT")
    assert found.about == f"The {ENTRIES} newest suppliers that match this search exactly."
    assert found.author == "Find an inclusive supplier"
    assert all("Sheltered workshop" in summary for *_, summary, _, _ in found.entries)
    assert all(url.endswith("?lang=en") for _, url, *_ in found.entries)
    assert all(parameters(address)["lang"] == ["en"] for address in (found.home, found.address))


def test_its_links_lead_to_the_search_the_supplier_and_itself(reader: Reader) -> None:
    found = read(reader.client, "/feed.atom", "q=nettoyage&kind=ESAT&per_page=5&page=3&sort=name")
    assert parameters(found.home) == {"q": ["nettoyage"], "kind": ["ESAT"], "sort": ["listed"]}
    assert parameters(found.address) == {"q": ["nettoyage"], "kind": ["ESAT"]}
    _, url, title, *_ = found.entries[0]
    assert reader.open(url).root.first("h1").text == title.partition(" – ")[0]
    assert (
        reader.client.get(found.address).data
        == reader.client.get("/feed.atom?q=nettoyage&kind=ESAT").data
    )


# Who matches strictly, nobody else


@pytest.mark.parametrize("q", ["menuizerie", "blanchiserie"])
def test_a_search_that_the_page_widens_is_not_widened(reader: Reader, q: str) -> None:
    page = reader.search(q)
    assert page.total > 0
    told = [page.root.every("p", class_=one) for one in ("warning", "didyoumean")]
    assert any(told), "the page says that it widened"
    found = read(reader.client, "/feed.atom", f"q={quote(q)}")
    assert found.entries == ()
    assert found.updated == "1970-01-01T00:00:00Z"
    assert q in found.title


def test_what_is_not_open_yet_is_not_announced(home: Path, client: FlaskClient) -> None:
    opened = create_app(Settings(home=home, scope="region=84")).test_client()
    found, whole = read(opened, "/feed.atom", "kind=ESAT"), read(client, "/feed.atom", "kind=ESAT")
    assert "Auvergne-Rhône-Alpes" in found.about
    assert "Auvergne-Rhône-Alpes" not in whole.about
    assert 0 < len(found.ids) < len(whole.ids)
    assert found.ids == [id for id in whole.ids if id in set(found.ids)]
    assert all(title.endswith(("(69)", "(38)")) for title in found.titles), (
        "its two departments of the world"
    )


# Over HTTP


@pytest.mark.parametrize("path", PATHS)
def test_it_is_kept_and_not_sent_twice(client: FlaskClient, path: str) -> None:
    first = client.get(f"{path}?q=nettoyage")
    assert first.headers["Content-Type"] == MEDIA[path]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["X-Robots-Tag"] == "noindex"
    again = client.get(f"{path}?q=nettoyage", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{path}?q=blanchisserie", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert (
        client.get(path, headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [("kind=ESATT", 422, "kind"), ("radius=x", 400, "radius"), ("near=Lyon&radius=9999", 422, "radius"),
     ("bbox=1,2", 400, "bbox"), ("q=" + "x" * 301, 422, "q"), ("profile=zzz", 422, "profile")],
    ids=["kind", "radius", "range", "bbox", "q", "profile"],
)  # fmt: skip
def test_what_can_not_be_asked_is_a_problem(
    client: FlaskClient, path: str, query: str, status: int, parameter: str
) -> None:
    response = client.get(f"{path}?{query}", headers={"Accept": "application/atom+xml, */*;q=0.1"})
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert [one["parameter"] for one in response.get_json()["errors"]] == [parameter]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_person_reads_an_error_as_a_page(reader: Reader) -> None:
    page = reader.open("/feed.atom?kind=ESATT")
    assert page.status == 422
    assert page.root.first("h1").text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    ["q=%00%08%1b%3Cb%3E%26", "q=%ED%A0%80", "near=%00&q=a", "literal=%0B", "q=%F0%9F%98%80"],
)
def test_whatever_is_asked_is_answered_well_formed(
    client: FlaskClient, path: str, query: str
) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code < 500
    if response.status_code == 200:
        read(client, path, query)


def test_behind_another_name_entries_stay_the_same(home: Path) -> None:
    """The service's own address, whichever a reader came by."""
    client = create_app(Settings(home=home, public_url="https://achats.example")).test_client()
    one, other = (
        feeds.atom(client.get("/feed.atom?kind=ESAT", headers={"Host": host}).data)
        for host in ("a.test", "b.test:8080")
    )
    assert one == other
    assert one.entries[0][0].startswith("tag:achats.example,2026:supplier/")
    assert one.entries[0][1].startswith("https://achats.example/fournisseurs/")


# On the page


def test_the_page_offers_what_readers_look_for(reader: Reader) -> None:
    page = reader.open("/?q=nettoyage&kind=ESAT&sort=name&page=2&per_page=5")
    links = [
        one
        for one in page.root.first("head").every("link", rel="alternate")
        if "type" in one.attributes
    ]
    assert {one.attributes["type"]: one.attributes["href"] for one in links} == {
        media.partition(";")[0]: f"{path}?q=nettoyage&kind=ESAT" for path, media in MEDIA.items()
    }
    follow = page.root.first("details", id="follow")
    assert "Sans compte ni adresse de courriel" in follow.text
    assert page.link("Flux Atom") == "/feed.atom?q=nettoyage&kind=ESAT"
    assert page.link("Flux JSON") == "/feed.json?q=nettoyage&kind=ESAT"
    newest = reader.open(page.link("Cette page triée par nouveauté, à mettre en favori"))
    assert (
        newest.root.first("select", id="sort").first("option", selected="").text
        == "Tri : Nouveaux d'abord"
    )
    assert newest.total == page.total


# What it is for


@pytest.fixture
def indexing(tmp_path: Path) -> Iterator[Context]:
    """A store that feeds the index of a service, through the ledger, as in production."""
    context = Context(migrated(Settings(home=tmp_path)))
    yield context
    context.store.dispose()


def put(context: Context, now: datetime, *suppliers: Supplier) -> None:
    with context.store.begin() as connection:
        repository.save(connection, suppliers, now)
    context.synchroniser().drain()


def etag(response: TestResponse) -> dict[str, str]:
    return {"If-None-Match": response.headers["ETag"]}


def test_a_supplier_newly_listed_is_announced_first_and_once(indexing: Context) -> None:
    known = [replace(one, kind="ESAT", updated_at=None) for one in crowd(4)]
    put(indexing, NOW, *known)
    client = create_app(Settings(home=indexing.settings.home)).test_client()
    address = "/feed.atom?kind=ESAT"
    before = client.get(address)
    assert feeds.atom(before.data).ids == [one.id for one in known], "listed together: by id"

    edited = replace(known[0], description="Autre chose.")
    put(
        indexing,
        NOW + timedelta(days=1),
        edited,
        Supplier(id="elsewhere", name="Une autre", kind="EI"),
    )
    assert feeds.atom(client.get(address).data).ids == [one.id for one in known], (
        "an edit is no listing"
    )

    put(
        indexing,
        NOW + timedelta(days=2),
        Supplier(id="zz-new", name="La Nouvelle", kind="ESAT", city="Nantes"),
    )
    after = client.get(address, headers=etag(before))
    assert after.status_code == 200
    found = feeds.atom(after.data)
    assert found.ids == ["zz-new", *(one.id for one in known)]
    assert (found.titles[0], found.updated) == (
        "La Nouvelle – ESAT, Nantes",
        "2026-03-03T12:00:00Z",
    )
    assert {entry[0] for entry in feeds.atom(before.data).entries} < {
        entry[0] for entry in found.entries
    }
    assert client.get(address, headers=etag(after)).status_code == 304


# As people read it

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        ("", False),
        ("application/atom+xml, application/rss+xml, text/html;q=0.5, */*;q=0.1", False),
        ("application/feed+json, text/html", False),
    ],
)
def test_a_browser_gets_a_page_and_a_reader_the_feed(
    client: FlaskClient, accept: str, page: bool
) -> None:
    response = client.get("/feed.atom?q=nettoyage", headers={"Accept": accept})
    assert response.mimetype == ("text/html" if page else "application/atom+xml")
    assert "Accept" in response.headers["Vary"], "no cache gives one for the other"
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_says_what_the_feed_says(reader: Reader, lang: str) -> None:
    query = f"q=nettoyage&kind=ESAT&lang={lang}"
    page = reader.open(f"/feed.atom?{query}")
    found = read(reader.client, "/feed.atom", query)
    article = page.root.first("article")
    assert [one.text for one in article.every("h2")] == found.titles
    assert article.first("h1").text in page.root.first("title").text
    followed = article.first("input").attributes["value"]
    assert urlsplit(followed).netloc, "an address that a reader elsewhere can ask"
    assert parameters(followed)["kind"] == ["ESAT"]
    assert "2025" in article.first("li").text
    assert (
        page.root.first("link", rel="alternate", type_="application/atom+xml").attributes["href"]
        == followed
    )
    there = reader.open(page.root.first("a", class_="language").attributes["href"])
    assert there.root.first("html").attributes["lang"] != lang
    assert len(there.root.first("article").every("h2")) == len(found.titles)
