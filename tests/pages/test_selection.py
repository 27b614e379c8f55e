"""Suppliers side by side at an address that is the selection itself, and the file of exactly these."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import strategies as st

from discovery.context import Services
from discovery.pages.results.page import measured_from
from discovery.pages.shortlist.view import MAX_LINES, MAX_SELECTED, Line, zones
from discovery.search.query import Query
from discovery.texts import translator
from tests.pages.reading import Element, Page, Reader, parameters
from tests.tables import cases

CHOSEN = ("vert-vienne", "propre-lyon", "linge-nantes")


def selection(reader: Reader, *ids: str, **others: str) -> Page:
    return reader.open("/selection?" + urlencode([*(("id", one) for one in ids), *others.items()]))


def columns(page: Page) -> list[Element]:
    return [row for body in page.root.every("tbody") for row in body.every("tr")]


def kept(page: Page) -> list[str]:
    """Ids of the suppliers compared, in order."""
    return [row.attributes["data-kept"] for row in columns(page)]


def told(page: Page, row: str) -> dict[str, str]:
    """Id → what the row says of that supplier, its title aside."""
    cells = {
        one.attributes["data-kept"]: one.every("td", class_=f"of-{row}") for one in columns(page)
    }
    return {
        id_: " | ".join(line.text for line in found[0].every("span")[1:] if line.text)
        for id_, found in cells.items()
    }


def test_each_supplier_has_a_column_in_the_order_it_was_kept(reader: Reader) -> None:
    page = selection(reader, *CHOSEN)
    assert page.status == 200
    assert page.root.first("h1").text == "Sélection : 3 fournisseurs"
    assert kept(page) == list(CHOSEN)
    assert kept(selection(reader, *reversed(CHOSEN))) == list(reversed(CHOSEN))
    titles = [one.text for one in page.root.first("thead").every("th")]
    assert titles[0] == "Fournisseur"
    assert all(len(column.every("td")) == len(titles) - 1 for column in columns(page))


def test_a_column_says_what_a_buyer_compares(reader: Reader) -> None:
    page = selection(reader, *CHOSEN)
    assert told(page, "kind")["propre-lyon"].startswith(
        "ESAT – Établissement et service d'aide par le travail | "
    )
    assert told(page, "town")["linge-nantes"] == "Nantes (44)"
    deducted = told(selection(reader, *CHOSEN, need="nettoyage, 10 000 € HT"), "oeth")[
        "propre-lyon"
    ]
    assert deducted == "environ 22 % du prix HT, avant plafond | soit 2 175 € pour 10 000 € HT"
    assert told(page, "activities")["propre-lyon"] == "Nettoyage de locaux | Blanchisserie"
    zones_told = told(page, "zones")
    assert zones_told["linge-nantes"] == "Dans un rayon de 40 km"
    assert (
        zones_told["propre-lyon"]
        == "Dans un rayon de 30 km : Nettoyage de locaux | Rhône (69) : Blanchisserie"
    )
    assert told(page, "certifications")["propre-lyon"] == "RGE | ISO 9001"
    assert told(page, "networks")["propre-lyon"] == "UNAPEI"
    assert told(page, "employees")["propre-lyon"] == "72"
    assert "contact@mains-claires.example" in told(page, "contact")["propre-lyon"]
    assert told(page, "siret")["propre-lyon"] == "999 000 001 00019"
    assert told(page, "networks")["vert-vienne"] == "non renseigné"
    assert "prive@eclat.example" not in selection(reader, "eclat-villeurbanne").response.text


def test_an_amount_shared_by_all_tells_what_oeth_deducts_in_all(reader: Reader) -> None:
    page = selection(reader, *CHOSEN, need="nettoyage, 10 000 € HT")
    assert page.root.first("input", id="amount").attributes["value"] == "10\u202f000", (
        "as the need tells it"
    )
    page = reader.send(page, page.root.first("form", class_="place"), amount="30 k€")
    assert told(page, "oeth")["propre-lyon"].endswith("soit 6 525 € pour 30 000 € HT")
    said = page.root.first("p", id="oeth").text
    assert said.startswith(
        "30 000 € HT partagés entre ces 3 fournisseurs, 10 000 € chacun : environ"
    ), said
    fewer = reader.open(columns(page)[0].first("a", class_="remove").attributes["href"])
    assert "entre ces 2 fournisseurs, 15 000 € chacun" in fewer.root.first("p", id="oeth").text
    unread = selection(reader, *CHOSEN, amount="beaucoup")
    assert not unread.root.every("p", id="oeth")
    assert "« beaucoup » n'est pas un montant" in unread.root.first("p", class_="warning").text


def test_what_nobody_says_has_no_row_and_what_all_say_is_marked(reader: Reader) -> None:
    titles = [one.text for one in selection(reader, "nu").root.first("thead").every("th")]
    assert titles == ["Fournisseur", "Type", "Ville"]
    page = selection(reader, "propre-lyon", "linge-nantes")
    same = [one.text for one in page.root.first("thead").every("th", class_="same")]
    assert same == ["Type identique pour tous"]
    assert {cell.attributes["class"] for cell in page.root.every("td", class_="same")} == {
        "of-kind same"
    }
    assert not selection(reader, "propre-lyon").root.every("td", class_="same"), (
        "nothing to compare with"
    )


def test_distances_and_reach_are_those_of_the_place_of_the_need(reader: Reader) -> None:
    page = selection(
        reader, "propre-lyon", "vert-vienne", "linge-nantes", "bois-grenoble", near="Villeurbanne"
    )
    assert "Pour Villeurbanne (69)" in [one.text for one in page.root.first("thead").every("th")]
    reach = told(page, "reach")
    far = {id_: text.partition(" | ")[0] for id_, text in reach.items()}
    assert far["linge-nantes"] == "à 518 km"
    assert reach["propre-lyon"] == f"{far['propre-lyon']} | y intervient"
    assert reach["vert-vienne"].endswith("| à vérifier : demander s'il se déplace")
    assert reach["bois-grenoble"].endswith("| y intervient"), "all of France"
    found = reader.search(near="Villeurbanne", sort="distance", per_page="100")
    shown = {one.first("h2").text: one.first("strong").text for one in found.root.every("li", class_="card")
             if one.every("strong")}  # fmt: skip
    assert far["propre-lyon"] in shown["Mains Claires"], "as the search says it"


def test_it_says_for_which_activities_a_supplier_comes(reader: Reader) -> None:
    reach = told(selection(reader, "propre-lyon", "vert-vienne", near="Beaujeu"), "reach")
    assert reach["propre-lyon"].endswith("y intervient pour : Blanchisserie"), (
        "in the department, beyond 30 km"
    )
    assert told(selection(reader, "vert-vienne", near="Vienne"), "reach")["vert-vienne"].endswith(
        "établi sur place"
    )


def test_the_place_stays_in_every_link_and_in_the_file(reader: Reader) -> None:
    page = selection(reader, *CHOSEN, near="Lyon")
    for one in columns(page):
        assert parameters(one.first("a", class_="remove").attributes["href"])["near"] == [
            "commune:69123"
        ]
    assert parameters(page.link("CSV")) == {"id": list(CHOSEN), "near": ["commune:69123"]}
    assert parameters(page.link("English"))["near"] == ["commune:69123"]


@pytest.mark.parametrize(
    ("typed", "said"), [("Qzxwvk", "Lieu inconnu"), ("Île-de-France", "n'a pas de centre")]
)
def test_a_place_that_is_none_is_said_and_the_selection_stays(
    reader: Reader, typed: str, said: str
) -> None:
    page = selection(reader, *CHOSEN, near=typed)
    assert page.status == 200
    assert kept(page) == list(CHOSEN)
    assert said in page.root.first("div", id="unknown-place").text
    assert page.root.first("input", id="need").attributes["value"] == typed
    assert "near" not in parameters(page.link("CSV"))
    for choice in page.root.first("div", id="unknown-place").every("a"):
        assert kept(reader.open(choice.attributes["href"])) == list(CHOSEN)


def test_removing_leaves_the_others_in_their_order(reader: Reader) -> None:
    page = selection(reader, *CHOSEN)
    without = reader.open(columns(page)[1].first("a", class_="remove").attributes["href"])
    assert kept(without) == ["vert-vienne", "linge-nantes"]
    empty = reader.open(
        columns(selection(reader, "nu"))[0].first("a", class_="remove").attributes["href"]
    )
    assert empty.root.first("h1").text == "Votre sélection est vide"


def test_a_supplier_no_longer_listed_is_said_and_not_lost(reader: Reader) -> None:
    page = selection(reader, "propre-lyon", "parti", "jamais-vu")
    assert kept(page) == ["propre-lyon"]
    missing = [
        one.text for one in page.root.first("ul", class_="missing").every("span") if one.every("b")
    ]
    assert missing == ["parti n'est plus référencé.", "jamais-vu est inconnu ici."]
    assert parameters(page.link("English"))["id"] == ["propre-lyon", "parti", "jamais-vu"], (
        "its link keeps them"
    )
    assert parameters(page.link("CSV"))["id"] == ["propre-lyon"]
    dropped = page.root.first("ul", class_="missing").first("a").attributes["href"]
    assert parameters(dropped)["id"] == ["propre-lyon", "jamais-vu"]
    nobody = selection(reader, "parti")
    assert nobody.root.first("h1").text == "Sélection : aucun fournisseur"
    assert not nobody.root.every("table")


def test_beyond_thirty_it_says_how_many_are_not_shown(reader: Reader) -> None:
    ids = [f"crowd-{number:03}" for number in range(MAX_SELECTED + 3)]
    page = selection(reader, *ids[:MAX_SELECTED])
    assert kept(page) == ids[:MAX_SELECTED]
    assert not page.root.every("p", class_="warning")
    beyond = selection(reader, *ids)
    assert kept(beyond) == ids[:MAX_SELECTED]
    assert (
        "les 3 derniers de ce lien ne sont pas montrés"
        in beyond.root.first("p", class_="warning").text
    )
    assert not beyond.root.every("input", id="add"), "there is no room left"
    one = selection(reader, *ids[: MAX_SELECTED + 1])
    assert "le dernier de ce lien n'est pas montré" in one.root.first("p", class_="warning").text


def test_without_javascript_a_profile_leads_to_a_selection_that_grows(reader: Reader) -> None:
    profile = reader.open("/fournisseurs/propre-lyon-fiche")
    page = reader.open(profile.link("Ajouter à ma sélection"))
    assert kept(page) == ["propre-lyon"]
    form = page.root.first("details", class_="add").first("form")
    sent = [
        (one.attributes["name"], one.attributes["value"])
        for one in form.every("input", type="hidden")
    ]
    sent.append(("id", "https://search.example/fournisseurs/linge-nantes-fiche?lang=en#contact"))
    assert kept(reader.open(f"{form.attributes['action']}?{urlencode(sent)}")) == [
        "propre-lyon",
        "linge-nantes",
    ]
    near = page.root.first("form", class_="place")
    sent = [
        (one.attributes["name"], one.attributes["value"])
        for one in near.every("input", type="hidden")
    ]
    measured = reader.open(f"{near.attributes['action']}?{urlencode([*sent, ('near', 'Lyon')])}")
    assert told(measured, "reach")["propre-lyon"].endswith("établi sur place")


def test_it_can_be_opened_again_from_paper(reader: Reader) -> None:
    page = selection(reader, *CHOSEN, near="Lyon")
    written = page.root.first("a", id="link")
    assert written.text == written.attributes["href"]
    assert written.text.startswith("http://localhost/selection?")
    assert kept(reader.open(written.text.removeprefix("http://localhost"))) == list(CHOSEN)


def test_what_profiles_hold_stays_text(reader: Reader) -> None:
    page = selection(reader, "linge-nantes", "eclat-villeurbanne")
    assert columns(page)[0].first("th").first("a").text == "ESAT <b>Les Draps</b> & Cie"
    assert "<script>alert('x')</script>" in told(page, "description")["linge-nantes"]
    assert not [link for link in page.links() if link.startswith("javascript:")]


@pytest.mark.parametrize(
    "query", ["id=%00", "id=%ff%fe", "id=\ud83d", "id=<script>alert(1)</script>", "id=../../etc/passwd",
              "id=" + "x" * 5000, "id=a,b&id=a%2Cb", "near=%00&id=nu", "near=<b>&id=nu", "id='%20OR%201=1--",
              "lang=<b>&id=nu",
              "id=/fournisseurs/", "id=/fournisseurs/%25", "id=_doc%2F_search", "id=%7B%22match_all%22%3A%7B%7D%7D",
              "&".join(f"id={number}" for number in range(900)), "near=" + "Lyon" * 1000 + "&id=nu"],
)  # fmt: skip
def test_no_address_is_an_accident(reader: Reader, query: str) -> None:
    page = reader.open("/selection?" + query.encode("utf-8", "replace").decode())
    assert page.status == 200
    assert not [one for one in page.root.every("script") if one.children]
    assert page.response.text.count("\x00") == 0


def test_the_need_goes_along_and_into_the_letter(reader: Reader) -> None:
    page = reader.open(
        "/selection?id=propre-lyon&id=linge-nantes&need=nettoyage+de+bureaux&near=Lyon"
    )
    assert page.root.first("input", id="wanted").attributes["value"] == "nettoyage de bureaux"
    letters = [one for one in page.links() if one.startswith("mailto:?bcc=") or "subject=" in one]
    assert letters
    assert all("nettoyage%20de%20bureaux" in one for one in letters)
    shorter = reader.open(
        next(one for one in page.links() if "id=linge-nantes" in one and "propre-lyon" not in one)
    )
    assert shorter.root.first("input", id="wanted").attributes["value"] == "nettoyage de bureaux"
    changed = reader.send(
        page, page.root.first("form", class_="place"), need="vitres <b>", near="Lyon"
    )
    assert changed.root.first("input", id="wanted").attributes["value"] == "vitres <b>"


def test_english_is_whole(reader: Reader) -> None:
    page = selection(reader, *CHOSEN, near="Villeurbanne", lang="en")
    assert page.root.first("h1").text == "Shortlist: 3 suppliers"
    assert told(page, "reach")["linge-nantes"].startswith("518 km away | ")
    assert parameters(page.link("CSV"))["lang"] == ["en"]
    assert columns(page)[0].first("th").first("a").attributes["href"].endswith("?lang=en")
    assert reader.open("/selection?lang=en").root.first("h1").text == "Your shortlist is empty"


# The file


def rows(client: FlaskClient, address: str) -> list[list[str]]:
    text = client.get(address).get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_exactly_these_in_their_order(reader: Reader) -> None:
    page = selection(reader, *CHOSEN, near="Villeurbanne")
    header, *lines = rows(reader.client, page.link("CSV"))
    assert [line[0] for line in lines] == list(CHOSEN)
    distances = [float(line[header.index("Distance (km)")].replace(",", ".")) for line in lines]
    assert 500 < distances[2] < 530
    book = reader.client.get(page.link("Excel"))
    assert book.status_code == 200
    assert book.data.startswith(b"PK")


# Cards and profiles


def test_a_profile_has_a_button_that_waits_for_scripts(reader: Reader) -> None:
    profile = reader.open("/fournisseurs/propre-lyon-fiche")
    button = profile.root.first("button", data_keep="propre-lyon")
    assert button.attributes["data-name"] == "Mains Claires"
    assert "hidden" in button.attributes
    assert "hidden" in profile.root.first("a", id="kept").attributes


def test_a_profile_that_a_search_led_to_is_kept_with_its_need_without_scripts(
    reader: Reader,
) -> None:
    led = reader.open("/fournisseurs/propre-lyon-fiche?q=nettoyage+%26+vitres")
    kept = reader.open(led.link("Ajouter à ma sélection"))
    assert kept.root.first("input", id="wanted").attributes["value"] == "nettoyage & vitres"
    assert kept.root.first("table", class_="compared")


@pytest.mark.parametrize(
    ("asked", "near"), cases(__file__, "a_selection_is_measured_from_where_the_search_looked")
)
def test_a_selection_is_measured_from_where_the_search_looked(
    services: Services, asked: dict[str, object], near: str
) -> None:
    if "place" in asked:
        asked = {"place": (asked["place"],)}
    assert measured_from(services.search.search(Query(**asked))) == near  # type: ignore[arg-type]


# Parts

ids = st.text(
    st.characters(exclude_categories=["Cs", "Z", "C"], exclude_characters="/"),
    min_size=1,
    max_size=12,
)


def activity(label: str, **zone: object) -> Any:
    return {"label": label, "zone": {"scope": "none", "radius_km": None, "places": [], **zone}}


def test_an_area_is_told_once() -> None:
    t = translator("fr")
    france: dict[str, Any]
    near: dict[str, Any]
    france, near = {"scope": "country"}, {"scope": "radius", "radius_km": 12.0}
    assert zones([activity("A", **france), activity("B", **france)], t, "fr") == (
        Line("Toute la France"),
    )
    assert zones(
        [activity("A", **near), activity("B", **france), activity("C", **near)], t, "fr"
    ) == (
        Line("Dans un rayon de 12 km : A, C"),
        Line("Toute la France : B"),
    )
    assert zones([activity("A", **france), activity("B")], t, "fr") == (
        Line("Toute la France : A"),
    ), "B says nothing"
    assert zones([activity("A"), activity("B", scope="radius")], t, "fr") == ()
    many = [
        activity(str(number), scope="radius", radius_km=float(number))
        for number in range(1, MAX_LINES + 3)
    ]
    assert zones(many, t, "fr")[-1] == Line("et 2 autres", quiet=True)
