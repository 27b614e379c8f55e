"""Map clusters: nobody is lost between the total and the map, and cells are those of map tiles, on
every engine.
"""

import math
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.port import (
    FINEST,
    MAPPED,
    Box,
    Clusters,
    Document,
    Grid,
    Point,
    SearchEngine,
    SearchRequest,
)
from tests.contract import worlds
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import GRENOBLE, LYON, NANTES, PARIS, crowd, delisted, supplier

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CENTIMETRE = 1e-6
"""Degrees: what an engine may round a point to."""

VIEWS = (
    None,
    Box(4.0, 45.0, 5.5, 46.0),
    Box(-5.0, 42.0, 8.0, 49.5),
    Box(170.0, -20.0, -170.0, 0.0),
)
grids = st.builds(Grid, st.integers(0, FINEST), st.sampled_from(VIEWS), st.integers(0, 5))


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory([*crowd(250, seed=5), *worlds.some_documents(150)])


def cell(point: Point, precision: int) -> tuple[int, int]:
    """Column and row of a map tile, by the formula of the web's maps."""
    size = 2**precision
    phi = math.radians(point.lat)
    row = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * size
    return int((point.lon + 180) / 360 * size), int(row)


def point_of(document: Document) -> Point | None:
    location = document.get("location")
    return None if location is None else Point(location["lat"], location["lon"])


def seen(point: Point, view: Box | None) -> bool:
    if view is None:
        return True
    between = (
        view.west <= point.lon <= view.east
        if view.west <= view.east
        else point.lon >= view.west or point.lon <= view.east
    )
    return between and view.south <= point.lat <= view.north


def assert_is(found: Clusters, documents: list[Document], grid: Grid) -> None:
    """Against the plainest grouping of the same matches."""
    points = {document["id"]: point_of(document) for document in documents}
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for id, point in sorted(points.items()):
        if point is not None and seen(point, grid.view):
            cells[cell(point, grid.precision)].append(id)
    located = sum(point is not None for point in points.values())
    assert found.total == len(documents)
    assert found.unlocated == len(documents) - located
    assert found.outside == located - sum(map(len, cells.values()))
    assert [one.count for one in found.clusters] == [len(ids) for _, ids in sorted(cells.items())]
    for one, (_, ids) in zip(found.clusters, sorted(cells.items()), strict=True):
        lats = [point.lat for id in ids if (point := points[id])]
        lons = [point.lon for id in ids if (point := points[id])]
        centre = (sum(lats) / len(ids), sum(lons) / len(ids))
        assert (one.centre.lat, one.centre.lon) == pytest.approx(centre, abs=CENTIMETRE)
        bounds = (one.bounds.west, one.bounds.south, one.bounds.east, one.bounds.north)
        assert bounds == pytest.approx((min(lons), min(lats), max(lons), max(lats)), abs=CENTIMETRE)
        assert [document["id"] for document in one.suppliers] == (
            ids if len(ids) <= grid.few else []
        )


@relaxed
@given(request_=worlds.requests(), grid=grids)
def test_every_match_is_in_a_cell_outside_the_view_or_without_a_place(
    request_: SearchRequest, grid: Grid, many: SearchEngine
) -> None:
    """Clusters plus suppliers without a location plus those outside add up to the total of the same
    search.
    """
    found = many.clusters(request_, grid)
    page = many.search(replace(request_, facets=(), offset=0, size=500))
    assert sum(one.count for one in found.clusters) + found.outside + found.unlocated == page.total
    assert_is(found, [hit.document for hit in page.hits], grid)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("precision", [0, 7, 12, FINEST])
def test_everybody_on_a_map(many: SearchEngine, precision: int, view: Box | None) -> None:
    """The same, of everything there is: in the short run too, on each engine."""
    grid = Grid(precision, view, few=2)
    found = many.clusters(SearchRequest(), grid)
    documents = [hit.document for hit in many.search(SearchRequest(size=500, facets=())).hits]
    assert_is(found, documents, grid)
    assert view is not None or len(found.clusters) > (1 if precision > 5 else 0)


def test_a_cell_of_few_gives_its_suppliers(engine_factory: EngineFactory) -> None:
    engine = engine_factory(
        [
            supplier("b"),
            supplier("a"),
            supplier("far", town=PARIS),
            supplier("nowhere", location=None),
            delisted("gone"),
        ]
    )
    alone, together = sorted(
        engine.clusters(SearchRequest(), Grid(10, few=1)).clusters, key=lambda one: one.count
    )
    assert (alone.count, [one["public"]["id"] for one in alone.suppliers]) == (1, ["far"])
    assert (together.count, together.suppliers) == (2, ())
    shown = engine.clusters(SearchRequest(), Grid(10, few=2))
    assert sorted(document["id"] for one in shown.clusters for document in one.suppliers) == [
        "a",
        "b",
        "far",
    ]
    assert (shown.total, shown.unlocated, shown.outside) == (4, 1, 0)
    assert {"id", "kind", "public"} <= set(alone.suppliers[0])
    [whole] = [hit.document for hit in engine.search(SearchRequest()).hits if hit.id == "far"]
    assert {
        field: whole["public"][field] for field in MAPPED if field in whole["public"]
    } == alone.suppliers[0]["public"]


def test_edges_of_the_world(engine_factory: EngineFactory) -> None:
    """Poles and antimeridian have a cell too."""
    points = [
        Point(89.9, 0.0),
        Point(-89.9, 0.0),
        Point(0.0, 180.0),
        Point(0.0, -180.0),
        Point(0.0, 0.0),
    ]
    engine = engine_factory(
        [supplier(str(number), location=point) for number, point in enumerate(points)]
    )
    for precision in (0, 1, 5, 20):
        found = engine.clusters(SearchRequest(), Grid(precision))
        assert sum(one.count for one in found.clusters) == len(points)
    north, south = Box(-1, 80, 1, 90), Box(-1, -90, 1, -80)
    assert [engine.clusters(SearchRequest(), Grid(4, view)).outside for view in (north, south)] == [
        4,
        4,
    ]


def test_neither_page_nor_order_changes_a_map(many: SearchEngine) -> None:
    asked = SearchRequest(centre=LYON.point)
    grid = Grid(9, few=3)
    assert many.clusters(replace(asked, offset=50, size=3), grid) == many.clusters(asked, grid)
    assert len({town.code for town in (LYON, PARIS, NANTES, GRENOBLE)}) <= len(
        many.clusters(asked, grid).clusters
    )
