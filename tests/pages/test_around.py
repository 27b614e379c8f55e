"""What surrounds the pages: errors, an absent engine, caching, files, headers."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from discovery.app import create_app
from discovery.mappings import Settings
from tests.pages.reading import Reader, parameters

# Errors


def test_an_unknown_value_is_said_with_near_choices(reader: Reader) -> None:
    page = reader.search("nettoyage", kind="ESATT,EI", lang="fr")
    assert page.status == 422
    assert page.heading == "Cette recherche n'est pas possible"
    notice = page.root.first("ul", class_="problems").first("li")
    assert notice.text.startswith("Type « ESATT » n'existe pas.")
    choice = next(one for one in notice.every("a") if one.text.startswith("ESAT "))
    assert parameters(choice.attributes["href"])["kind"] == ["EI,ESAT"]
    assert reader.open(choice.attributes["href"]).status == 200
    assert page.root.first("input", id="q").attributes["value"] == "nettoyage"


def test_all_faults_are_said_at_once_each_with_its_way_out(reader: Reader) -> None:
    page = reader.search(
        "nettoyage", kind="ESATT", sector="netoyage", near="Qzxwvk", coverage="x", page="0"
    )
    problems = page.root.first("ul", class_="problems").every("li")
    assert len(problems) == 5
    asked = {"q", "kind", "sector", "near", "coverage"}
    gone = [asked - parameters(one.every("a")[-1].attributes["href"]).keys() for one in problems]
    assert sorted(map(sorted, gone)) == [
        [],
        ["coverage"],
        ["kind"],
        ["near"],
        ["sector"],
    ]  # a page is never kept


def test_a_place_without_centre_offers_to_search_in_it(reader: Reader) -> None:
    page = reader.search("nettoyage", near="Île-de-France")
    assert page.status == 422
    choice = page.root.first("ul", class_="problems").first("a")
    assert choice.text == "Île-de-France"
    assert parameters(choice.attributes["href"]) == {"q": ["nettoyage"], "place": ["region:11"]}
    assert reader.open(choice.attributes["href"]).status == 200


def test_an_unknown_address_is_a_page_of_ours(reader: Reader) -> None:
    page = reader.open("/nulle-part")
    assert page.status == 404
    assert page.root.every("form", id="search")


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%00", "q=\ud83d", "near=<script>alert(1)</script>&radius=5", "page=9999999999999999999",
              "lang=<b>", "kind=&kind=,&sector=%2C", "literal=" + "x" * 3000, "q=a&q=b", "bbox=1,2,3",
              "lat=nan&lon=1", "per_page=1e9"],
)  # fmt: skip
def test_no_address_is_an_accident(reader: Reader, query: str) -> None:
    page = reader.open("/?" + query.encode("utf-8", "replace").decode())
    assert page.status in {200, 400, 422}
    scripts = [
        one
        for one in page.root.every("script")
        if one.attributes.get("type") != "application/ld+json"
    ]
    assert not [one for one in scripts if one.children]


def test_parameters_of_the_api_alone_do_no_harm(reader: Reader) -> None:
    page = reader.search("nettoyage", facets="none", key="abc")
    assert page.status == 200
    assert page.facet("kind")
    assert not page.root.every("p", class_="warning")


# Without an index


@pytest.fixture
def away(tmp_path: Path) -> Reader:
    return Reader(create_app(Settings(home=tmp_path)).test_client())


def test_without_an_engine_the_form_is_still_there(away: Reader) -> None:
    page = away.search("nettoyage", near="Lyon", kind="ESAT", lang="en")
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "5"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.root.first("input", id="q").attributes["value"] == "nettoyage"
    assert page.root.first("input", id="near").attributes["value"] == "Lyon"
    again = page.link("Try again")
    assert parameters(again) == {
        "q": ["nettoyage"],
        "near": ["Lyon"],
        "kind": ["ESAT"],
        "lang": ["en"],
    }


@pytest.mark.parametrize(
    "address", ["/fournisseurs/propre-lyon-fiche", "/selection?id=propre-lyon", "/feed.atom"]
)
def test_others_wait_too(away: Reader, address: str) -> None:
    page = away.open(address)
    assert (page.status, page.response.headers["Retry-After"]) == (503, "5")


# Caching and files


@pytest.mark.parametrize("address", ["/?q=nettoyage", "/fournisseurs/propre-lyon-fiche"])
def test_the_same_page_is_not_sent_twice(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    etag = first.headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{address}{'&' if '?' in address else '?'}lang=en").headers["ETag"] != etag


NAMED = {"canonical", "alternate", "search"}
"""Relations whose address is told, not loaded."""


def test_files_are_kept_for_a_year_under_an_address_of_their_content(reader: Reader) -> None:
    page = reader.open("/")
    addresses = {
        one.attributes[name]
        for tag, name in (("link", "href"), ("script", "src"), ("img", "src"))
        for one in page.root.every(tag)
        if one.attributes.get("rel") not in NAMED
    }
    assert {address.rpartition(".")[2] for address in addresses} == {"css", "js", "svg"}
    for address in addresses:
        answer = reader.client.get(address)
        assert answer.status_code == 200
        assert re.search(r"/[0-9a-f]{16}/\w+\.\w+$", address)
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    ["page.css", "x.secret", "0123456789abcdef.../render.py", "0123456789abcdef.%2e%2e/urls.py"],
)
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


# What a page may do


PAGES = ["/", "/?q=nettoyage+%C3%A0+30+km+de+Lyon", "/?kind=x", "/fournisseurs/propre-lyon-fiche", "/nulle-part",
         "/stats", "/types", "/besoin", "/confidentialite", "/sourcing?q=nettoyage"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_no_inline_script_nor_style(reader: Reader, address: str) -> None:
    page = reader.open(address)
    policy = page.response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert {"default-src 'self'", "frame-ancestors 'none'"} <= {
        one.strip() for one in policy.split(";")
    }
    assert not page.root.every("style")
    assert not [one for one in page.root.every() if "style" in one.attributes]
    assert not [
        name for one in page.root.every() for name in one.attributes if name.startswith("on")
    ]
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.parametrize("address", PAGES)
def test_headings_labels_and_ids_hold_together(reader: Reader, address: str) -> None:
    root = reader.open(address).root
    ids = [one.attributes["id"] for one in root.every() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert len(root.every("h1")) == 1
    for one in root.every():
        for name in ("aria-labelledby", "for"):
            assert one.attributes.get(name, ids[0]) in ids
    for field in [*root.every("input"), *root.every("select")]:
        if field.attributes.get("type") != "hidden":
            assert (
                root.every("label", for_=field.attributes["id"]) or field.attributes["aria-label"]
            )
    assert root.every("a", class_="skip")[0].attributes["href"].removeprefix("#") in ids


@pytest.mark.parametrize(
    "asked", ["/?q=nettoyage", "/selection?id=propre-lyon&id=parti&near=Qzxwvk"]
)
def test_pages_stand_at_the_root_whatever_prefix_is_said(reader: Reader, asked: str) -> None:
    text: Any = reader.client.get(asked, base_url="http://localhost/annuaire/").text
    own = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
    assert own
    assert not [one for one in own if one.startswith("/annuaire/")]
