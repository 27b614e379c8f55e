"""The workbench over the judged corpus: closed without its token, true to the engine, and it writes nothing."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.app import application
from discovery.pages.workbench.view import PATH, SHOWN
from discovery.search.query import Query
from tests.pages.reading import Element, Page, Reader
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
Q = "nettoyage de bureaux à Lyon"


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

    def at(self, q: str = "", **parameters: str) -> Page:
        given = {"q": q, **parameters}
        return self.open(f"{PATH}?" + "&".join(f"{name}={value}" for name, value in given.items() if value))


@pytest.fixture(scope="module")
def analyst(sample: Corpus) -> Analyst:
    settings = replace(sample.services.settings, relevance_token=TOKEN)
    return Analyst(application(replace(sample.services, settings=settings)).test_client())


def sides(page: Page) -> list[list[Element]]:
    """Cards of A, then of B."""
    return [one.every("li", class_="card") for one in page.root.first("div", class_="sides").every("section")]


def names(cards: list[Element]) -> list[str]:
    return [card.first("h3").text for card in cards]


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


def test_two_profiles_stand_side_by_side_each_as_the_search_ranks(analyst: Analyst, sample: Corpus) -> None:
    page = analyst.at(Q, a="balanced", b="trusted")
    left, right = sides(page)
    for cards, profile in ((left, "balanced"), (right, "trusted")):
        query = Query(q=Q, profile=profile, per_page=len(cards))
        found = sample.services.presenter.answer(sample.services.search.search(query))["results"]
        assert len(cards) == SHOWN
        for rank, (name, one) in enumerate(zip(names(cards), found, strict=True), 1):
            assert name == f"{rank}. {one['display_name']} {one['kind']}, {one['address']['city']}"
    assert names(left) != names(right)


def test_the_parts_of_a_score_add_up_to_it(analyst: Analyst) -> None:
    for cards in sides(analyst.at(Q)):
        assert cards
        for card in cards:
            numbers = re.findall(r"\d+,\d\d", card.first("p", class_="parts").text)
            told = [float(one.replace(",", ".")) for one in numbers]
            score, parts = told[0], told[1:]
            assert sum(parts) == pytest.approx(score, abs=0.01 * len(told))
            widths = [float(one.attributes["width"]) for one in card.first("svg").every("rect")]
            assert sum(widths) <= 100.1


def test_words_and_what_stands_for_them_are_shown(analyst: Analyst) -> None:
    page = analyst.at("cantine")
    searched = page.root.first("ul", class_="searched").text
    assert searched.startswith("cantine → cantin = ")
    assert "× 0,85" in searched  # an equivalence of mappings/synonyms/words.txt
    assert "Mots indexés" in page.root.text
    fired = [one.text for card in sides(page)[0] for one in card.every("p", class_="quiet")]
    assert any("cantine → traiteur" in one for one in fired)
    assert not any("cantine → cantin " in one for one in fired)


@pytest.mark.slow
def test_judged_queries_are_the_page_of_compare(analyst: Analyst, sample: Corpus) -> None:
    known = judged(sample.services.search)
    one, other = (known.of(sample.services.search, name, "tune") for name in ("balanced", "nearest"))
    shown, wanted = analyst.report("/judged?a=balanced&b=nearest"), comparison_page(compare(one, other))
    assert TIMES.sub("", shown) == TIMES.sub("", wanted)


def test_an_index_that_nobody_judged_is_graded_by_the_rules(tmp_path: Path) -> None:
    services = services_in(tmp_path, relevance_token=TOKEN)
    analyst = Analyst(application(services).test_client())
    told = analyst.report("/judged")
    assert "règles" in told
    assert "<table>" in told
    known = judged(services.search, else_by_rules=True)
    assert known.by_rules
    assert not [one for one in known.judgments.queries if one.grades or one.named or one.title is not None]


def test_an_index_of_more_than_can_be_walked_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "MAX_SUPPLIERS", 3)
    analyst = Analyst(application(services_in(tmp_path, relevance_token=TOKEN)).test_client())
    told = analyst.open(f"{PATH}/judged")
    assert told.status == 200
    assert "a judged corpus holds 3 at most" in told.root.first("p", class_="warning").text
    assert not told.root.every("table")


def test_nothing_is_written(analyst: Analyst, sample: Corpus) -> None:
    folder = sample.services.mappings.path
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    analyst.at(Q, b="nearest")
    analyst.report("/judged?b=nearest")
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_a_phrase_that_can_not_be_searched_is_said(analyst: Analyst) -> None:
    page = analyst.at("nettoyage", w="x", a="nobody")
    assert page.status == 200
    assert analyst.at("a" * 400).status == 200


def test_english_is_whole(analyst: Analyst) -> None:
    page = analyst.at(Q, lang="en")
    assert page.root.first("h1").text == "Test bench"
    assert "était" not in page.root.text
