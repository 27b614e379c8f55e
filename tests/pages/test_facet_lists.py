"""Long lists of values: a page holds their beginning, and leads to a page that has the whole."""

import pytest

from discovery.pages.results import page as results_page
from tests.pages.reading import Element, Page, Reader

LONG = ("sector", "region", "department", "network")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of the world's few suppliers are long."""
    monkeypatch.setattr(results_page, "TAIL", 0)
    monkeypatch.setattr(results_page, "SHOWN", 2)
    monkeypatch.setattr(results_page, "MIN_FOLDED", 1)


def told(page: Page, name: str) -> dict[str, tuple[str, str]]:
    """Value → what its link says, and where it leads."""
    return {value: (link.text, link.attributes["href"]) for value, link in page.facet(name).items()}


def whole(page: Page, name: str) -> Element:
    return page.root.first("details", id=f"fold-{name}").first("a", class_="whole")


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize(
    "asked", [{}, {"q": "nettoyage", "kind": "ESAT,EI"}, {"department": "69,38", "lang": "en"}]
)
def test_the_whole_list_is_one_click_away(
    reader: Reader, name: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"q": "", **asked, "view": "list"}
    complete = reader.search(**asked)
    monkeypatch.setattr(results_page, "TAIL", 0)
    monkeypatch.setattr(results_page, "SHOWN", 2)
    monkeypatch.setattr(results_page, "MIN_FOLDED", 1)
    page = reader.search(**asked)
    if not page.root.first("details", id=f"fold-{name}").every("a", class_="whole"):
        assert told(page, name) == told(complete, name)
        return
    assert told(page, name).items() < told(complete, name).items()
    link = whole(page, name)
    kept_out = page.root.every("meta", name="robots")
    assert kept_out or link.attributes["rel"] == "nofollow"
    after = reader.open(link.attributes["href"].partition("#")[0])
    assert after.total == page.total
    assert told(after, name) == told(complete, name)
    assert not after.root.first("details", id=f"fold-{name}").every("a", class_="whole")


@pytest.mark.usefixtures("short")
def test_what_is_chosen_is_on_the_page(reader: Reader) -> None:
    page = reader.search("", sector="nettoyage-de-vehicules", department="974")
    assert next(iter(page.facet("department"))) == "974"
    assert "nettoyage-de-vehicules" in page.facet("sector")
    assert next(iter(page.facet("sector_group"))) == "hygiene-et-proprete"
    assert "open" in page.root.first("details", id="in-sector_group-hygiene-et-proprete").attributes


@pytest.mark.usefixtures("short")
def test_choosing_from_the_whole_list_leads_to_a_short_page(reader: Reader) -> None:
    page = reader.open(whole(reader.search(""), "department").attributes["href"].partition("#")[0])
    value, link = list(page.facet("department").items())[-1]
    after = reader.open(link.attributes["href"])
    assert results_page.WHOLE not in link.attributes["href"]
    assert after.total == int(link.first("b").text)
    assert next(iter(after.facet("department"))) == value
