"""`/programme`: a spreadsheet sent, its columns looked at, its lines answered, without JavaScript."""

import io
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.pages.reading import Element, Page, Reader, read
from tests.spreadsheets import PROGRAMME, with_cells, xlsx
from tests.unit.sheets.test_hostile import FAR

PATH = "/programme"


def sent(client: FlaskClient, content: bytes, lang: str = "fr") -> Page:
    """The page that answers a file."""
    data = {"file": (io.BytesIO(content), "programme.xlsx")}
    return read(client.post(f"{PATH}?lang={lang}", data=data, content_type="multipart/form-data"))


def fields(page: Page) -> dict[str, Any]:
    """What the form of the preview sends as it stands."""
    form = page.root.every("form")[-1]
    found: dict[str, list[str]] = {}
    for one in form.every("input"):
        found.setdefault(one.attributes["name"], []).append(one.attributes.get("value", ""))
    for one in form.every("select"):
        options = one.every("option")
        chosen = [each for each in options if "selected" in each.attributes] or options[:1]
        found[one.attributes["name"]] = [chosen[0].attributes["value"]]
    return found


def pressed(client: FlaskClient, page: Page, step: str, lang: str = "fr", **changed: str) -> Page:
    data = {**fields(page), **changed, "step": step}
    return read(client.post(f"{PATH}?lang={lang}", data=data, content_type="multipart/form-data"))


def lines(page: Page) -> list[Element]:
    return page.root.first("table", class_="purchases").first("tbody").every("tr")


def alert(page: Page) -> str:
    return page.root.first("div", class_="alert").text


def test_it_says_what_it_takes(reader: Reader) -> None:
    page = reader.open(PATH)
    box = page.root.first("input", id="file")
    assert box.attributes["type"] == "file"
    assert "5 Mo" in page.root.first("p", id="file-kept").text
    assert (
        reader.open("/besoin").root.first("p", id="need-kept").first("a").attributes["href"] == PATH
    )


def test_what_was_recognised_is_shown_before_anything_is_searched(client: FlaskClient) -> None:
    page = sent(client, xlsx(PROGRAMME))
    assert page.status == 200
    chosen = fields(page)
    assert {name: chosen[name] for name in ("head", "title", "cpv", "place", "amount", "date")} == {
        "head": ["3"], "title": ["B"], "cpv": ["C"], "place": ["D"], "amount": ["E"], "date": [""],
    }  # fmt: skip
    assert "5 lignes" in page.root.every("form")[-1].text
    assert not page.root.every("table", class_="purchases")


@pytest.mark.parametrize(("lang", "found", "none"), [
    ("fr", "5 lignes, dont 3 au métier reconnu", "Aucun métier de l'achat inclusif reconnu."),
    ("en", "5 lines, 3 with a recognised trade", "No inclusive trade recognised."),
])  # fmt: skip
def test_each_line_is_answered_with_a_search_and_a_sheet_to_print(
    client: FlaskClient, lang: str, found: str, none: str
) -> None:
    page = pressed(client, sent(client, xlsx(PROGRAMME), lang), "answer", lang)
    assert page.status == 200
    assert found in page.root.text
    cleaning, joinery, insurance, windows, nothing = lines(page)
    assert "nettoyage" in cleaning.text.lower()
    for line in (cleaning, joinery):
        for link in line.every("a"):
            assert client.get(link.attributes["href"]).status_code == 200
        assert [link.attributes["href"].startswith("/sourcing?") for link in line.every("a")] == [
            False,
            True,
        ]
    assert none in insurance.text
    assert [cell.children for cell in insurance.every("td")[1:]] == [[], [], []], (
        "on a phone nothing stands for them"
    )
    assert "beaucoup" in windows.text
    assert nothing.every("small", class_="warning")


def test_the_law_is_told_for_who_buys_and_the_choice_stays(client: FlaskClient) -> None:
    page, told = sent(client, xlsx(PROGRAMME)), {}
    for buyer in ("state", "local", "private"):
        answer = pressed(client, page, "answer", buyer=buyer)
        assert fields(answer)["buyer"] == [buyer]
        told[buyer] = [
            amount
            for amount in ("140 000", "216 000", "60 000 €")
            if amount in lines(answer)[0].text
        ]
    assert told == {
        "state": ["140 000", "60 000 €"],
        "local": ["216 000", "60 000 €"],
        "private": [],
    }


