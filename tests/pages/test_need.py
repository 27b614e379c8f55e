"""`/besoin`: a need pasted, lot by lot, as a person without JavaScript uses it."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient

from discovery.app import create_app
from discovery.desk.lot import MAX_LOTS, MAX_TEXT
from discovery.mappings import Settings
from tests.pages.reading import Element, Page, Reader

NOTICE = """Lieu : Lyon
Lot 1 : Nettoyage de bureaux
Montant : 20 000 €
Lot 2 : Menuiserie
Lot 3 : Fourniture de carburant"""


def lots(page: Page) -> list[Element]:
    return page.root.every("details", class_="lot")


def test_the_box_is_empty_and_says_what_it_takes(reader: Reader) -> None:
    page = reader.open("/besoin")
    box = page.root.first("textarea")
    assert box.text == ""
    assert "Lot 1\u00a0: " in box.attributes["placeholder"]
    assert page.root.first("label").attributes["for"] == box.attributes["id"]
    assert lots(page) == []


@pytest.mark.parametrize(
    ("lang", "found"),
    [("fr", "3 lots, dont 2 au métier reconnu"), ("en", "3 lots, 2 with a recognised trade")],
)
def test_each_lot_is_answered_with_its_trade_its_suppliers_and_why(
    reader: Reader, lang: str, found: str
) -> None:
    page = reader.post(f"/besoin?lang={lang}", besoin=NOTICE)
    assert page.status == 200
    assert found in page.root.first("section", id="results").text
    cleaning, joinery, fuel = lots(page)
    for lot, sector in ((cleaning, "nettoyage-de-locaux"), (joinery, "menuiserie")):
        assert lot.first("table").every("a")
        again = reader.open(address(lot))
        assert again.names[:1] == [lot.first("tbody").first("a").text]
        assert sector in str(again.response.text)
    assert "Lyon" in cleaning.first("dl").text
    assert "L2113-12" in cleaning.text
    assert not fuel.every("table")
    reasons = [lot.every("details")[-1].attributes for lot in (cleaning, joinery)]
    assert ["open" in one for one in reasons] == [True, False], "the reasons not to are read once"


def address(lot: Element, which: str = "search") -> str:
    """Of the search that finds the same, on this service, or of its proof."""
    parts = urlsplit(lot.first("p", class_="foot").every("a")[which == "proof"].attributes["href"])
    return f"{parts.path}?{parts.query}"


def chips(lot: Element) -> dict[str, str]:
    return {
        one.first("span").text: one.first("a").attributes["href"]
        for one in lot.every("li", class_="chip")
    }


def test_each_piece_of_a_lot_stands_there_with_the_search_without_it(reader: Reader) -> None:
    page = reader.post(
        "/besoin",
        besoin="Lot 1 : Nettoyage de bureaux pour 80 personnes, ESAT, 9 000 € HT par an, 350 heures d'insertion\n"
        "Lot 2 : Menuiserie à Lyon",
    )
    cleaning, joinery = lots(page)
    assert "80 personnes" in cleaning.first("li", class_="words").text
    assert (
        "9 000" not in cleaning.first("li", class_="words").text
    )  # what is read as the amount is not ignored
    assert "insertion" not in cleaning.first("li", class_="words").text  # nor are the hours
    kind = next(label for label in chips(cleaning) if "ESAT" in label)
    without = reader.open(chips(cleaning)[kind])
    assert without.status == 200
    assert len(without.names) > len(cleaning.first("tbody").every("tr")) - 1
    town = next(label for label in chips(joinery) if "Lyon" in label)
    assert "Lyon" not in chips(joinery)[town]
    assert "amount=9000" in address(cleaning, "proof")
    assert "amount" not in chips(cleaning)["Montant : 9 000 € par an"]
    labelled, *_ = lots(reader.post("/besoin", besoin=NOTICE))
    assert "Montant : 20 000 €" in [" ".join(label.split()) for label in chips(labelled)]


@pytest.mark.parametrize(
    "by", ["lot réservé (article L. 2113-12)", "(réservé aux ESAT et EA, article L2113-12)"]
)
def test_what_reserves_a_lot_is_not_ignored_and_others_are_not_counted(
    reader: Reader, by: str
) -> None:
    lot = lots(reader.post("/besoin", besoin=f"Nettoyage de bureaux à Lyon, {by}"))[0]
    assert "2113" not in "".join(one.text for one in lot.every("li", class_="words"))
    counted = {
        one.text: told.text for one, told in zip(lot.every("dt"), lot.every("dd"), strict=False)
    }
    assert not {"EI", "ACI", "AI", "GEIQ"} & set(counted.get("Par type", "").split())


def test_a_group_is_of_the_place_that_the_title_names(reader: Reader) -> None:
    page = reader.post(
        "/besoin", besoin="Menuiserie, traiteur et blanchisserie à Nantes, 2 000 000 d'euros"
    )
    lot = lots(page)[0]
    (members,) = [one.every("li") for one in lot.every("ul") if "traiteur, Nantes (44)" in one.text]
    assert len(members) > 1
    assert "2 000 000" in lot.text
    assert "e+06" not in lot.text
    assert "manquerait" not in lot.text, "nobody asked for people"


def test_what_was_pasted_stands_in_the_box_and_becomes_no_markup(reader: Reader) -> None:
    page = reader.post(
        "/besoin", besoin="</textarea><script>alert(1)</script> nettoyage & <b>vitres</b>"
    )
    assert (
        page.root.first("textarea").text
        == "</textarea><script>alert(1)</script> nettoyage & <b>vitres</b>"
    )
    assert all(one.attributes.get("src") for one in page.root.every("script"))


def test_nothing_of_a_need_is_kept(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    answer = client.post("/besoin", data={"besoin": "nettoyage mirabelle"})
    assert answer.headers["Cache-Control"] == "no-store"
    said = capfd.readouterr()
    assert "mirabelle" not in said.out + said.err


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ("", "Aucun besoin n'est donné"),
        (" \n ", "Aucun besoin n'est donné"),
        ("a" * (MAX_TEXT + 1), "20 001 caractères"),
        ("\n".join(f"Lot {number} : nettoyage" for number in range(1, MAX_LOTS + 2)), "51 lots"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entités ou une DTD"),
        ("<notice></notice>", "pas un avis eForms"),
    ],
    ids=["empty", "blank", "long", "many", "entities", "no notice"],
)
def test_what_cannot_be_answered_is_told_and_stays_in_the_box(
    reader: Reader, need: str, said: str
) -> None:
    page = reader.post("/besoin", besoin=need)
    assert page.status == 422
    assert said in page.root.first("div", class_="alert").text
    assert page.root.first("textarea").text == " ".join(need.split())


def test_the_workbook_has_a_summary_and_a_sheet_for_each_lot(client: FlaskClient) -> None:
    answer = client.post("/besoin", data={"besoin": NOTICE, "format": "xlsx"})
    assert "besoin.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == ["Synthèse", "Lot 1", "Lot 2", "Lot 3"]
    rows = list(book["Synthèse"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [
        "Nettoyage de bureaux",
        "Menuiserie",
        "Fourniture de carburant",
    ]
    assert [bool(row[3]) for row in rows] == [True, True, False]
    assert book["Lot 1"].max_row > 1
    assert book["Lot 3"].max_row == 1


@pytest.mark.parametrize(
    ("q", "offered"),
    [
        ("nettoyage à Lyon", False),
        ("CPV 90910000", False),
        ("90910000-9 et 77310000-6", True),
        ("Lot 1 : nettoyage ; Lot 2 : menuiserie", True),
        ("nettoyage " + "des bureaux et des vitres " * 6, True),
    ],
)
def test_a_search_that_is_a_whole_need_offers_the_page_with_its_words(
    reader: Reader, q: str, offered: bool
) -> None:
    page = reader.search(q, lang="en")
    found = [
        one for one in page.root.every("a") if one.attributes["href"].startswith("/besoin?lang=en&")
    ]
    assert bool(found) == offered
    if offered:
        box = reader.open(found[0].attributes["href"]).root.first("textarea")
        assert box.text == " ".join(q.split())


def test_a_phrase_too_long_for_a_search_leads_to_the_page_with_all_its_words(
    reader: Reader,
) -> None:
    page = reader.search("nettoyage de bureaux à Lyon, " * 12)
    assert page.status == 422
    assert (
        reader.open(page.link("Chercher lot par lot")).root.first("textarea").text.count("bureaux")
        == 12
    )


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    page = Reader(create_app(Settings(home=tmp_path)).test_client()).post(
        "/besoin", besoin="nettoyage"
    )
    assert page.status == 503
    assert page.root.every("div", class_="alert")


def test_no_line_of_the_law_nor_of_a_notice_begins_with_a_sign(client: FlaskClient) -> None:
    page = client.post("/besoin", data={"besoin": "Lot 1 : nettoyage, Lyon, 45 000 €"}).text
    assert "\u202f; elles restent" in page
    assert "d&#39;après «\u00a0nettoyage\u00a0»" in page
    assert "départements\u00a0: Insee" in client.get("/mentions-legales").text
