"""A supplier's page, and the addresses that lead to it or no longer do."""

import json

import pytest
from flask.testing import FlaskClient

from discovery.pages.supplier.view import MAX_SIMILAR
from tests.pages.reading import Reader, parameters

PAGE = "/fournisseurs/propre-lyon-fiche"


def test_results_lead_to_it(reader: Reader) -> None:
    found = reader.search("Mains Claires")
    page = reader.open(found.link("Mains Claires"))
    assert page.status == 200
    assert page.root.first("h1").text == "Mains Claires"


def test_it_shows_the_profile(reader: Reader) -> None:
    page = reader.open(PAGE)
    text = page.root.first("main").text
    for shown in (
        "ESAT Les Mains Claires", "Nettoyage de bureaux et de vitres", "Blanchisserie", "Rhône (69)", "Vitrerie",
        "Mairie de l'Essai", "999 000 001 00019", "72", "1998", "15 janvier 2026", "RGE", "ISO 9001", "850 000 €",
        "contact@mains-claires.example", "0400000000", "Dans un rayon de 30 km", "Quartier prioritaire",
    ):  # fmt: skip
        assert shown in text, shown
    assert page.link("contact@mains-claires.example") == "mailto:contact@mains-claires.example"
    assert page.link("0400000000") == "tel:0400000000"


def test_without_agreement_no_contact_is_shown(reader: Reader) -> None:
    page = reader.open("/fournisseurs/eclat-villeurbanne-fiche")
    assert "prive@eclat.example" not in page.response.text


def test_an_address_that_runs_is_no_link(reader: Reader) -> None:
    page = reader.open("/fournisseurs/eclat-villeurbanne-fiche")
    assert "javascript:" not in page.response.text


def test_texts_are_escaped_everywhere(reader: Reader) -> None:
    for address in ("/fournisseurs/linge-nantes-fiche", "/?q=blanchisserie+draps"):
        page = reader.open(address)
        assert "ESAT <b>Les Draps</b> & Cie" in page.root.text
        assert not [
            one
            for one in page.root.every("script")
            if one.children and "type" not in one.attributes
        ]


def test_similar_suppliers_are_one_click_away(reader: Reader) -> None:
    page = reader.open(PAGE)
    address = page.link("Voir les structures semblables à moins de 50 km")
    assert parameters(address) == {
        "sector": ["nettoyage-de-locaux,blanchisserie"], "near": ["commune:69123"], "radius": ["50"]
    }  # fmt: skip
    found = reader.open(address)
    assert "Mains Claires" in found.names
    assert found.root.first("input", id="near").attributes["value"] == "Lyon (69)"


@pytest.mark.parametrize(
    "former",
    [
        "ancienne-adresse",
        "propre-lyon",
        "fondu",
        "fondu-fiche",
        "fondu-avant",
        "fondu-deux-fois-fiche",
    ],
)
def test_a_former_slug_an_id_and_a_merged_supplier_lead_to_todays_address(
    client: FlaskClient, former: str
) -> None:
    answer = client.get(f"/fournisseurs/{former}?lang=en")
    assert (answer.status_code, answer.location) == (301, f"{PAGE}?lang=en")


def test_others_of_the_same_company_are_named(reader: Reader) -> None:
    page = reader.open(reader.open("/fournisseurs/interim-lyon-fiche").link("Élan Coup de Main"))
    assert page.root.first("h1").text == "Élan Coup de Main"
    assert "Même organisme" in [one.text for one in page.root.every("h2")]
    assert page.link("Élan Intérim")


@pytest.mark.parametrize("slug", ["parti-fiche", "parti-avant"])
def test_a_withdrawn_supplier_is_gone(reader: Reader, slug: str) -> None:
    page = reader.open(f"/fournisseurs/{slug}")
    assert page.status == 410
    assert page.heading == "Fournisseur retiré"
    assert "Structure partie" not in page.response.text
    assert reader.send(page, q="nettoyage").names


def test_an_unknown_one_is_not_found(reader: Reader) -> None:
    page = reader.open("/fournisseurs/personne?lang=en")
    assert page.status == 404
    assert page.root.first("html").attributes["lang"] == "en"
    assert page.heading == "Unknown supplier"
    assert reader.send(page, q="cleaning").root.first("html").attributes["lang"] == "en"


def test_a_hidden_kind_has_no_page(reader: Reader) -> None:
    assert reader.open("/fournisseurs/cache-fiche").status == 404


def test_it_speaks_english(reader: Reader) -> None:
    page = reader.open(f"{PAGE}?lang=en")
    assert "Within 30 km" in page.root.text
    assert "15 January 2026" in page.root.text
    assert page.link("Français") == PAGE


def test_machines_read_an_organization(reader: Reader) -> None:
    """schema.org's, escaped so that no text of a profile can end the script."""
    page = reader.open(PAGE)
    [script] = page.root.every("script", type="application/ld+json")
    told = json.loads(str(script.children[0]))
    assert (told["@type"], told["name"], told["legalName"]) == (
        "Organization", "Mains Claires", "ESAT Les Mains Claires"
    )  # fmt: skip
    assert told["identifier"]["value"] == "99900000100019"
    assert told["address"]["addressLocality"] == "Lyon"
    assert told["url"] == page.root.first("link", rel="canonical").attributes["href"]
    assert told["url"] == f"http://localhost{PAGE}"
    assert "prive@" not in str(told)
    draps = reader.open("/fournisseurs/linge-nantes-fiche").root.first(
        "script", type="application/ld+json"
    )
    assert "<" not in str(draps.children[0])
    assert json.loads(str(draps.children[0]))["legalName"] == "ESAT <b>Les Draps</b> & Cie"


def test_similar_suppliers_nearby_are_shown_nearest_first_and_never_itself(reader: Reader) -> None:
    page = reader.open(PAGE)
    [section] = [
        one
        for one in page.root.every("section")
        if one.every("h2") and "semblables" in one.first("h2").text
    ]
    rows = section.every("li")
    assert 0 < len(rows) <= MAX_SIMILAR
    assert "Mains Claires" not in section.text
    distances = [
        float(one.first("span").text.rpartition("·")[2].removesuffix(" km").replace(",", "."))
        for one in rows
    ]
    assert distances == sorted(distances)
    for row in rows:
        assert (
            reader.open(row.first("a").attributes["href"]).root.first("h1").text
            == row.first("a").text
        )


def test_its_areas_are_drawn(reader: Reader) -> None:
    """30 km around Lyon, and departments named by another activity."""
    drawn = reader.open(PAGE).root.first("svg", class_="zone-map")
    assert len(drawn.every("circle", class_="pin")) == 1
    assert drawn.every(class_="covered")
    assert (
        not reader.open("/fournisseurs/nu")
        .root.first("svg", class_="zone-map")
        .every(class_="covered")
    )
