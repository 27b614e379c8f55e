"""Legal notice, privacy, accessibility: packaged texts, true to the settings, replaced file by
file.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from discovery.app import application
from discovery.context import Services
from discovery.pages.frame.urls import NOTICES
from tests.pages.reading import Page, Reader


def site_with(services: Services, **changed: object) -> Reader:
    """The same service with other settings."""
    settings = replace(services.settings, **changed)  # type: ignore[arg-type]
    return Reader(application(replace(services, settings=settings)).test_client())


def article(page: Page) -> str:
    return page.root.first("article").text


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_has_a_title_and_is_linked_from_every_page(
    reader: Reader, name: str, lang: str
) -> None:
    page = reader.open(f"{NOTICES[name]}?lang={lang}")
    assert page.status == 200
    title = page.root.first("h1").text
    assert page.root.first("title").text.startswith(title)
    assert page.root.first("html").attributes["lang"] == lang
    assert "{" not in article(page)
    for address in (f"/?lang={lang}", f"/fournisseurs/nu?lang={lang}"):
        links = reader.open(address).root.first("footer").every("a")
        assert any(one.attributes["href"].startswith(NOTICES[name]) for one in links)


def test_the_other_language_is_one_click_away(reader: Reader) -> None:
    page = reader.open(NOTICES["privacy"])
    there = reader.open(page.link("English"))
    assert there.root.first("h1").text == "Privacy"
    assert reader.open(there.link("Français")).root.first("h1").text == "Confidentialité"


def test_privacy_says_how_long_logs_are_kept_and_whether_words_are(services: Services) -> None:
    assert "gardés 30 jours" in article(site_with(services).open(NOTICES["privacy"]))
    assert "mots cherchés ne sont pas gardés" in article(
        site_with(services).open(NOTICES["privacy"])
    )
    kept = article(site_with(services, query_log=True, log_days=365).open(NOTICES["privacy"]))
    assert "gardés 365 jours" in kept
    assert "mots cherchés sont gardés aussi" in kept


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_privacy_names_who_serves_the_maps_tiles_if_anybody(services: Services, lang: str) -> None:
    address = f"{NOTICES['privacy']}?lang={lang}"
    own = article(site_with(services).open(address))
    assert "openstreetmap" not in own
    assert "tile.openstreetmap.org" in article(site_with(services, tiles="osm").open(address))
    other = site_with(services, tiles_url="https://{s}.tiles.example/{z}/{x}/{y}.png").open(address)
    assert " tiles.example" in article(other)
    assert "{" not in article(other)


def test_a_deployer_replaces_one_file_and_keeps_the_others(
    services: Services, tmp_path: Path
) -> None:
    (tmp_path / "legal.fr.html").write_text(
        "<h1>Mentions de l'Essai</h1><p>Éditeur &amp; Cie {log_days}</p>", "utf-8"
    )
    reader = site_with(services, notices=tmp_path)
    page = reader.open(NOTICES["legal"])
    assert page.root.first("h1").text == "Mentions de l'Essai"
    assert "Éditeur & Cie 30" in article(page)
    assert reader.open(f"{NOTICES['legal']}?lang=en").root.first("h1").text == "Legal notice"
    assert reader.open(NOTICES["privacy"]).root.first("h1").text == "Confidentialité"
