"""The gazetteer of French places: look-up by code, name, post code and point, without network."""

from discovery.places.geo import EARTH_RADIUS_KM, haversine_km
from discovery.places.lookup import Gazetteer, gazetteer
from discovery.places.model import (
    GROUPINGS,
    Commune,
    Department,
    Grouping,
    Place,
    PlaceType,
    Region,
)
from discovery.places.names import normalise

__all__ = [
    "EARTH_RADIUS_KM",
    "GROUPINGS",
    "Commune",
    "Department",
    "Gazetteer",
    "Grouping",
    "Place",
    "PlaceType",
    "Region",
    "gazetteer",
    "haversine_km",
    "normalise",
]
