"""What search engines see: titles, summaries, one address a page and language, and what they may
keep.
"""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.app import application
from discovery.context import Services, make_services
from discovery.mappings import Settings
from discovery.pages.frame.urls import PageUrls, in_language
from tests.pages.reading import Page, Reader

PAGES = ("/", "/stats", "/types", "/besoin", "/confidentialite", "/fournisseurs/propre-lyon-fiche",
         "/?q=nettoyage&page=2", "/?sector=restauration", "/sourcing?q=nettoyage")  # fmt: skip


def head(page: Page) -> tuple[str, str]:
    """(title, description)"""
    description = page.root.first("meta", name="description").attributes["content"]
    return page.root.first("title").text, description


def kept(page: Page) -> bool:
    return not page.root.every("meta", name="robots")


def links(page: Page, rel: str) -> dict[str, str]:
    """Language → address of the page itself, which feeds are not."""
    found = [
        one.attributes for one in page.root.every("link", rel=rel) if "type" not in one.attributes
    ]
    return {one.get("hreflang", ""): one["href"] for one in found}


def test_titles_and_summaries_differ_from_page_to_page_and_language_to_language(
    reader: Reader,
) -> None:
    heads = [
        head(reader.open(in_language(address, lang))) for address in PAGES for lang in ("fr", "en")
    ]
    assert len({title for title, _ in heads}) == len(heads)
    assert all(20 < len(title) < 120 and 30 < len(summary) < 260 for title, summary in heads), heads


def test_a_trade_is_named_with_how_many_do_it(reader: Reader) -> None:
    page = reader.search("", sector="blanchisserie")
    title, summary = head(page)
    assert title.startswith(f"Blanchisserie : {page.total} fournisseurs inclusifs – ")
    assert "Blanchisserie" in summary
    assert not kept(page), "its family has a page of its own"
    english, _ = head(reader.search("", sector="blanchisserie", lang="en"))
    assert english.startswith(f"{page.total} inclusive suppliers: ")
    assert not head(reader.search("", sector="blanchisserie", kind="ESAT"))[0].startswith(
        "Blanchisserie"
    )


def test_the_widget_and_the_open_data_are_one_click_from_every_page(reader: Reader) -> None:
    for lang in ("fr", "en"):
        foot = reader.open(f"/?q=nettoyage&lang={lang}").root.first("footer")
        addresses = [one.attributes["href"].partition("?")[0] for one in foot.every("a")]
        assert {"/widget", "/open-data"} <= set(addresses)
    assert reader.open("/widget").status == 200


def test_a_search_is_named_by_its_phrase_and_count_and_not_kept(reader: Reader) -> None:
    page = reader.search("nettoyage près de Lyon")
    title, summary = head(page)
    assert title.startswith(f"nettoyage près de Lyon – {page.heading} – ")
    assert summary.startswith(f"{page.heading} pour «\u00a0nettoyage près de Lyon\u00a0»")
    assert not kept(page)
    assert not kept(reader.search("", kind="ESAT"))
    assert not kept(reader.search("", kind="ESATT"))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_home_page_and_families_of_trades_are_kept(
    reader: Reader, services: Services, lang: str
) -> None:
    assert kept(reader.open(f"/?lang={lang}"))
    page = reader.open(f"/?sector=restauration&lang={lang}")
    assert kept(page)
    label = services.mappings.vocabulary.sector_groups["restauration"].label(lang)
    assert label in head(page)[0]
    assert page.heading in head(page)[1]
    assert not kept(reader.open(f"/?sector=restauration&page=2&lang={lang}"))


@pytest.mark.parametrize("address", PAGES)
def test_each_language_names_itself_and_the_other_by_absolute_addresses(
    reader: Reader, address: str
) -> None:
    french, english = (reader.open(in_language(address, lang)) for lang in ("fr", "en"))
    named = links(french, "alternate")
    assert set(named) == {"fr", "en", "x-default"}
    assert links(english, "alternate") == named
    assert named["x-default"] == named["fr"] == links(french, "canonical")[""]
    assert named["en"] == links(english, "canonical")[""]
    for lang in ("fr", "en"):
        parts = urlsplit(named[lang])
        assert parts.scheme == "http"
        there = reader.open(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        assert there.root.first("html").attributes["lang"] == lang
        assert (
            there.root.first("title").text
            == (french if lang == "fr" else english).root.first("title").text
        )


def test_addresses_are_those_seen_from_outside(services: Services) -> None:
    settings = Settings(home=services.settings.home, public_url="https://achats.example/annuaire")
    client = application(make_services(settings)).test_client()
    mounted = Reader(client).open("/types?lang=en")
    assert links(mounted, "canonical")[""] == "https://achats.example/annuaire/types?lang=en"


@given(
    st.lists(
        st.tuples(st.sampled_from(["q", "place", "kind", "lang"]), st.text(min_size=1)), max_size=4
    )
)
def test_a_language_is_put_and_taken_and_nothing_else_changes(pairs: list[tuple[str, str]]) -> None:
    surrogates_gone = [(name, value.encode("utf-8", "replace").decode()) for name, value in pairs]
    address = PageUrls(surrogates_gone, "/x").keep()
    english = in_language(address, "en")
    assert english.endswith("lang=en")
    assert in_language(english, "en") == english
    assert (
        in_language(english, "fr")
        == PageUrls([pair for pair in surrogates_gone if pair[0] != "lang"], "/x").keep()
    )
