"""A click model over the service's own log lines: who attracts is told, whatever the place it stood at."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from discovery.cli import main
from discovery.relevance.click_model import Attraction, attractions, look

WORTH = {"best": 0.8, "good": 0.5, "fair": 0.3, "poor": 0.1}


def asked(q: str, id_: str, times: int = 1) -> list[str]:
    line = {"path": "/", "q": q, "total": 4, "query_id": id_}
    return [json.dumps(line)] * times


def click(id_: str, supplier: str, place: int, action: str = "click") -> str:
    line = {"path": "/api/v1/events", "action_name": action, "query_id": id_, "object_id": supplier, "ordinal": place}
    return json.dumps(line)


def simulated(days: int, order: list[str], seed: int) -> list[str]:
    """Lines of as many days, ten visitors each, who look at a place as the model says and open what they like."""
    dice, lines = Random(seed), []
    for day in range(days):
        lines += asked("nettoyage", f"d{day}", 10)
        for _ in range(10):
            lines += [
                click(f"d{day}", id_, place)
                for place, id_ in enumerate(order, 1)
                if dice.random() < look(place) * WORTH[id_]
            ]
    return lines


@pytest.mark.parametrize("order", [["poor", "fair", "good", "best"], ["best", "good", "fair", "poor"]])
def test_who_attracts_is_found_wherever_it_stood(order: list[str]) -> None:
    """The raw clicks of the first list prefer who stood first; the model tells each share within a tenth."""
    found = {one.id: one for one in attractions(simulated(60, order, seed=4))}
    assert {id_: one.share for id_, one in found.items()} == {
        id_: pytest.approx(worth, abs=0.1) for id_, worth in WORTH.items()
    }
    assert all(one.low < WORTH[one.id] + 0.05 for one in found.values())
    assert {id_: one.place for id_, one in found.items()} == {id_: place for place, id_ in enumerate(order, 1)}


def test_without_a_bias_of_places_shares_are_those_of_clicks() -> None:
    lines = [*asked("tri", "a", 20), *(click("a", "x", 3) for _ in range(5))]
    (one,) = attractions(lines, eta=0)
    assert (one.clicks, one.looks, one.share) == (5, 20, 0.25)


def test_what_is_no_click_on_a_known_search_is_passed_over() -> None:
    lines = [
        'not JSON with "query_id"',
        *asked("tri", "a", 20),
        *asked("", "wordless"),
        click("a", "x", 1),
        click("a", "x", 1, action="contact"),
        click("a", "x", 0),
        click("of another log", "x", 1),
        click("wordless", "x", 1),
        json.dumps({"path": "/healthz"}),
    ]
    (one,) = attractions(lines)
    assert (one.q, one.id, one.clicks, one.place) == ("tri", "x", 1, 1)


def test_a_phrase_is_one_however_it_is_typed_and_few_looks_say_nothing() -> None:
    lines = [*asked("Élagage", "a", 6), *asked("elagage", "b", 6), click("a", "x", 1), click("b", "x", 1)]
    assert [(one.q, one.clicks, one.looks) for one in attractions(lines)] == [("elagage", 2, 12)]
    assert attractions(lines, min_looks=13) == []


def test_who_clicks_without_end_counts_as_often_as_the_list_was_asked() -> None:
    (one,) = attractions([*asked("tri", "a", 10), *(click("a", "x", 1) for _ in range(99))])
    assert (one.clicks, one.share) == (10, 1.0)


@given(st.integers(0, 200), st.floats(0.5, 500), st.integers(1, 50))
def test_what_is_sure_is_never_more_than_what_is_seen(clicks: int, looks: float, place: int) -> None:
    one = Attraction("q", "x", clicks, looks, place)
    assert 0 <= one.low <= one.share <= 1
    more = Attraction("q", "x", clicks * 10, looks * 10, place)
    assert more.low >= one.low - 1e-9, "the same share, seen more often, is surer"


@given(st.integers(1, 400), st.floats(0, 3))
def test_a_later_place_is_looked_at_less(place: int, eta: float) -> None:
    assert 0 < look(place + 1, eta) <= look(place, eta) <= 1


def test_the_command_proposes(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    log.write_text("\n".join(simulated(30, ["poor", "fair", "good", "best"], seed=2)), encoding="utf-8")
    said = CliRunner().invoke(main, ["judgments", "from-clicks", str(log), "--lang", "en"])
    assert said.exit_code == 0, said.output
    first = said.output.splitlines()[0]
    assert first.startswith("nettoyage · best: ")
    told = CliRunner().invoke(main, ["judgments", "from-clicks", str(log), "--json"])
    assert next(one["id"] for one in json.loads(told.output)) == "best"
    none = CliRunner().invoke(main, ["judgments", "from-clicks", "-", "--lang", "fr"], input="")
    assert "DISCOVERY_EVENTS" in none.output
