"""Which commune is near, which department holds a point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.places import Commune, Gazetteer, gazetteer, haversine_km
from discovery.places.outlines import TOLERANCE_KM, Outlines

communes = st.deferred(lambda: st.sampled_from([commune for commune in gazetteer().communes() if commune.point]))

# Places chosen within towns, not the table's own points: borders, islands, coasts, enclaves, overseas.
CITIES = [
    ("Paris, Notre-Dame", 48.8530, 2.3499, "75"),
    ("Neuilly-sur-Seine", 48.8846, 2.2697, "92"),
    ("Montreuil", 48.8630, 2.4430, "93"),
    ("Ivry-sur-Seine", 48.8130, 2.3870, "94"),
    ("Versailles", 48.8049, 2.1204, "78"),
    ("Lyon, Part-Dieu", 45.7606, 4.8594, "69"),
    ("Vienne", 45.5255, 4.8749, "38"),
    ("Marseille, Vieux-Port", 43.2951, 5.3739, "13"),
    ("Avignon", 43.9493, 4.8055, "84"),
    ("Valréas, enclave of Vaucluse", 44.3855, 4.9906, "84"),
    ("Nyons", 44.3600, 5.1400, "26"),
    ("Strasbourg", 48.5734, 7.7521, "67"),
    ("Mulhouse", 47.7508, 7.3359, "68"),
    ("Wissembourg, border", 49.0370, 7.9450, "67"),
    ("Forbach, border", 49.1880, 6.9000, "57"),
    ("Lille", 50.6366, 3.0635, "59"),
    ("Tourcoing, border", 50.7239, 3.1612, "59"),
    ("Dunkerque", 51.0344, 2.3768, "59"),
    ("Calais", 50.9513, 1.8587, "62"),
    ("Brest", 48.3904, -4.4861, "29"),
    ("Saint-Malo, walls", 48.6493, -2.0257, "35"),
    ("Mont-Saint-Michel", 48.6360, -1.5115, "50"),
    ("Île de Ré, Saint-Martin", 46.2030, -1.3650, "17"),
    ("Belle-Île, Le Palais", 47.3470, -3.1540, "56"),
    ("Île d'Yeu, Port-Joinville", 46.7270, -2.3480, "85"),
    ("Ouessant, Lampaul", 48.4570, -5.0960, "29"),
    ("Bordeaux", 44.8378, -0.5792, "33"),
    ("Hendaye, border", 43.3580, -1.7740, "64"),
    ("Bourg-Madame, border", 42.4340, 1.9440, "66"),
    ("Nice", 43.7102, 7.2620, "06"),
    ("Menton, border", 43.7765, 7.5048, "06"),
    ("Annemasse, border", 46.1930, 6.2340, "74"),
    ("Ferney-Voltaire, border", 46.2560, 6.1080, "01"),
    ("Chamonix", 45.9237, 6.8694, "74"),
    ("Ajaccio", 41.9192, 8.7386, "2A"),
    ("Bastia", 42.6970, 9.4503, "2B"),
    ("Toulouse", 43.6045, 1.4440, "31"),
    ("Nantes", 47.2184, -1.5536, "44"),
    ("Belfort", 47.6380, 6.8630, "90"),
    ("Pointe-à-Pitre", 16.2411, -61.5331, "971"),
    ("Marie-Galante, Grand-Bourg", 15.8820, -61.3140, "971"),
    ("Fort-de-France", 14.6037, -61.0690, "972"),
    ("Cayenne", 4.9372, -52.3260, "973"),
    ("Saint-Laurent-du-Maroni, border", 5.4980, -54.0280, "973"),
    ("Saint-Denis de La Réunion", -20.8789, 55.4481, "974"),
    ("Mamoudzou", -12.7806, 45.2278, "976"),
    ("Saint-Pierre-et-Miquelon", 46.7790, -56.1770, "975"),
    ("Gustavia", 17.8960, -62.8500, "977"),
    ("Marigot", 18.0680, -63.0830, "978"),
    ("Papeete", -17.5350, -149.5690, "987"),
    ("Nouméa", -22.2710, 166.4380, "988"),
    ("London", 51.5074, -0.1278, None),
    ("Brussels", 50.8466, 4.3528, None),
    ("Geneva", 46.2044, 6.1432, None),
    ("Basel", 47.5596, 7.5886, None),
    ("Andorra", 42.5063, 1.5218, None),
    ("Jersey", 49.1868, -2.1060, None),
    ("Paramaribo", 5.8520, -55.2038, None),
    ("Atlantic", 30.0, -40.0, None),
]


@pytest.mark.parametrize(("lat", "lon", "department"), [c[1:] for c in CITIES], ids=[c[0] for c in CITIES])
def test_department_of_a_point(places: Gazetteer, lat: float, lon: float, department: str | None) -> None:
    assert places.department_at(lat, lon) == department


@pytest.mark.parametrize(
    ("lat", "lon"), [(math.nan, 2.0), (48.0, math.nan), (math.inf, 2.0), (48.0, -math.inf), (91.0, 2.0)]
)
def test_what_is_no_point_is_nowhere(places: Gazetteer, lat: float, lon: float) -> None:
    assert places.nearest(lat, lon) is None
    assert places.department_at(lat, lon) is None


def test_outlines_are_right_for_nearly_every_commune(places: Gazetteer) -> None:
    """42 town halls of 34,947 stand beside a border that was simplified away; a coarser outline would show here."""
    sample = [commune for commune in places.communes() if commune.point][::5]
    wrong = [commune for commune in sample if places.department_at(*(commune.point or (0, 0))) != commune.department]
    assert len(wrong) / len(sample) < 0.003


@given(communes)
def test_a_commune_is_at_its_own_point(commune: Commune) -> None:
    assert commune.point is not None
    found = gazetteer().nearest(*commune.point)
    assert found is not None
    assert found[1] == 0
    assert found[0].point == commune.point


@pytest.mark.slow
@given(st.floats(41, 51), st.floats(-5, 9))
def test_no_commune_is_nearer_than_the_nearest(lat: float, lon: float) -> None:
    found = gazetteer().nearest(lat, lon)
    assert found is not None
    commune, distance = found
    assert commune.point is not None
    assert distance == haversine_km(lat, lon, *commune.point)
    others = [other.point for other in list(gazetteer().communes())[::97] if other.point]
    assert all(haversine_km(lat, lon, *point) >= distance - 1e-4 for point in others)


def test_the_nearest_may_be_an_arrondissement_and_may_be_far(places: Gazetteer) -> None:
    found = places.nearest(45.7345, 4.8690)
    assert found is not None
    assert found[0].city == "69123"
    assert found[0].parent == "69123"
    far = places.nearest(0, 0)
    assert far is not None
    assert far[1] > 1_000


# The rule of outlines itself, on a square with a hole, a neighbour that shares a border, and an islet.

SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "A"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]],
                    [[0.4, 0.4], [0.4, 0.6], [0.6, 0.6], [0.6, 0.4], [0.4, 0.4]],
                ],
            },
        },
        {
            "type": "Feature",
            "properties": {"code": "B"},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]],
                    [[[5, 5], [5.1, 5], [5.1, 5.1], [5, 5.1], [5, 5]]],
                ],
            },
        },
    ],
}


@given(st.floats(-0.5, 2.5), st.floats(-0.5, 1.5))
def test_even_odd_rule(lon: float, lat: float) -> None:
    edges = [0, 0.4, 0.6, 1, 2]
    margin = 1.1 * TOLERANCE_KM / 111
    if min(abs(value - edge) for value in (lon, lat) for edge in edges) < margin:
        return  # close to an edge, the tolerance decides
    expected = None
    if 0 < lat < 1 and 0 < lon < 2:
        hole = 0.4 < lon < 0.6 and 0.4 < lat < 0.6
        expected = None if hole else ("A" if lon < 1 else "B")
    assert Outlines(SQUARES).at(lat, lon) == expected


def test_a_point_just_off_the_coast_is_taken_in() -> None:
    outlines = Outlines(SQUARES)
    assert outlines.codes == {"A", "B"}
    assert outlines.at(5.05, 5.05) == "B"
    inside, outside = 0.95 * TOLERANCE_KM / 111.195, 1.05 * TOLERANCE_KM / 111.195
    assert outlines.at(-inside, 0.5) == "A"
    assert outlines.at(-outside, 0.5) is None
    assert outlines.at(1 + inside, 1.5) == "B"


@given(st.floats(0.01, 0.99))
def test_a_shared_border_belongs_to_one_of_the_two(lat: float) -> None:
    assert Outlines(SQUARES).at(lat, 1.0) in {"A", "B"}


def test_distance_to_an_edge() -> None:
    outline = Outlines(SQUARES)._outlines[0]
    assert outline.distance_km(0.5, -0.01) == pytest.approx(haversine_km(0, 0.5, -0.01, 0.5), rel=1e-4)
    assert outline.distance_km(-0.01, -0.01) == pytest.approx(haversine_km(0, 0, -0.01, -0.01), rel=1e-4)
    assert np.isfinite(outline.x1).all()
