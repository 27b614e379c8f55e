"""Is my supplier inclusive? By the API, the page and the command: one answer, and nothing of it
kept.
"""

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from discovery.answers.inclusive import CheckAnswer
from discovery.app import application
from discovery.cli import main
from discovery.context import make_services
from discovery.desk.suppliers import MAX_ASKED, MAX_NAMES, MAX_TEXT, asked, lines_of_text
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from discovery.search.query import InvalidQuery
from tests.api.corpus import SUPPLIERS, build_index
from tests.api.test_commands import environment_of
from tests.api.test_errors import errors
from tests.shapes import faults
from tests.tables import cases

PATH = "/api/v1/suppliers/check"


@pytest.fixture
def known(client: FlaskClient) -> dict[str, Any]:
    """A supplier of the corpus that has a SIRET."""
    results = client.get("/api/v1/search?per_page=50").get_json()["results"]
    found: dict[str, Any] = next(one for one in results if one["siret"])
    return found


def check(client: FlaskClient, *lines: str) -> dict[str, Any]:
    response = client.post(PATH, json={"suppliers": list(lines)})
    assert response.status_code == 200, response.text
    assert response.headers["Cache-Control"] == "no-store"
    answer: dict[str, Any] = response.get_json()
    assert faults(CheckAnswer, answer) == []
    return answer


def luhn(number: str) -> int:
    """What is left of Luhn's sum: 0 for a number that its check digit bears out."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(number))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10


def test_each_is_answered_in_its_order_and_the_share_told(
    client: FlaskClient, known: dict[str, Any]
) -> None:
    siret = known["siret"]
    other, slip = sorted((siret[:9] + f"9999{digit}" for digit in range(10)), key=luhn)[:2]
    answer = check(
        client,
        siret,
        "55208131766522",
        siret[:9],
        other,
        known["name"].upper(),
        "Boulangerie Xyzzy",
        slip,
    )
    assert [one["status"] for one in answer["results"]] == [
        "yes",
        "no",
        "yes",
        "company",
        "name",
        "no",
        "no",
    ]
    assert (answer["asked"], answer["inclusive"], answer["to_confirm"], answer["percent"]) == (
        7,
        2,
        2,
        28.6,
    )
    first = answer["results"][0]
    assert known["id"] in [one["id"] for one in first["suppliers"]]
    assert first["suppliers"][0]["kind"] == known["kind"]
    assert (
        client.get(first["suppliers"][0]["url"].replace("http://localhost", "")).status_code == 200
    )


def test_a_listed_number_that_fails_its_check_digit_is_nobody_s(tmp_path: Path) -> None:
    wrong = replace(SUPPLIERS[0], siret="99900000100011")
    folder = IndexFolder(tmp_path / "index", "suppliers")
    build_index(folder, load_mappings(), (wrong,))
    client = application(make_services(Settings(home=tmp_path))).test_client()
    assert client.get(f"/api/v1/suppliers/{wrong.id}").get_json()["siret"] == "99900000100011"
    assert [one["status"] for one in check(client, "99900000100011")["results"]] == ["no"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "check_body"), ([], "check_body"), ({"suppliers": "x"}, "check_body"), ({"suppliers": [1]}, "check_body"),
        ({"suppliers": []}, "check_empty"), ({"suppliers": [" "]}, "check_empty"),
        ({"suppliers": ["123456789"] * (MAX_ASKED + 1)}, "check_too_many"),
        ({"suppliers": ["Atelier"] * (MAX_NAMES + 1)}, "check_too_many_names"),
    ],
)  # fmt: skip
def test_a_fault_is_told(body: Any, code: str, client: FlaskClient) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == 422
    assert [one["code"] for one in errors(response.get_json()).values()] == [code]


@pytest.mark.parametrize(("line", "number", "name"), cases(__file__, "what_is_read_of_a_line"))
def test_what_is_read_of_a_line(line: str, number: str, name: str) -> None:
    found = asked(line)
    assert (found.number, found.name) == (number, name)


@given(st.lists(st.text(max_size=40), max_size=30))
def test_any_text_is_read_or_told(lines: list[str]) -> None:
    text = "\n".join(lines)
    with suppress(InvalidQuery):
        assert all(len(one.number) in {0, 9, 14} for one in lines_of_text(text))


def test_the_page_answers_the_same_and_as_a_table(
    client: FlaskClient, known: dict[str, Any]
) -> None:
    pasted = f"{known['siret']};12 €\n55208131766522\n</textarea><script>x</script>"
    page = client.post("/verifier", data={"fournisseurs": pasted})
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    said = text.replace("\u202f", " ").replace("\xa0", " ")
    assert "Fournisseurs vérifiés : 3. Inclusifs : 1 (33,3 %)." in said
    assert "2 lignes dont le montant" in said
    assert "<script>x" not in text
    sent = client.post("/verifier?lang=en", data={"fournisseurs": pasted, "format": "csv"})
    table = list(csv.reader(io.StringIO(sent.get_data().decode("utf-8-sig"))))
    assert table[0][:2] == ["Your line", "Answer"]
    assert [row[1] for row in table[1:] if row[0] == f"{known['siret']};12 €"][:1] == [
        "Inclusive supplier"
    ]
    assert table[-1][1] == "Not known as inclusive"


@pytest.mark.parametrize(
    ("pasted", "said"), [("", "Aucun fournisseur"), ("9" * (MAX_TEXT + 1), "trop long")]
)
def test_the_page_tells_a_fault(pasted: str, said: str, client: FlaskClient) -> None:
    answer = client.post("/verifier", data={"fournisseurs": pasted})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_nothing_of_a_list_is_kept(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    check(client, "Mirabelle et fils")
    client.post("/verifier", data={"fournisseurs": "Mirabelle et fils"})
    said = capfd.readouterr()
    assert "mirabelle" not in (said.out + said.err).lower()


def test_the_command_says_it_and_writes_a_table(
    client: FlaskClient,
    known: dict[str, Any],
    configured: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name, value in environment_of(configured).items():
        monkeypatch.setenv(name, value)
    file, table = tmp_path / "list.csv", tmp_path / "answer.csv"
    file.write_text(f"siret;nom\n{known['siret']};A\n55208131766522;B\n", encoding="utf-8")
    said = CliRunner().invoke(
        main, ["check-suppliers", str(file), "--csv", str(table)], catch_exceptions=False
    )
    assert said.exit_code == 0
    assert (
        f"{known['siret']};A: Fournisseur inclusif\n  {known['display_name']} · {known['kind']}"
        in said.stdout
    )
    assert "Fournisseurs vérifiés : 2. Inclusifs : 1" in said.stdout.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    as_json = CliRunner().invoke(
        main, ["check-suppliers", str(file), "--json"], catch_exceptions=False
    )
    lines = [f"{known['siret']};A", "55208131766522;B"]
    assert json.loads(as_json.stdout)["results"] == check(client, *lines)["results"]


@pytest.mark.parametrize(
    ("line", "number", "cents"), cases(__file__, "the_last_amount_of_a_line_is_what_was_spent")
)
def test_the_last_amount_of_a_line_is_what_was_spent(
    line: str, number: str, cents: int | None
) -> None:
    found = asked(line)
    assert (found.number, found.cents) == (number, cents)


def test_a_heading_names_the_column_of_what_was_spent() -> None:
    found = lines_of_text(
        "Fournisseur;Montant HT;SIRET\nESAT A;69003;78467169500103\nB;12 €;784671695\n"
    )
    assert [(one.number, one.cents) for one in found] == [
        ("78467169500103", 6_900_300),
        ("784671695", 1_200),
    ]
