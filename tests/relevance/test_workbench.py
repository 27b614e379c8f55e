"""The workbench over the judged corpus: closed without its token, true to `compare`, and it writes
nothing.
"""

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.app import application
from discovery.pages.workbench.view import PATH
from tests.pages.reading import Page, Reader
from tests.pages.world import services_in
from tests.relevance.conftest import Corpus
from tools.judge import corpus
from tools.judge.comparison import compare
from tools.judge.judged import judged
from tools.judge.report import comparison_page

pytestmark = pytest.mark.xdist_group("judged")

TIMES = re.compile(r"<td>[\d.]+<td>[\d.]+</tr>")
"""Milliseconds at the end of a row of the report."""
TOKEN = "jeton-des-analystes"


def _headers() -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'analyste:{TOKEN}'.encode()).decode()}"}


class Analyst(Reader):
    """Opens pages with the token as password."""

    def open(self, address: str, **headers: str) -> Page:
        return super().open(address, **{**_headers(), **headers})

    def report(self, address: str) -> str:
        """The report at an address under `/relevance`, as it is sent."""
        answer = self.client.get(f"{PATH}{address}", headers=_headers())
        assert answer.status_code == 200
        return str(answer.text)


@pytest.fixture(scope="module")
def analyst(sample: Corpus) -> Analyst:
    settings = replace(sample.services.settings, relevance_token=TOKEN)
    return Analyst(application(replace(sample.services, settings=settings)).test_client())


@pytest.mark.parametrize("address", [PATH, f"{PATH}/judged"])
def test_without_a_token_set_there_is_no_such_page(sample: Corpus, address: str) -> None:
    assert application(sample.services).test_client().get(address).status_code == 404


@pytest.mark.parametrize("address", [PATH, f"{PATH}/judged"])
@pytest.mark.parametrize("password", [None, "", "faux", TOKEN + "x"])
def test_it_opens_to_its_token_alone(analyst: Analyst, address: str, password: str | None) -> None:
    headers = {}
    if password is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"x:{password}".encode()).decode()
    answer = analyst.client.get(address, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert "atelier" not in answer.text.lower() or "jeton" in answer.text


def test_two_profiles_are_chosen_and_measured(analyst: Analyst) -> None:
    page = analyst.open(f"{PATH}?a=trusted&b=nobody")
    form = page.root.first("form", class_="bench")
    assert form.attributes["action"] == f"{PATH}/judged"
    chosen = [
        one.attributes["value"] for one in form.every("option") if "selected" in one.attributes
    ]
    assert chosen == ["trusted", "balanced"]


@pytest.mark.slow
def test_judged_queries_are_the_page_of_compare(analyst: Analyst, sample: Corpus) -> None:
    known = judged(sample.services.search)
    one, other = (
        known.of(sample.services.search, name, "tune") for name in ("balanced", "nearest")
    )
    shown, wanted = (
        analyst.report("/judged?a=balanced&b=nearest"),
        comparison_page(compare(one, other)),
    )
    assert TIMES.sub("", shown) == TIMES.sub("", wanted)


def test_an_index_that_nobody_judged_is_graded_by_the_rules(tmp_path: Path) -> None:
    services = services_in(tmp_path, relevance_token=TOKEN)
    analyst, folder = Analyst(application(services).test_client()), services.mappings.path
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    told = analyst.report("/judged")
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before, (
        "nothing is written"
    )
    assert "règles" in told
    assert "<table>" in told
    known = judged(services.search, else_by_rules=True)
    assert known.by_rules
    assert not [
        one for one in known.judgments.queries if one.grades or one.named or one.title is not None
    ]


def test_an_index_of_more_than_can_be_walked_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "MAX_SUPPLIERS", 3)
    analyst = Analyst(application(services_in(tmp_path, relevance_token=TOKEN)).test_client())
    told = analyst.open(f"{PATH}/judged")
    assert told.status == 200
    assert "a judged corpus holds 3 at most" in told.root.first("p", class_="warning").text
    assert not told.root.every("table")


def test_english_is_whole(analyst: Analyst) -> None:
    page = analyst.open(f"{PATH}?lang=en")
    assert page.root.first("h1").text == "Test bench"
    assert "était" not in page.root.text
