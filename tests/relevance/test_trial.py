"""Trials on simulated clicks: the better ranking is found as often as is said, equals stay equals; and from the
service's own log lines to the report."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.relevance.sign_test import power
from discovery.relevance.trial import Votes, votes
from discovery.search.team_draft import draft

SIZE, SIMULATED, SEARCHES, TRIALS = 6, 6_000, 60, 1_000
PATIENCE = 0.8
"""A reader goes on to the next supplier so often (cascade model: Craswell et al. 2008)."""


def noisy(good: list[float], noise: float, dice: Random) -> list[int]:
    """A ranking by worth, which errs by so much."""
    return sorted(range(SIZE), key=lambda one: good[one] + dice.gauss(0, noise), reverse=True)


def clicks(ranked: Iterable[int], good: list[float], dice: Random) -> Iterator[int]:
    """Places that a reader opens, from the first on: as often as what stands there is worth, until one is enough."""
    for place, member in enumerate(ranked, 1):
        if dice.random() < good[member]:
            yield place
            if dice.random() < good[member]:
                return
        if dice.random() > PATIENCE:
            return


def simulated(noise_of_one: float, noise_of_other: float, seed: int) -> list[str]:
    """How each search decides: `one`, `other`, or "" when it tells nothing."""
    dice = Random(seed)
    found = []
    for _ in range(SIMULATED):
        good = [dice.random() for _ in range(SIZE)]
        drafted = draft(noisy(good, noise_of_one, dice), noisy(good, noise_of_other, dice), dice.getrandbits(64))
        teams = Counter(drafted.teams[place - 1] for place in clicks(drafted.ranked, good, dice))
        ahead = teams["B"] - teams["A"]
        found.append("" if not ahead else "other" if ahead > 0 else "one")
    return found


def trials(outcomes: list[str], seed: int) -> Iterator[Votes]:
    """Each of searches drawn from those simulated."""
    dice = Random(seed)
    for _ in range(TRIALS):
        found = Counter(dice.choices(outcomes, k=SEARCHES))
        yield Votes(SEARCHES, one=found["one"], other=found["other"], even=found[""])


def test_the_better_ranking_is_found_as_often_as_the_power_says() -> None:
    outcomes = simulated(0.6, 0.1, seed=3)
    decided = [one for one in outcomes if one]
    share = decided.count("other") / len(decided)
    assert share > 0.6  # it is the better one
    ended = list(trials(outcomes, seed=4))
    told = [one for one in ended if one.p < 0.05]
    stated = sum(power(one.decisive, share) for one in ended) / TRIALS
    assert 0.3 < stated < 0.99  # neither hopeless nor sure: the figure is put to the test
    assert len(told) / TRIALS == pytest.approx(stated, abs=3.5 * math.sqrt(stated * (1 - stated) / TRIALS))
    assert sum(one.other > one.one for one in told) / len(told) > 0.99


def test_equals_are_called_equal() -> None:
    told = sum(one.p < 0.05 for one in trials(simulated(0.3, 0.3, seed=5), seed=6))
    assert told / TRIALS <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / TRIALS)


def searched(id_: str, teams: str, trial: str = "balanced:new") -> str:
    return json.dumps({"event": "request", "path": "/", "query_id": id_, "trial": trial, "teams": teams})


def clicked(id_: str, ordinal: int, action: str = "click") -> str:
    return json.dumps({"path": "/api/v1/events", "action_name": action, "query_id": id_, "ordinal": ordinal})


def test_a_search_is_one_vote_however_often_it_is_clicked() -> None:
    lines = [searched("a", "=AB"), *[clicked("a", 3)] * 50, searched("b", "AB"), clicked("b", 1), searched("c", "BA")]
    assert votes(lines)["balanced:new"] == Votes(searches=3, one=1, other=1)


def test_clicks_are_credited_to_whose_place_it_is() -> None:
    lines = [searched("a", "=ABBA"), clicked("a", 1), clicked("a", 2), clicked("a", 3)]
    assert votes(lines)["balanced:new"] == Votes(searches=1, even=1)
    assert votes([*lines, clicked("a", 4)])["balanced:new"] == Votes(searches=1, other=1)


def test_a_later_page_and_the_first_one_again() -> None:
    lines = [searched("a", "ABBA"), searched("a", "AB"), clicked("a", 3)]
    assert votes(lines)["balanced:new"] == Votes(searches=1, other=1)


def test_an_index_that_changed_during_the_day_is_told_by_its_last_list() -> None:
    lines = [searched("a", "AB"), searched("a", "BA"), clicked("a", 1)]
    assert votes(lines)["balanced:new"] == Votes(searches=1, other=1)


def test_what_tells_nothing_is_counted_apart_or_passed_over() -> None:
    lines = [
        searched("alike", "=="),
        clicked("alike", 2),
        searched("apart", "-"),
        clicked("apart", 1),
        clicked("unknown", 1),
        clicked("alike", 9),
        searched("a", "AB"),
        clicked("a", 1, action="view"),
        "teams and click: no JSON",
        '["click"]',
        json.dumps({"query_id": 4, "teams": "AB", "trial": "a:b", "action_name": "click"}),
        json.dumps({"path": "/api/v1/events", "action_name": "click", "query_id": "a", "ordinal": "2"}),
    ]
    assert votes(lines) == {"balanced:new": Votes(searches=3, alike=1, apart=1)}


def test_each_trial_is_told_apart() -> None:
    lines = [searched("a", "AB"), searched("a2", "AB", "balanced:other"), clicked("a2", 2)]
    assert votes(lines) == {"balanced:new": Votes(1), "balanced:other": Votes(1, other=1)}


def test_there_is_no_verdict_before_enough_searches_decided() -> None:
    lucky = Votes(searches=200, one=0, other=100)
    assert lucky.p < 0.001
    assert lucky.verdict(0.05) == "early"
    assert lucky.more(0.05) == pytest.approx(2 * (3_150 - 100), rel=0.05)  # every second search decides
    assert Votes(searches=20).more(0.05) is None
    assert Votes(searches=9_000, one=2_000, other=2_000).verdict(0.05) == "equal"
    assert Votes(searches=9_000, one=2_100, other=1_900).verdict(0.05) == "one"


def reported(lines: list[str], *options: str) -> Result:
    arguments = ["trial", "report", "-", *options]
    return CliRunner().invoke(main, arguments, input="\n".join(lines), catch_exceptions=False)


def test_the_report_says_how_many_searches_are_missing() -> None:
    lines = [line for number in range(40) for line in (searched(f"q{number}", "AB"), clicked(f"q{number}", 2))]
    told = reported(lines, "--lang", "en").stdout
    assert told.startswith("balanced or new: 40 searches")
    assert "Too early to tell: needs 3,1" in told
    assert "see a difference of 5 points" in told
    assert "new est préféré (p = 0)." in reported(lines, "--see", "60").stdout
    figures = json.loads(reported(lines, "--see", "60", "--json").stdout)["balanced:new"]
    assert (figures["searches"], figures["other"], figures["needs"], figures["verdict"]) == (40, 40, 0, "other")


def test_the_report_of_no_trial_and_of_no_click() -> None:
    assert "DISCOVERY_TRIAL" in reported(["{}"]).stdout
    assert "No click has decided" in reported([searched("a", "AB")], "--lang", "en").stdout
