"""`/types`: every kind in plain words; and the kind's sentence on a supplier's page."""

from pathlib import Path

import pytest

from discovery.app import create_app
from discovery.context import Services
from discovery.mappings import Settings
from tests.pages.reading import Reader


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_is_explained_and_leads_to_as_many_suppliers_as_it_says(
    reader: Reader, services: Services, lang: str
) -> None:
    page = reader.open(f"/types?lang={lang}")
    boxes = {one.attributes["id"]: one for one in page.root.every("li", class_="figure")}
    kinds = services.mappings.vocabulary.kinds
    assert set(boxes) == set(kinds)
    for code, box in boxes.items():
        assert kinds[code].short[lang] in box.text
        assert kinds[code].for_buyers[lang] in box.text
    counted = reader.open(boxes["ESAT"].first("a").attributes["href"])
    assert counted.total == int("".join(filter(str.isdigit, boxes["ESAT"].first("a").text))) > 0
    assert not boxes["SEP"].every("a")  # nobody: nothing to open


def test_without_an_index_it_explains_and_does_not_count(
    tmp_path: Path, services: Services
) -> None:
    page = Reader(create_app(Settings(home=tmp_path)).test_client()).open("/types")
    assert page.status == 200
    box = page.root.first("li", id="EI")
    assert services.mappings.vocabulary.kinds["EI"].short["fr"] in box.text
    assert box.first("a").text == "Voir les fournisseurs"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_supplier_page_says_what_its_kind_is_and_where_the_others_are_explained(
    reader: Reader, services: Services, lang: str
) -> None:
    page = reader.open(f"/fournisseurs/propre-lyon-fiche?lang={lang}")
    told = page.root.first("p", class_="told")
    assert services.mappings.vocabulary.kinds["ESAT"].about(lang) in told.text
    there = reader.open(told.first("a").attributes["href"])
    assert there.root.first("li", id=told.first("a").attributes["href"].partition("#")[2])
    assert there.root.first("html").attributes["lang"] == lang
