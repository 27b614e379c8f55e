"""A prepared document to the bytes of its row (see `layout`)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from discovery.engine.embedded.layout import (
    ABSENT,
    COUNTRY,
    KEYWORDS,
    LIVE,
    LOCATED,
    NEVER,
    OTHER,
    RADIUS,
)
from discovery.engine.embedded.prepare import Prepared, PreparedActivity

_SCOPES = {"country": COUNTRY, "radius": RADIUS}
_pack_double = struct.Struct("<d").pack
_unpack_pair = struct.Struct("<2i").unpack


def _double(value: float) -> tuple[int, ...]:
    return _unpack_pair(_pack_double(value))


_NOWHERE = (*_double(0.0), *_double(0.0))


def _point(location: tuple[float, float] | None) -> Sequence[int]:
    return _NOWHERE if location is None else (*_double(location[0]), *_double(location[1]))


def _number(value: int | None) -> int:
    return ABSENT if value is None else value


def _sort_key(activity: PreparedActivity) -> tuple[str, str]:
    """Activities are stored by group then sector, so that a supplier's equal sectors stand side by side."""
    return activity.group or "", activity.sector or ""


def pack(document: Prepared, intern: Callable[[str], int]) -> bytes:
    """`intern` gives the id of a string, making one when it is new."""
    activities = sorted(document.activities, key=_sort_key)
    out = [
        (LIVE if document.live else 0) | (LOCATED if document.location is not None else 0),
        _number(document.completeness),
        _number(document.level),
        _number(document.updated),
        *_point(document.location),
        *_double(NEVER if document.listed is None else document.listed),
        *map(len, document.keywords),
        len(activities),
        sum(len(activity.services) for activity in activities),
        sum(len(activity.places) for activity in activities),
        sum(len(activity.within) for activity in activities),
        len(document.terms),
        len(document.name_words),
        len(document.words),
        *document.lengths,
    ]
    assert len(document.keywords) == len(KEYWORDS)
    for values in document.keywords:
        out += map(intern, values)
    for activity in activities:
        out += (
            -1 if activity.sector is None else intern(activity.sector),
            -1 if activity.group is None else intern(activity.group),
            _SCOPES.get(activity.scope or "", OTHER),
            _number(activity.radius_km),
            *_point(activity.location),
            activity.location is not None,
            len(activity.services),
            len(activity.places),
            len(activity.within),
        )
    for activity in activities:
        out += map(intern, activity.services)
    for activity in activities:
        out += map(intern, activity.places)
    for activity in activities:
        out += map(intern, activity.within)
    pairs = [0] * (2 * len(document.terms))
    pairs[::2] = map(intern, document.terms)
    pairs[1::2] = document.codes
    out += pairs
    out += map(intern, document.name_words)
    out += map(intern, document.words)
    return struct.pack(f"<{len(out)}i", *out)
