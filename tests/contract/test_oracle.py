"""The embedded engine against the oracle, on random worlds; and what must hold of any engine,
whatever it finds.
"""

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import (
    Action,
    Circle,
    Coverage,
    Document,
    Hit,
    National,
    Order,
    Point,
    SearchPage,
    SearchRequest,
    ServesBy,
    Target,
    WriteStatus,
)
from tests.contract import worlds
from tests.contract.oracle import Answer, Oracle, away
from tests.examples import some

PATIENT = settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def files() -> Iterator[tuple[EmbeddedWriter, EmbeddedEngine]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        with closing(EmbeddedWriter(path, worlds.DEFINITION, worlds.Split(), "f")) as writer:
            engine = EmbeddedEngine(path, worlds.Split(), background=False)
            yield writer, engine
            engine.close()


def oracle(documents: list[Document]) -> Oracle:
    return Oracle(documents, worlds.DEFINITION, worlds.Split().terms)


def write(writer: EmbeddedWriter, documents: list[Document], version: int = 1) -> None:
    outcomes = writer.bulk(Action(document["id"], version, document) for document in documents)
    assert {outcome.status for outcome in outcomes} <= {WriteStatus.INDEXED}, outcomes


def assert_same(page: SearchPage, answer: Answer, request: SearchRequest) -> None:
    assert page.total == answer.total
    assert page.facets == answer.facets
    assert tuple(page.facets) == request.facets
    expected = answer.hits[request.offset : request.offset + request.size]
    assert len(page.hits) == len(expected)
    scores = dict(answer.hits)
    for hit, (id_, score) in zip(page.hits, expected, strict=True):
        assert hit.document["id"] == hit.id
        if request.order is Order.RELEVANCE:
            assert score is not None
            assert hit.score == pytest.approx(scores[hit.id], rel=1e-6)
            # Another document may stand here only when the two scores are equal but for rounding.
            near = 0.0 if request.signals.rotation is None else 2e-6
            assert hit.id == id_ or math.isclose(
                score, scores[hit.id] or 0, rel_tol=1e-9, abs_tol=near
            )
        else:
            assert hit.score is None
            assert hit.id == id_


@PATIENT
@given(worlds.worlds(), st.lists(worlds.requests(), min_size=1, max_size=6))
def test_totals_facets_hits_and_scores_equal_the_oracle(
    documents: list[Document], requests: list[SearchRequest]
) -> None:
    truth = oracle(documents)
    with files() as (writer, engine):
        write(writer, documents)
        for request in requests:
            assert_same(engine.search(request), truth.search(request), request)
        assert engine.counts(requests) == [truth.total(request) for request in requests]


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 12))]
)
def test_dense_worlds_equal_the_oracle(seed: int) -> None:
    check_dense(seed)


def check_dense(seed: int) -> None:
    """Three commits of forty documents, of which some are rewritten and some deleted; after each,
    twenty requests.
    """
    chance = Random(seed)
    held: dict[str, Document] = {}
    found = 0
    with files() as (writer, engine):
        for version in range(1, 4):
            ids = chance.sample([f"d{number:02}" for number in range(60)], 40)
            changed = {id_: worlds.document(chance, id_) for id_ in ids}
            gone = chance.sample(sorted(held), min(len(held), 5))
            write(writer, list(changed.values()), version)
            writer.bulk(Action(id_, version, None) for id_ in gone)
            held = {
                id_: document for id_, document in {**held, **changed}.items() if id_ not in gone
            }
            truth = oracle(list(held.values()))
            for _ in range(20):
                request = worlds.request(chance)
                answer = truth.search(request)
                page = engine.search(request)
                assert_same(page, answer, request)
                for hit in page.hits:
                    assert_says_how(hit, request)
                found += answer.total > 1
            if version == 2 and seed % 2:
                engine.merge()
    assert found > 25  # requests that find nothing prove nothing


