"""How a supplier is reached, and what its page keeps of the search that led there."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.app import create_app
from discovery.context import Services
from discovery.mappings import Settings
from discovery.pages.results.page import letter, quote_request
from discovery.search.listing import matched
from discovery.search.query import Query
from discovery.texts import translator
from tests.pages.reading import Element, Page, Reader

SEARCH = "/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI&sort=name&view=map"


def profile(reader: Reader, address: str, at: int = 0) -> Page:
    card = reader.open(address).root.every("li", class_="card")[at]
    return reader.open(card.first("h2").first("a").attributes["href"])


def reasons(page: Page | Element) -> list[str]:
    root = page.root if isinstance(page, Page) else page
    return [one.text for found in root.every("ul", class_="why") for one in found.every("li")]


# The way back


def test_a_profile_leads_back_to_the_search_as_it_was(reader: Reader) -> None:
    listed = reader.open(SEARCH)
    page = profile(reader, SEARCH)
    back = reader.open(page.link("← Retour aux résultats"))
    assert (back.names, list(back.chips("understood"))) == (
        listed.names,
        list(listed.chips("understood")),
    )
    assert back.root.every("section", id="map")


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_profile_says_why_as_the_list_does(reader: Reader, at: int) -> None:
    listed = reader.open(SEARCH).root.every("li", class_="card")[at]
    told = reasons(profile(reader, SEARCH, at))
    assert told[-len(reasons(listed)) :] == reasons(listed)


@pytest.mark.parametrize("address", ["/fournisseurs/propre-lyon-fiche", "/fournisseurs/propre-lyon-fiche?lang=en",
                                     "/fournisseurs/propre-lyon-fiche?kind=x&near=Lyonn"])  # fmt: skip
def test_a_profile_without_a_search_that_can_be_made_leads_nowhere(
    reader: Reader, address: str
) -> None:
    page = reader.open(address)
    assert page.status == 200
    assert not page.root.every("p", class_="back")
    assert not page.root.every("section", class_="reasons")


def test_a_profile_has_one_address_for_machines_wherever_one_came_from(reader: Reader) -> None:
    path = "/fournisseurs/propre-lyon-fiche"
    page, plain = reader.open(f"{path}?q=nettoyage&near=Lyon"), reader.open(path)
    assert page.link("← Retour aux résultats")
    canonical = [
        one.first("link", rel="canonical").attributes["href"] for one in (page.root, plain.root)
    ]
    assert canonical[0] == canonical[1]


@pytest.mark.parametrize(
    "query", [Query(q="nettoyage"), Query(near="Lyon", radius=50.0), Query(), Query(q="zzyzx")]
)
def test_a_search_finds_each_of_its_own_and_no_other(services: Services, query: Query) -> None:
    found = services.search.search(
        Query(q=query.q, near=query.near, radius=query.radius, per_page=100, facets=())
    )
    ids = [one.id for one in found.page.hits]
    for id_ in ids[-3:]:
        answer = matched(services.search, query, id_)
        assert answer is not None
        assert answer.page.hits[0].id == id_
        assert answer.page.total == found.page.total
    assert matched(services.search, query, "jamais-vu") is None


# Ways to reach


def test_a_card_and_a_profile_show_what_is_public(reader: Reader, services: Services) -> None:
    shown = 0
    for card in reader.search(per_page="100").root.every("li", class_="card"):
        document = services.search.get(card.attributes["data-id"])
        assert document is not None
        public = document["public"]
        links = [
            one.attributes["href"]
            for found in card.every("ul", class_="ways-to")
            for one in found.every("a")
        ]
        contact = public.get("contact") or {}
        assert [one for one in links if one.startswith(("tel:", "mailto:"))] == [
            *([f"tel:{contact['phone'].replace(' ', '')}"] if contact.get("phone") else []),
            *([f"mailto:{contact['email']}"] if contact.get("email") else []),
        ]
        shown += len(links)
    assert shown


emails = st.emails()


@given(st.lists(emails, min_size=1, max_size=30), st.text(max_size=3_000))
def test_a_letter_reaches_everyone_once_and_shows_nobody_to_others(
    to: list[str], need: str
) -> None:
    url = quote_request(to, need.encode("utf-8", "ignore").decode(), translator("fr"))
    parts = urlsplit(url)
    fields = parse_qs(parts.query)
    hidden = parts.query.partition("bcc=")[2].partition("&")[0].split(",")
    everyone = [unquote(one) for one in (parts.path, *hidden) if one]
    assert parts.scheme == "mailto"
    assert everyone == list(dict.fromkeys(to))
    assert bool(parts.path) == (len(everyone) == 1)
    assert set(fields) <= {"bcc", "subject", "body"}


def test_a_letters_text_can_not_add_a_field() -> None:
    url = letter("a@b.example", "x&bcc=c@d.example", "one\nBcc: c@d.example\n&cc=e@f.example")
    assert parse_qs(urlsplit(url).query).keys() == {"subject", "body"}
    assert "%0D%0A" in url


def test_a_letter_says_what_is_needed_and_where_as_the_search_did(reader: Reader) -> None:
    profile = reader.open("/fournisseurs/propre-lyon-fiche?q=nettoyage+%C3%A0+Lyon")
    letter = unquote(profile.link("Demander un devis"))
    assert "Notre besoin\u00a0: nettoyage à Lyon" in letter
    assert "Lieu\u00a0: Lyon (69)" in letter
    assert profile.root.first("input", id="q").attributes["value"] == "nettoyage à Lyon"
    kept = reader.open("/selection?id=propre-lyon&near=Nantes&need=vitres")
    assert "Lieu\u00a0: Nantes (44)" in unquote(kept.link("Demander un devis"))


def test_mistakes_are_told_to_who_keeps_the_service(home: Path, reader: Reader) -> None:
    address = "/fournisseurs/propre-lyon-fiche"
    assert "Signaler une erreur" not in reader.open(address).root.text
    told = Reader(
        create_app(Settings(home=home, report_to="fiches@exemple.fr")).test_client()
    ).open(address)
    url = unquote(told.link("Signaler une erreur"))
    assert url.startswith("mailto:fiches@exemple.fr?")
    assert address in url
