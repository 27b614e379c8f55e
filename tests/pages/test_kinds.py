"""`/types`: every kind in plain words; and the kind's sentence on a supplier's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from discovery.app import create_app
from discovery.context import Services
from discovery.mappings import Settings
from discovery.pages.frame.urls import PageUrls
from discovery.pages.static.view import groups
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


def test_only_kinds_that_count_for_the_clause_say_so(reader: Reader, services: Services) -> None:
    page = reader.open("/types")
    saying = {one.attributes["id"] for one in page.root.every("li", class_="figure") if "clause sociale" in one.text}
    assert saying == {code for code, kind in services.mappings.vocabulary.kinds.items() if kind.clause_sociale}


def test_without_an_index_it_explains_and_does_not_count(tmp_path: Path, services: Services) -> None:
    page = Reader(create_app(Settings(home=tmp_path)).test_client()).open("/types")
    assert page.status == 200
    box = page.root.first("li", id="EI")
    assert services.mappings.vocabulary.kinds["EI"].short["fr"] in box.text
    assert box.first("a").text == "Voir les fournisseurs"


def test_a_group_without_kinds_is_left_out(services: Services) -> None:
    vocabulary = services.mappings.vocabulary
    only = {code: kind for code, kind in vocabulary.kinds.items() if kind.group == "handicap"}
    found = groups(replace(vocabulary, kinds=only), {"EA": 3}, PageUrls(()), "fr")
    assert [group["value"] for group in found] == ["handicap"]
    assert {kind["code"]: kind["count"] for kind in found[0]["kinds"]} == {"EA": 3, "EATT": 0, "TIH": 0, "ESAT": 0}


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
