"""Dataclasses of ours: what is frozen is so to the type checker, and a value as ever."""

import pickle

from discovery.model import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Point:
    lat: float
    lon: float = 0.0
    north: bool = field(init=False, default=True)


@dataclass(frozen=True, eq=False)
class Thing:
    name: str


def test_frozen_classes_are_values() -> None:
    point = Point(45.0)
    assert {point: 1}[Point(45.0, 0.0)] == 1
    assert replace(point, lon=4.0) == Point(45.0, 4.0)
    assert pickle.loads(pickle.dumps(point)) == point


def test_what_is_compared_by_itself_stays_so() -> None:
    thing = Thing("a")
    assert thing != Thing("a")
    assert len({thing, Thing("a")}) == 2


def test_making_one_costs_no_call_a_field() -> None:
    assert "__setattr__" not in vars(Point)
