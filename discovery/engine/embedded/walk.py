"""Walking an order by position: which matches stand behind one, and where a hit stands."""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine import instants
from discovery.engine.embedded.arrays import Bools, Ints
from discovery.engine.embedded.layout import ABSENT, NEVER
from discovery.engine.embedded.segment import Segment
from discovery.engine.instants import days
from discovery.engine.port import Order, Position

_EPOCH = date(1970, 1, 1).toordinal()


def behind(segment: Segment, order: Order, after: Position, found: Ints, values: npt.NDArray[Any]) -> Bools:
    """Whether each match comes after a position. `values`: what the order sorts by, of each match: kilometres, or its
    place among all documents of the segment."""
    key, id_ = after
    out: Bools = found >= bisect_right(segment.ids, id_)  # documents are numbered in the order of ids
    if order is Order.DISTANCE:
        far = math.inf if key is None else float(key)
        out = (values > far) | ((values == far) & out)
    elif order is Order.UPDATED:
        out = _older(segment.updated[found], ABSENT if key is None else days(str(key)), out)
    elif order is Order.LISTED:
        out = _older(segment.listed[found], NEVER if key is None else instants.seconds(str(key)), out)
    elif order is Order.NAME:
        out = values >= segment.names_until(None if key is None else str(key), id_)
    return out


def _older(held: npt.NDArray[Any], than: float, later: Bools) -> Bools:
    """`later`: of documents as old as that, those that come behind nevertheless."""
    out: Bools = (held < than) | ((held == than) & later)
    return out


def position(order: Order, key: tuple[Any, ...]) -> Position | None:
    """Of the hit that sorts by a key (`rank.Key`); None in an order that can't be walked."""
    match order:
        case Order.ID:
            return None, key[-1]
        case Order.NAME:
            return None if key[0] else key[1], key[-1]
        case Order.DISTANCE:
            return None if math.isinf(key[0]) else key[0], key[-1]
        case Order.UPDATED:
            day = -key[0]
            return None if day == ABSENT else date.fromordinal(day + _EPOCH).isoformat(), key[-1]
        case Order.LISTED:
            return None if math.isinf(key[0]) else instants.after_epoch(-key[0]), key[-1]
        case _:
            return None


def whole(distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """To the micrometre: the last bit of a distance depends on its place in an array, a position must not."""
    return np.round(distances, 9)
