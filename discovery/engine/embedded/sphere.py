"""Distances without trigonometry: places as points of the unit sphere, distances as squares of chords."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded.arrays import Floats, Ints
from discovery.gazetteer.geo import EARTH_RADIUS_KM


@dataclass(frozen=True)
class Points:
    """Places on the unit sphere. A chord's square, in coordinate differences, is exact to a hair at any distance
    and needs no trigonometry: it is four times the haversine."""

    x: Floats
    y: Floats
    z: Floats

    @classmethod
    def of(cls, lat: Floats, lon: Floats) -> Points:
        """Places of latitudes and longitudes in degrees, two arrays of the same shape."""
        phi, theta = np.radians(lat), np.radians(lon)
        parallel = np.cos(phi)
        return cls(parallel * np.cos(theta), parallel * np.sin(theta), np.sin(phi))

    def of_some(self, chosen: Ints | slice) -> Points:
        """Some of the places, by number or slice; a slice copies nothing."""
        return Points(self.x[chosen], self.y[chosen], self.z[chosen])

    def square_chords(self, lat: float, lon: float) -> Floats:
        """Squares of the straight lines from one point (degrees) to each place, in sphere radii; 0 to 4."""
        phi, theta = math.radians(lat), math.radians(lon)
        out: Floats = self.x - math.cos(phi) * math.cos(theta)
        out *= out
        for held, origin in ((self.y, math.cos(phi) * math.sin(theta)), (self.z, math.sin(phi))):
            difference = held - origin
            difference *= difference
            out += difference
        return out


def kilometres(square_chords: Floats) -> Floats:
    """Great-circle distances in km of square chords, same shape: 2 R asin(chord / 2)."""
    half = np.sqrt(square_chords) * 0.5
    out: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    return out


def square_chord(km: float) -> float:
    """The square chord of a great-circle distance in km: 4 sin²(km / 2R); 4 (the diameter's) from half the sphere's
    girth on."""
    angle = km / EARTH_RADIUS_KM
    return 4.0 if angle >= math.pi else 4 * math.sin(angle / 2) ** 2
