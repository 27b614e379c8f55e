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


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    labels: dict[str, str] = field(hash=False)
    secret: str = field(default="", repr=False, compare=False)


@dataclass
class Counter:
    count: int = 0

    def __repr__(self) -> str:
        return "one of many"


def test_frozen_classes_are_values() -> None:
    point = Point(45.0)
    assert {point: 1}[Point(45.0, 0.0)] == 1
    assert replace(point, lon=4.0) == Point(45.0, 4.0)
    assert pickle.loads(pickle.dumps(point)) == point


def test_fields_are_left_out_of_what_they_say_and_a_method_of_its_own_stays() -> None:
    key = Key("a", {"fr": "b"}, secret="c")
    assert repr(key) == "Key(name='a', labels={'fr': 'b'})"
    assert key == Key("a", {"fr": "b"}, secret="d") != Key("a", {"fr": "c"})
    assert hash(key) == hash(Key("a", {}))
    assert repr(Counter(2)) == "one of many"
    assert Counter(2) == Counter(2) != Counter()
    assert Counter.__hash__ is None


def test_what_is_compared_by_itself_stays_so() -> None:
    thing = Thing("a")
    assert thing != Thing("a")
    assert len({thing, Thing("a")}) == 2


def test_making_one_costs_no_call_a_field() -> None:
    assert "__setattr__" not in vars(Point)
