"""`indexer pull les-emplois` against a double with the faults of real hosts: nothing twice, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.cli import main as discovery
from indexer.cli import main
from indexer.context import Context
from indexer.record import Status, Supplier
from indexer.sources import les_emplois
from indexer.sources.fetch import ATTEMPTS, Fetcher, SourceError, _again
from indexer.sources.pull import pull
from indexer.store import reading, repository
from tests.examples import some
from tests.unit.sources.double import PRIVATE, Double, cut, serving, status, structure

Pull = Callable[..., Result]


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Retries without their waits."""
    stamina.set_testing(True, attempts=ATTEMPTS)
    yield
    stamina.set_testing(False)


@pytest.fixture
def double() -> Iterator[Double]:
    with serving(Double(structures=[structure(number, ("69", "35", "44")[number % 3]) for number in range(250)])) as it:
        yield it


@pytest.fixture
def run(double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pull:
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "ENGINE", "BROKER_URL", "MAPPINGS", "INDEX_PREFIX"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)

    def call(*words: str) -> Result:
        asked = ("pull", "les-emplois", "--url", double.url, "--per-minute", "1000000", *words)
        result = CliRunner().invoke(main, asked)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return call


def stored() -> dict[str, Supplier]:
    context = Context()
    with reading(context.store) as connection:
        return repository.load(connection, [one for ids in repository.stream_ids(connection) for one in ids])


def ledger() -> list[Any]:
    with reading(Context().store) as connection:
        return list(connection.exec_driver_sql("SELECT supplier_id, revision FROM change_ledger ORDER BY 1"))


def live() -> int:
    return sum(one.status is Status.LIVE for one in stored().values())


def test_a_whole_pull_imports_everybody_with_their_jobs_and_a_second_writes_nothing(run: Pull, double: Double) -> None:
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


def test_who_only_hires_for_a_trade_is_found_by_it_and_the_reason_says_who_told(run: Pull) -> None:
    run("--department", "69")
    found = CliRunner().invoke(discovery, ["search", "espaces verts à Lyon"])
    assert found.exit_code == 0, found.output
    assert "recrute pour ce métier : Jardinier (d'après les emplois de l'inclusion, 1er octobre 2026)" in found.stdout


def test_nothing_private_is_kept_anywhere(run: Pull, tmp_path: Path) -> None:
    said = run()
    assert said.exit_code == 0
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert kept
    for private in PRIVATE:
        assert private not in said.output
        assert private not in repr(stored())
        assert all(private.encode() not in content for content in kept)


@pytest.mark.parametrize(
    "fault", [status(429, Retry_After="1"), status(500), status(503), cut], ids=["429", "500", "503", "cut"]
)
def test_a_passing_fault_is_tried_again(fault: Any, run: Pull, double: Double) -> None:
    double.faults = [None, fault, fault, None, fault]
    assert "created 250" in run().stdout


def test_a_fault_that_stays_changes_nothing_and_the_next_pull_goes_on(run: Pull, double: Double) -> None:
    double.faults = [None, *[status(500)] * 1000]
    failed = run("--department", "69", "--department", "35", "--department", "44")
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert "answers 500" in failed.stderr
    double.faults, double.asked = [], []
    assert run("--department", "69", "--department", "35", "--department", "44").exit_code == 0
    assert live() == 250
    assert {"departement": "69", "page": "1", "page_size": "100"} not in double.asked, "that page was there"


@pytest.mark.parametrize("field", les_emplois.NEEDED)
def test_a_changed_contract_is_told_and_changes_nothing(field: str, run: Pull, double: Double) -> None:
    del double.structures[-1][field]
    failed = run("--department", double.structures[-1]["departement"])
    assert failed.exit_code == 2
    assert field in failed.stderr
    assert "contract" in failed.stderr


def test_a_source_that_lost_a_third_delists_nobody_and_says_so(run: Pull, double: Double) -> None:
    run()
    double.structures = double.structures[:170]
    alarmed = run()
    assert alarmed.exit_code == 1
    assert "170 suppliers, 250 at the last pull" in alarmed.stderr
    assert live() == 250
    assert run("--force").exit_code == 0
    assert live() == 170


def test_who_left_the_source_is_delisted(run: Pull, double: Double) -> None:
    run()
    double.structures = double.structures[:240]
    assert run().exit_code == 0
    assert live() == 240


def test_a_part_of_the_source_delists_nobody(run: Pull, double: Double) -> None:
    run()
    double.structures = double.structures[:240]
    assert run("--department", "69").exit_code == 0
    assert live() == 250


def test_entries_that_move_while_they_are_read_delist_nobody(run: Pull, double: Double) -> None:
    run()

    def drift(_handler: Any, body: dict[str, Any]) -> bool:
        del body["results"][:5]  # they moved to a page that was read already
        return False

    double.faults = [drift] * 200
    moved = run()
    assert "changed while it was read" in moved.stderr
    assert live() == 250


def test_an_empty_page_that_is_not_the_last_ends_the_pull(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="empty"):
        pull(tmp_path, ["69"], lambda _department, _number: ([], 3, True))


class Killed(BaseException):
    pass


@settings(max_examples=some(20), deadline=None)
@given(sizes=st.lists(st.integers(0, 7), min_size=1, max_size=6), kills=st.lists(st.integers(0, 9), max_size=4))
def test_killed_at_any_page_it_goes_on_nothing_twice_nothing_lost(
    sizes: list[int], kills: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`sizes`: records of each department, two a page."""
    folder = tmp_path_factory.mktemp("pull")
    fetched: list[tuple[str, int]] = []

    def page(left: list[int], department: str, number: int) -> Any:
        if left == [0]:
            raise Killed
        left[0] -= 1
        fetched.append((department, number))
        own = [(f"{department}-{at}", {"name": f"{department}-{at}"}) for at in range(sizes[int(department)])]
        return own[2 * number - 2 : 2 * number], len(own), 2 * number < len(own)

    departments = [str(at) for at in range(len(sizes))]
    for kill in kills:
        try:
            pull(folder, departments, partial(page, [kill]))
        except Killed:
            continue
    done = pull(folder, departments, partial(page, [-1]))
    assert len(fetched) == len(set(fetched)), "no page is asked for twice"
    names = [json.loads(line)["name"] for line in done.file.read_text(encoding="utf-8").splitlines()]
    assert sorted(names) == sorted(f"{at}-{one}" for at, size in enumerate(sizes) for one in range(size))
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
        fetcher = Fetcher(client, les_emplois.PER_MINUTE, lambda: now[0], sleep)
        for _ in range(101):
            fetcher.json("http://source.example/", {})
    assert all(later - sooner >= 60 / 12 - 1e-9 for sooner, later in pairwise(asked))


@pytest.mark.parametrize(
    ("code", "header", "then"),
    [(429, "7", 7.0), (503, "", True), (429, "86400", False), (500, "soon", True), (404, "7", False), (400, "", False)],
)
def test_when_a_host_is_asked_again(code: int, header: str, then: bool | float) -> None:
    request = httpx.Request("GET", "http://source.example/")
    answer = httpx.Response(code, headers={"Retry-After": header} if header else {}, request=request)
    assert _again(httpx.HTTPStatusError("no", request=request, response=answer)) == then