def test_an_answered_programme_is_a_proof_to_keep(client: FlaskClient) -> None:
    """When it was made and of which data, what it comes to, and where the law asks for it a place
    to say why not.
    """
    page = pressed(
        client,
        sent(client, b"Objet;Lieu;Montant\nNettoyage de bureaux;Lyon;5 000 000"),
        "answer",
        buyer="state",
    )
    text = page.root.first("div", class_="programme").text
    assert "Recherche de fournisseurs inclusifs faite le" in text
    assert "Version des données" in text
    assert "heures d'insertion" in text.replace("’", "'")
    assert "OETH" in text
    assert "motif" in lines(page)[0].first("small", class_="blanks").text
    assert "Version des données" not in sent(client, xlsx(PROGRAMME)).root.text


def test_a_line_that_nobody_covers_alone_names_who_could_together(client: FlaskClient) -> None:
    asked = [
        ["Objet", "Lieu"],
        ["Menuiserie, traiteur et blanchisserie", "Nantes"],
        ["Menuiserie", "Nantes"],
    ]
    several, alone = lines(pressed(client, sent(client, xlsx(asked)), "answer"))
    assert "ensemble, ils le pourraient" in several.text
    assert "ensemble" not in alone.text


def test_columns_may_be_corrected_before_and_after(client: FlaskClient) -> None:
    page = pressed(client, sent(client, xlsx(PROGRAMME)), "preview", place="", head="4")
    assert (fields(page)["place"], fields(page)["head"]) == ([""], ["4"])
    assert "4 lignes" in page.root.every("form")[-1].text
    page = pressed(client, page, "answer")
    assert len(lines(page)) == 4
    page = pressed(client, page, "preview", head="3", title="C")
    assert len(fields(page)["title"]) == 1
    assert fields(page)["title"] == ["C"]


def test_another_sheet_has_columns_of_its_own(client: FlaskClient) -> None:
    other = [["Lieu", "Objet"], ["Lyon", "Nettoyage de bureaux"]]
    page = sent(client, xlsx(PROGRAMME, Autre=other))
    assert fields(page)["sheet"] == ["Programme"]
    page = pressed(client, page, "preview", sheet="Autre")
    assert (fields(page)["sheet"], fields(page)["title"], fields(page)["head"]) == (
        ["Autre"],
        ["B"],
        ["1"],
    )
    assert len(lines(pressed(client, page, "answer"))) == 1


def test_the_completed_sheet_comes_back(client: FlaskClient) -> None:
    data = {**fields(sent(client, xlsx(PROGRAMME))), "step": "xlsx"}
    answer = client.post(PATH, data=data, content_type="multipart/form-data")
    assert "programme-fournisseurs-inclusifs.xlsx" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    rows = list(book["Programme"].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:4]] == [row[1] for row in PROGRAMME[3:6]]


def test_nothing_of_a_programme_is_kept(
    client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    page = sent(client, xlsx([["Objet"], ["nettoyage mirabelle"]]))
    pressed(client, page, "answer")
    said = capfd.readouterr()
    assert "mirabelle" not in said.out + said.err


@pytest.mark.parametrize(
    ("content", "lang", "said"),
    [
        (b"", "fr", "Ce fichier est vide"),
        (b"%PDF-1.7", "fr", "n'est pas un tableur"),
        (b"%PDF-1.7", "en", "no spreadsheet"),
        (with_cells(FAR), "fr", "trop de mémoire"),
        (with_cells(FAR), "en", "too much memory"),
    ],
    ids=["empty", "pdf", "pdf in English", "far", "far in English"],
)
def test_what_cannot_be_read_is_told_and_the_service_goes_on(
    client: FlaskClient, content: bytes, lang: str, said: str
) -> None:
    page = sent(client, content, lang)
    assert page.status == 422
    assert said in alert(page)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"rows": "", "name": "", "first": ""},
        {"rows": ["a,b\n"] * 30, "name": ["x"] * 30, "first": ["²"] * 30},
        {
            "rows": "Objet\nNettoyage\n",
            "name": "x",
            "first": "1",
            "title": "ZZZ",
            "head": "-9",
            "sheet": "?",
        },
        {"rows": '"' + "a" * 200_000, "name": "x", "first": "1"},
        {"rows": "Objet\n" + "Nettoyage\n" * 3_000, "name": "x", "first": "1", "step": "answer"},
        {"rows": "a," * 1_000, "name": "x", "first": "1", "title": "A", "step": "xlsx"},
        {"step": "answer"},
        {},
    ],
)
def test_a_form_that_is_none_of_ours_is_told(client: FlaskClient, data: dict[str, Any]) -> None:
    answer = client.post(PATH, data=data, content_type="multipart/form-data")
    assert answer.status_code in (200, 422)
    assert client.post(PATH, data=b"\xff\xfe", content_type="multipart/form-data").status_code in (
        400,
        422,
    )
