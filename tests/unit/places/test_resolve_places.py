"""Areas and names that analysts own: what they mean, and what is wrong with them."""

import sys

import pytest

from discovery.places import Gazetteer, Place
from discovery.places.resolve_places import Adjectives, AreaEntry, Fault, NamesFile, resolve


def area(slug: str, *members: str, name: str = "", names: tuple[str, ...] = ()) -> AreaEntry:
    return AreaEntry(slug, name or f"Zone {slug}", members, "Pour essai.", names)


def faults_of(places: Gazetteer, *areas: AreaEntry, **others: object) -> list[str]:
    found: list[Fault] = []
    resolve(areas, NamesFile(**others), places, found)  # type: ignore[arg-type]
    return [fault.said for fault in found]


def test_members_of_every_type_and_areas_within_areas(places: Gazetteer) -> None:
    entries = (
        area("a", "commune:69123", "epci:243500139"),
        area("b", "area:a", "department:90", "arrondissement:493", "ept:200057875"),
        area("c", "region:94", "commune:2A004"),
    )
    faults: list[Fault] = []
    named = resolve(entries, NamesFile(), places, faults)
    assert not faults
    known = places.naming(named)
    a, b = known.communes_in("area:a"), known.communes_in("area:b")
    assert a == {"69123"} | places.communes_in("epci:243500139")
    assert b > a | places.communes_in("department:90") | places.communes_in("ept:200057875")
    assert "area:b" in known.ancestors("area:a")
    assert "area:b" in known.ancestors("department:90")
    assert "area:b" not in known.ancestors("department:49")
    assert known.communes_in("area:c") == places.communes_in("region:94")
    assert named.areas[2].departments == ("2A", "2B")
    assert not named.areas[
        2
    ].communes  # told by its departments: a commune of one of them is not told again


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ([area("x", "commune:00000")], "'commune:00000' of area:x is no place"),
        ([area("x", "postcode:69001")], "'postcode:69001' of area:x is no place"),
        (
            [area("x", "commune:69383")],
            "'commune:69383' is an arrondissement of a city, which is searched whole",
        ),
        ([area("x", "area:y")], "'area:y' of area:x is no area of the file"),
        ([area("x", "area:y"), area("y", "area:x")], "area:y holds itself through 'area:x'"),
        ([area("x", "department:69"), area("x", "department:38")], "area:x is given twice"),
        (
            [
                area("x", "department:69", names=("le Vercors",)),
                area("y", "department:38", names=("Vercors",)),
            ],
            "'Vercors' names area:y and area:x",
        ),
        ([area("x", "department:69", name="Lyon")], "'Lyon' of area:x hides Lyon"),
        ([area("x", "department:69", names=("la loire",))], "'la loire' of area:x hides Loire"),
        (
            [area("x", "department:69", names=("PACA",))],
            "'PACA' of area:x hides Provence-Alpes-Côte d'Azur",
        ),
    ],
)
def test_faults_of_areas(places: Gazetteer, areas: list[AreaEntry], said: str) -> None:
    assert said in faults_of(places, *areas)


def test_an_island_may_bear_the_name_of_its_only_commune(places: Gazetteer) -> None:
    assert faults_of(places, area("ile-d-yeu", "commune:85113", name="Île d'Yeu")) == []


def test_other_names_and_adjectives(places: Gazetteer) -> None:
    adjectives = Adjectives(("métropole {f}",), ("bassin {m}",), {"35238": ("rennais", "rennaise")})
    faults: list[Fault] = []
    names = NamesFile(
        {"epci:200093201": ("MEL",), "arrondissement:493": ("Saumurois",)}, adjectives
    )
    known = places.naming(resolve((), names, places, faults))
    assert not faults
    for name, code in (
        ("mel", "epci:200093201"),
        ("le Saumurois", "arrondissement:493"),
        ("Métropole rennaise", "epci:243500139"),
        ("bassin rennais", "arrondissement:353"),
        ("Rennes Métropole", "epci:243500139"),
    ):
        assert [str(one.place) for one in known.groupings_by_name(name)] == [code]
    assert not places.groupings_by_name("bassin rennais")


def test_faults_of_names(places: Gazetteer) -> None:
    faults = faults_of(
        places,
        names={"commune:69123": ("Capitale des Gaules",), "epci:200093201": ("Roubaix",)},
        adjectives=Adjectives(of={"00000": ("nulle", "part")}),
    )
    assert faults == [
        "'commune:69123' is no intercommunal body, territorial establishment or arrondissement",
        "'00000' is no commune",
        "'Roubaix' of epci:200093201 hides Roubaix",
    ]


def test_adopting_changes_what_serves_and_nothing_of_what_is_shared(places: Gazetteer) -> None:
    known = places.naming(resolve((area("a", "commune:69123"),), NamesFile(), places, []))
    assert known.opens("zone")
    before = known.edition
    assert known.parse_place("area:a") == Place("area", "a")
    known.adopt(known.named)
    assert known.edition == before
    known.adopt(resolve((area("b", "commune:69123"),), NamesFile(), places, []))
    assert known.edition == before + 1
    assert known.parse_place("area:a") is None
    assert known.ancestors("commune:69123")[0] == "area:b"
    assert places.parse_place("area:b") is None


def test_who_reads_while_names_are_adopted_keeps_none_of_before(places: Gazetteer) -> None:
    """A reader at each line of `adopt`: one between the caches' end and the new names kept
    thousands of former ones.
    """
    known = places.naming(
        resolve((area("a", "commune:69123", name="Zircon"),), NamesFile(), places, [])
    )
    after = resolve((area("b", "commune:69123", name="Quartzite"),), NamesFile(), places, [])

    def read(*_: object) -> object:
        known.ancestors("commune:69123")
        known.opens("zircon")
        return read

    sys.settrace(lambda frame, *_: read if frame.f_code is Gazetteer.adopt.__code__ else None)  # type: ignore[arg-type]
    try:
        known.adopt(after)
    finally:
        sys.settrace(None)
    assert known.ancestors("commune:69123")[0] == "area:b"
    assert (known.opens("zircon"), known.opens("quartzite")) == (False, True)
