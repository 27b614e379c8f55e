"""`indexer pull les-emplois` against a double with the faults of real hosts: nothing twice, nothing
lost.
"""

import json
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.places import Gazetteer
from indexer.sources import les_emplois
from indexer.sources.connector import Connector
from indexer.sources.enabled import CONNECTORS
from indexer.sources.fetch import Fetcher, Validators, _again
from indexer.sources.pull import alone, pull
from tests.examples import some
from tests.unit.sources.conftest import Run, ledger, live, stored
from tests.unit.sources.double import PRIVATE, LesEmplois, serving, status, structure


@pytest.fixture
def double() -> Iterator[LesEmplois]:
    with serving(
        LesEmplois(
            structures=[structure(number, ("69", "35", "44")[number % 3]) for number in range(250)]
        )
    ) as it:
        yield it


@pytest.fixture
def run(double: LesEmplois, indexer: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Of a country of four departments, of which one has nobody; all of them in
    `test_whole_pull.py`.
    """
    four = [one for one in Gazetteer.load().departments() if one.code in ("01", "35", "44", "69")]
    monkeypatch.setattr(Gazetteer, "departments", lambda _: four)
    return partial(indexer, "pull", "les-emplois", "--url", double.url, "--per-minute", "1000000")


def test_everybody_is_imported_with_their_jobs_and_a_second_pull_writes_nothing(
    run: Run, double: LesEmplois
) -> None:
    first = run()
    assert first.exit_code == 0, first.output
    assert "created 250" in first.stdout
    one = next(iter(stored().values()))
    assert [(job.rome, job.title, job.source) for job in one.jobs] == [
        ("A1203", "Jardinier", "les-emplois"),
        ("K2204", "Nettoyage de locaux", "les-emplois"),
    ]
    before = ledger()
    assert "unchanged 250" in run().stdout
    assert ledger() == before


def test_nothing_private_is_kept_anywhere(run: Run, tmp_path: Path) -> None:
    said = run()
    assert said.exit_code == 0
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert kept
    for private in PRIVATE:
        assert private not in said.output
        assert private not in repr(stored())
        assert all(private.encode() not in content for content in kept)


def test_a_fault_that_stays_changes_nothing_and_the_next_pull_goes_on(
    run: Run, double: LesEmplois
) -> None:
    double.faults = [None, *[status(500)] * 1000]
    failed = run("--department", "69", "--department", "35", "--department", "44")
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert "answers 500" in failed.stderr
    double.faults, double.asked = [], []
    assert run("--department", "69", "--department", "35", "--department", "44").exit_code == 0
    assert live() == 250
    assert {"departement": "69", "page": "1", "page_size": "100"} not in double.asked, (
        "that page was there"
    )


@pytest.mark.parametrize("field", les_emplois.NEEDED)
def test_a_changed_contract_is_told_and_changes_nothing(
    field: str, run: Run, double: LesEmplois
) -> None:
    del double.structures[-1][field]
    failed = run("--department", double.structures[-1]["departement"])
    assert failed.exit_code == 2
    assert field in failed.stderr
    assert "contract" in failed.stderr


@pytest.mark.slow
def test_a_source_that_lost_a_third_delists_nobody_and_says_so(
    run: Run, double: LesEmplois
) -> None:
    run()
    double.structures = double.structures[:170]
    alarmed = run()
    assert alarmed.exit_code == 1
    assert "170 records, 250 at the last pull" in alarmed.stderr
    assert live() == 250
    assert run("--force").exit_code == 0
    assert live() == 170


def test_a_part_of_the_source_delists_nobody(run: Run, double: LesEmplois) -> None:
    run()
    double.structures = double.structures[:240]
    assert run("--department", "69").exit_code == 0
    assert live() == 250


def test_entries_that_move_while_they_are_read_delist_nobody(run: Run, double: LesEmplois) -> None:
    run()

    def drift(_handler: Any, body: dict[str, Any]) -> bool:
        del body["results"][:5]  # they moved to a page that was read already
        return False

    double.faults = [drift] * 200
    moved = run()
    assert "changed while it was read" in moved.stderr
    assert live() == 250


class Killed(BaseException):
    pass


@settings(max_examples=some(20), deadline=None)
@given(
    sizes=st.lists(st.integers(0, 7), min_size=1, max_size=6),
    kills=st.lists(st.integers(0, 9), max_size=4),
)
def test_killed_at_any_page_it_goes_on_nothing_twice_nothing_lost(
    sizes: list[int], kills: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`sizes`: records of each department, two a page."""
    folder = tmp_path_factory.mktemp("pull")
    fetched: list[tuple[str, int]] = []

    def page(left: list[int], department: str, number: int, _kept: Validators, _at: str) -> Any:
        if left == [0]:
            raise Killed
        left[0] -= 1
        fetched.append((department, number))
        own = [
            (f"{department}-{at}", {"name": f"{department}-{at}"})
            for at in range(sizes[int(department)])
        ]
        return (own[2 * number - 2 : 2 * number], len(own), 2 * number < len(own)), {}

    departments = [str(at) for at in range(len(sizes))]
    for kill in kills:
        try:
            pull(folder, departments, partial(page, [kill]))
        except Killed:
            continue
    done = pull(folder, departments, partial(page, [-1]))
    assert len(fetched) == len(set(fetched)), "no page is asked for twice"
    names = [
        json.loads(line)["name"] for line in done.file.read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(names) == sorted(
        f"{at}-{one}" for at, size in enumerate(sizes) for one in range(size)
    )
    assert done.whole


def test_the_rate_is_never_exceeded() -> None:
    """A request for each department, in virtual time."""
    now, asked = [0.0], list[float]()

    def answer(_request: httpx.Request) -> httpx.Response:
        asked.append(now[0])
        now[0] += 0.3
        return httpx.Response(200, json={})

    def sleep(seconds: float) -> None:
        now[0] += seconds

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        fetcher = Fetcher(client, CONNECTORS["les-emplois"].per_minute, lambda: now[0], sleep)
        for _ in range(101):
            fetcher.json("http://source.example/", {})
    assert all(later - sooner >= 60 / 12 - 1e-9 for sooner, later in pairwise(asked))


@pytest.mark.parametrize(
    ("code", "header", "then"),
    [
        (429, "7", 7.0),
        (503, "", True),
        (429, "86400", False),
        (500, "soon", True),
        (404, "7", False),
        (400, "", False),
    ],
)
def test_when_a_host_is_asked_again(code: int, header: str, then: bool | float) -> None:
    request = httpx.Request("GET", "http://source.example/")
    answer = httpx.Response(
        code, headers={"Retry-After": header} if header else {}, request=request
    )
    assert _again(httpx.HTTPStatusError("no", request=request, response=answer)) == then


def test_what_did_not_change_is_not_sent_again(run: Run, double: LesEmplois) -> None:
    run()
    assert set(double.answered) == {200}
    double.answered = []
    double.structures[0]["raison_sociale"] = "Atelier Renommé (exemple)"
    second = run()
    assert "updated 1, unchanged 249" in second.stdout
    assert double.answered.count(200) == 1, "one page of one department"
    assert len(double.answered) == 4


@pytest.mark.slow
def test_records_that_older_code_made_are_fetched_again(
    run: Run, double: LesEmplois, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--department", "69")
    run()
    double.answered = []
    monkeypatch.setattr(Connector, "form", property(lambda _self: "other code"))
    run()
    assert set(double.answered) == {200}


def test_a_pull_is_repeated_from_what_it_kept_without_asking_anybody(
    run: Run, double: LesEmplois, tmp_path: Path
) -> None:
    run()
    double.asked = []
    again = run("--from-folder", str(tmp_path / "sources/les-emplois/last"))
    assert "unchanged 250" in again.stdout
    assert double.asked == []
    (tmp_path / "sources/les-emplois/last/69-1.json.gz").unlink()
    assert (
        "no page 1 of part 69"
        in run("--from-folder", str(tmp_path / "sources/les-emplois/last")).stderr
    )


def test_two_pulls_of_one_source_do_not_meet(run: Run, tmp_path: Path) -> None:
    with alone(tmp_path / "sources/les-emplois"):
        refused = run("--department", "69")
    assert refused.exit_code == 2
    assert "is being pulled by another process" in refused.stderr


def test_a_token_is_sent_and_allows_more(
    run: Run, double: LesEmplois, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("--department", "69")
    assert double.headers[-1].get("Authorization") is None
    file = tmp_path / "token"
    file.write_text("abcdef0123456789\n", encoding="utf-8")
    monkeypatch.setenv("DISCOVERY_TOKEN_LES_EMPLOIS_FILE", str(file))
    said = run("--department", "35")
    assert double.headers[-1]["Authorization"] == "Token abcdef0123456789"
    assert "abcdef" not in said.output
