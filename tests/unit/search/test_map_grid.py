from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.port import FINEST, Box
from discovery.search.where import (
    FAR_NEIGHBOURS,
    FRANCE,
    HALVINGS,
    MAX_CELLS,
    MAX_ZOOM,
    NEIGHBOURS,
    cells,
    grid,
    zoom_of,
)

longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)
views = st.none() | st.builds(
    lambda west, east, lats: Box(west, min(lats), east, max(lats)),
    longitudes, longitudes, st.tuples(latitudes, latitudes),
)  # fmt: skip


@given(zoom=st.integers(0, MAX_ZOOM), view=views)
def test_an_answer_stays_within_bounds(zoom: int, view: Box | None) -> None:
    cut = grid(zoom, view)
    assert 0 <= cut.precision <= min(zoom + HALVINGS, FINEST)
    assert cells(view or FRANCE, cut.precision) <= MAX_CELLS
    assert zoom_of(cut) <= zoom
    assert cut.view == view


def test_a_screen_is_answered_at_its_own_zoom() -> None:
    """1,024 x 768 points of a map around Lyon, at zoom 12: tiles of 256 points are 360 / 2^12
    degrees wide.
    """
    width = 360 / 2**12 * 4
    assert zoom_of(grid(12, Box(4.8, 45.7, 4.8 + width, 45.7 + width / 2))) == 12


def test_close_enough_neighbours_are_shown_one_by_one() -> None:
    assert grid(6, None).few == FAR_NEIGHBOURS
    near = Box(4.8, 45.7, 4.8001, 45.7001)
    assert [grid(zoom, near).few for zoom in (17, 18, 19)] == [
        FAR_NEIGHBOURS,
        NEIGHBOURS,
        NEIGHBOURS,
    ]
