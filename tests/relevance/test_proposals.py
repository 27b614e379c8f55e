"""Phrases that find nobody: a supplier that lacks is told from a word that lacks."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.intent import Intent
from discovery.relevance.proposals import MIN_CHANCE, proposals
from discovery.relevance.querylog import LoggedQuery
from discovery.trades import Verdict
from tests.relevance.conftest import Corpus

LOGGED = {
    "blanchisserie en Lozère": "understood (blanchisserie",
    "mise à disposition de grues": "vocabulary/sectors/batiments-et-travaux-publics.yaml (0.",
    "xqzwk": "no trade that we can guess",
    "chirurgie cardiaque": "no inclusive trade",
}


def run(sample: Corpus, *options: str) -> Result:
    lines = [json.dumps({"path": "/", "q": q, "total": 0, "took_ms": 1}) for q in LOGGED]
    arguments = ["queries", "zero", "-", "--propose", "--lang", "en", *options]
    return CliRunner().invoke(main, arguments, input="\n".join(lines), obj=sample.services)


@pytest.mark.xdist_group("judged")
def test_each_phrase_is_told_what_it_lacks(sample: Corpus) -> None:
    told = run(sample).stdout.splitlines()
    assert len(told) == len(LOGGED)
    for q, lack in LOGGED.items():
        [line] = [line for line in told if line.startswith(f"1 × {q}: ")]
        assert lack in line
    found = {one["q"]: one for one in json.loads(run(sample, "--json").stdout)}
    assert found["mise à disposition de grues"]["words"] == "grues"
    assert all(chance >= MIN_CHANCE for one in found.values() for _, chance in one["likely"])


def test_only_what_is_worth_a_look_is_proposed() -> None:
    verdict = Verdict(groups=(("a", 0.4), ("b", 0.3), ("c", 0.2), ("d", 0.1)))
    [one] = proposals([LoggedQuery("x à Lyon", 3, 0, 1, 1)], lambda q: Intent(q, "x"), lambda text: verdict)
    assert (one.words, one.times, one.likely) == ("x", 3, (("a", 0.4), ("b", 0.3)))


def test_proposals_are_of_what_finds_nothing() -> None:
    result = CliRunner().invoke(main, ["queries", "top", "-", "--propose"], input="")
    assert result.exit_code == 2
    assert "zero" in result.output