def assert_says_how(hit: Hit, request: SearchRequest) -> None:
    """Located or serves, the distance, and the sectors of the activities that made it match."""
    document, filters, national = hit.document, request.filters, request.national
    seated = request.coverage in (Coverage.LOCATED, Coverage.ANY) and any(
        Oracle.located(document, target) for target in request.targets
    )
    if not request.targets:
        assert hit.coverage is None
    else:
        assert hit.coverage is (Coverage.LOCATED if seated else Coverage.SERVES)
    assert hit.distance_km == pytest.approx(away(document, request.centre), abs=1e-9)
    on_activity = any(one.sector or one.service_type for one in (filters, *request.scope))
    asked = on_activity or national is National.ONLY or request.targets
    ways = {
        number: {Oracle.serves(activity, target, request) for target in request.targets} - {None}
        for number, activity in enumerate(document.get("activities", []))
        if Oracle.left(activity, request.exclude)
        and Oracle.passes(activity, filters, national)
        and all(Oracle.passes(activity, one, National.INCLUDE) for one in request.scope)
    }
    trades = {slug for need in request.needs for slug in need.sectors}
    trade = {
        number
        for number, activity in enumerate(document.get("activities", []))
        if trades & {activity.get("sector"), activity.get("sector_group")}
    }
    if trade and (national is National.ONLY or (request.targets and not seated)):
        ways = {number: found for number, found in ways.items() if number in trade}
    if request.coverage is Coverage.PRESUMED:
        ways = {number: found & {"presumed"} for number, found in ways.items()}
    expected = [
        document["activities"][number]["sector"]
        for number, found in ways.items()
        if asked
        and "sector" in document["activities"][number]
        and (seated or not request.targets or found)
    ]
    assert hit.matched_sectors == tuple(dict.fromkeys(expected))
    if not request.targets:
        assert hit.serves_by is None
    elif seated:
        assert hit.serves_by is ServesBy.SEAT
    else:
        serving = {way for found in ways.values() for way in found}
        assert hit.serves_by == next(
            way for way in ("near", "national", "presumed") if way in serving
        )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Action] | SearchRequest | str]:
    """Batches of writes and deletions with repeated and older versions, searches, and merges, in
    any order.
    """
    steps: list[list[Action] | SearchRequest | str] = []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["write", "write", "search", "merge"]))
        if kind == "write":
            batch = []
            for _ in range(draw(st.integers(1, 5))):
                id_ = f"d{draw(st.integers(0, 8)):02}"
                document = draw(st.one_of(worlds.documents(id_), worlds.documents(id_), st.none()))
                batch.append(Action(id_, draw(st.integers(1, 6)), document))
            steps.append(batch)
        else:
            steps.append(draw(worlds.requests()) if kind == "search" else "merge")
    steps.append(draw(worlds.requests()))
    return steps


@PATIENT
@given(histories())
def test_any_history_equals_the_index_freshly_built_from_the_survivors(
    history: list[list[Action] | SearchRequest | str],
) -> None:
    held: dict[str, tuple[int, Document | None]] = {}
    with files() as (writer, engine):
        for step in history:
            if isinstance(step, SearchRequest):
                survivors = [document for _, document in held.values() if document is not None]
                assert_same(engine.search(step), oracle(survivors).search(step), step)
            elif isinstance(step, str):
                engine.merge()
            else:
                for action, outcome in zip(step, writer.bulk(step), strict=True):
                    if action.id in held and action.version < held[action.id][0]:
                        assert outcome.status is WriteStatus.STALE
                        continue
                    held[action.id] = (action.version, action.document)
                    deleted = action.document is None
                    assert outcome.status is (
                        WriteStatus.DELETED if deleted else WriteStatus.INDEXED
                    )
        present = {
            id_: version for id_, (version, document) in held.items() if document is not None
        }
        assert writer.versions() == present


@pytest.mark.parametrize("order", Order)
def test_ties_end_on_id_whatever_the_order_of_writing(order: Order) -> None:
    documents = [
        {"id": id_, "live": True, "name": "w1", "completeness": 3}
        for id_ in ("b", "é", "a", "B", "c")
    ]
    request = SearchRequest(order=order, centre=worlds.CENTRE, size=4)
    with files() as (writer, engine):
        for document in documents:
            write(writer, [document])
            engine.status()
        assert [hit.id for hit in engine.search(request).hits] == ["B", "a", "b", "c"]
        engine.merge()
        assert [hit.id for hit in engine.search(request).hits] == ["B", "a", "b", "c"]


@PATIENT
@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.integers(1, 500),
    st.floats(0, 360),
    st.sampled_from([-0.001, 0.001]),
)
def test_a_circle_ends_at_its_radius(
    lat: float, lon: float, radius: int, bearing: float, off_km: float
) -> None:
    """One metre inside or outside, anywhere: for the seat, and for an activity's own circle."""
    centre = Point(lat, lon)
    there = worlds.moved(centre, radius + off_km, bearing)
    location = {"lat": there.lat, "lon": (there.lon + 180) % 360 - 180}
    document: Document = {
        "id": "a",
        "live": True,
        "location": location,
        "activities": [
            {"sector": "vitres", "scope": "radius", "radius_km": radius, "location": location}
        ],
    }
    inside = off_km < 0
    with files() as (writer, engine):
        write(writer, [document])
        for target, coverage in (
            (Target(circle=Circle(centre, float(radius))), Coverage.LOCATED),
            (Target(zone_points=(centre,)), Coverage.SERVES),
        ):
            request = SearchRequest(targets=(target,), centre=centre)
            page = engine.search(request)
            assert page.total == inside
            assert page.facets["coverage"] == ({coverage.value: 1, "any": 1} if inside else {})
            for hit in page.hits:
                assert hit.coverage is coverage
                assert hit.distance_km == pytest.approx(radius + off_km, abs=1e-6)
