"""The first view of the map holds the first page, on real lists; a region asked for is framed as
that region.
"""

import re
from itertools import product

import pytest
from flask.testing import FlaskClient

TRADES = ("nettoyage", "espaces verts", "blanchisserie", "traiteur", "conditionnement")
CITIES = (
    "Lille",
    "Paris",
    "Lyon",
    "Marseille",
    "Toulouse",
    "Nantes",
    "Strasbourg",
    "Épinal",
    "Guéret",
    "Bastia",
)


def first_view(client: FlaskClient, q: str) -> tuple[list[float], list[tuple[float, float]]]:
    """(west, south, east, north) of the map, and (lat, lon) of the cards, the nearest where nobody
    was found.
    """
    html = client.get("/", query_string={"q": q, "view": "map"}).text
    fit = re.search(r'data-fit="([^"]*)"', html)
    assert fit, q
    points = re.findall(r'data-point="([-\d.]+),([-\d.]+)"', html)
    return [float(edge) for edge in fit[1].split(",") if edge], [
        (float(lat), float(lon)) for lat, lon in points
    ]


@pytest.mark.parametrize(("trade", "city"), [*product(TRADES, CITIES)])
def test_the_first_view_holds_the_first_page(client: FlaskClient, trade: str, city: str) -> None:
    (west, south, east, north), points = first_view(client, f"{trade} à {city}")
    assert points
    off = [
        (lat, lon)
        for lat, lon in points
        if not (west - 1e-4 <= lon <= east + 1e-4 and south - 1e-4 <= lat <= north + 1e-4)
    ]
    assert off == []


@pytest.mark.parametrize("region", ["Bretagne", "Grand Est", "Corse", "La Réunion"])
def test_a_region_is_framed_as_that_region(client: FlaskClient, region: str) -> None:
    (west, south, east, north), _ = first_view(client, f"nettoyage en {region}")
    assert east - west < 7
    assert north - south < 5
