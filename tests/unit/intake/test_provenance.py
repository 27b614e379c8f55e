"""Several sources of one supplier: who is believed on what, who is told as its source, merging and
giving back.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from indexer.intake import merging
from indexer.intake.merging import Known, pairs
from indexer.intake.precedence import FIELDS, ORDER, Draft, Precedence, merge, owner, without
from indexer.intake.source import IntakeError
from indexer.record import Job, Provenance, Status, Supplier
from tests.examples import some
from tests.unit.intake.support import NOW, TODAY, Intake, counts, record

SIRET = "00200000800017"
ONE = {"siret": SIRET, "kind": "EI", "id": ""}


def row(source: str, **changed: Any) -> dict[str, Any]:
    """A record of one structure as a source tells it, found by SIRET and kind."""
    return {**record(1), **ONE, "source": source, **changed}


def only(intake: Intake) -> Supplier:
    (found,) = (one for one in intake.stored().values() if one.status is Status.LIVE)
    return found


def test_two_sources_of_one_structure_are_one_supplier_with_both_provenances(
    intake: Intake,
) -> None:
    intake([row("siae", name="Le Bocage", website="https://siae.example", updated_at="2020-07-01")])
    intake(
        [
            row(
                "le-marche",
                name="Le Bocage vert",
                description="Nous nettoyons.",
                updated_at="2026-10-02",
            )
        ]
    )
    found = only(intake)
    assert (found.source, found.name, found.website) == (
        "siae",
        "Le Bocage vert",
        "https://siae.example",
    )
    (further,) = found.provenance
    assert (further.source, further.seen) == ("le-marche", date(2026, 10, 2))
    assert {"name", "description", "address"} <= set(further.fields)
    assert "website" not in further.fields
    assert owner(found, "website") == "siae"


def test_each_source_again_writes_nothing(intake: Intake) -> None:
    sources = [
        row(name, name=f"Nom de {name}", naf="81.21Z") for name in ("siae", "le-marche", "finess")
    ]
    for one in sources:
        intake([one])
    before, ledger = only(intake), intake.ledger()
    for one in sources:
        assert counts(intake([one])) == (0, 0, 1, 0)
    assert only(intake) == before
    assert intake.ledger() == ledger


def test_a_source_takes_back_what_is_its_own_and_not_what_is_not(intake: Intake) -> None:
    intake([row("siae", brand="Bocage")])
    intake([row("le-marche", website="https://bocage.example")])
    intake([row("le-marche", website="", brand="")])
    found = only(intake)
    assert (found.website, found.brand) == ("", "Bocage")


def test_an_order_of_ones_own(intake: Intake) -> None:
    intake([row("siae", name="A", naf="81.21Z")])
    mine = Precedence(("siae", "le-marche"), {"naf": ("le-marche",)})
    intake([row("le-marche", name="B", naf="81.30Z")], precedence=mine)
    assert (only(intake).name, only(intake).naf) == ("A", "81.30Z")


def test_jobs_of_each_source_stand_side_by_side(intake: Intake) -> None:
    intake([row("les-emplois", jobs=[{"rome": "A1203", "source": "les-emplois"}])])
    intake([row("own-list", jobs=[{"rome": "K2204", "source": "own-list"}])])
    assert [one.rome for one in only(intake).jobs] == ["A1203", "K2204"]
    intake([row("les-emplois", jobs=[])])
    assert [one.rome for one in only(intake).jobs] == ["K2204"]


def test_absent_of_one_source_it_is_delisted_only_when_no_other_lists_it(intake: Intake) -> None:
    others = [record(at, source=source) for at in range(2, 12) for source in ("siae",)]
    intake([row("siae", name="A"), *others])
    intake([row("le-marche", name="B")])
    report = intake(others, complete="siae")
    assert report.delisted == 0
    found = intake.stored()[f"{SIRET}-EI"]
    assert (found.status, found.source, found.provenance) == (Status.LIVE, "le-marche", ())
    more = [record(at, source="le-marche") for at in range(20, 30)]
    intake(more)
    assert intake(more, complete="le-marche").delisted == 1


@given(
    st.permutations(["siae", "le-marche", "finess", "own"]),
    st.sampled_from(["siae", "le-marche", "finess", "own"]),
)
def test_who_takes_over_is_believed_first_of_those_that_are_left(
    order: list[str], gone: str
) -> None:
    others = [one for one in order if one != gone]
    told = tuple(Provenance(one, TODAY, ("name",)) for one in (*sorted(others), "sirene"))
    supplier = Supplier(id="a", siret=SIRET, kind="EI", name="A", source=gone, provenance=told)
    left = without(supplier, gone, Precedence(order=tuple(order)))
    assert left is not None
    assert left[0] == others[0]
    assert {one.source for one in left[1]} == {*others[1:], "sirene"}


# Merging


def two(intake: Intake) -> tuple[Supplier, Supplier]:
    """As FINESS and the marketplace know one structure, by different SIRETs of one company."""
    intake(
        [
            record(
                "a",
                siret=SIRET,
                kind="ESAT",
                source="finess",
                name="ESAT LE BOCAGE",
                year_founded=1998,
            )
        ]
    )
    told = {
        "description": "Blanchisserie et espaces verts.",
        "jobs": [{"rome": "A1203", "source": "le-marche"}],
    }
    intake(
        [
            record(
                "b",
                siret="00200000800025",
                kind="ESAT",
                source="le-marche",
                name="ESAT Le Bocage",
                **told,
            )
        ]
    )
    found = intake.stored()
    return found["c1-a"], found["c1-b"]


def join(engine: Engine, into: str = "c1-a", other: str = "c1-b") -> Supplier:
    with engine.begin() as connection:
        return merging.join(connection, into, other, Precedence(), NOW)


def part(engine: Engine, other: str = "c1-b") -> None:
    with engine.begin() as connection:
        merging.part(connection, other, NOW)


def test_merged_they_are_one_and_split_each_is_as_it_was(intake: Intake, engine: Engine) -> None:
    one, other = two(intake)
    before = intake.ledger()
    join(engine)
    found = only(intake)
    assert (found.id, found.name, found.year_founded) == ("c1-a", "ESAT Le Bocage", 1998)
    assert (found.source, [each.source for each in found.provenance]) == ("finess", ["le-marche"])
    assert [job.rome for job in found.jobs] == ["A1203"]
    assert {id_ for id_, _ in set(intake.ledger()) - set(before)} == {"c1-a", "c1-b"}, (
        "in the ledger like any change"
    )
    part(engine)
    assert intake.stored() == {"c1-a": one, "c1-b": other}


def test_what_the_absorbed_ones_source_tells_later_goes_to_the_one(
    intake: Intake, engine: Engine
) -> None:
    one, _ = two(intake)
    join(engine)
    intake(
        [
            record(
                "b",
                siret="00200000800025",
                kind="ESAT",
                source="le-marche",
                description="Traiteur.",
            )
        ]
    )
    intake(
        [
            record(
                "a",
                siret=SIRET,
                kind="ESAT",
                source="finess",
                name="ESAT DU BOCAGE",
                year_founded=1999,
            )
        ]
    )
    found = only(intake)
    assert (found.id, found.description, found.year_founded, found.name) == (
        "c1-a",
        "Traiteur.",
        1999,
        "Atelier du Bocage",
    )
    part(engine)
    now = intake.stored()
    assert (now["c1-a"].description, now["c1-a"].year_founded) == ("", 1999), (
        "its own source's news stay"
    )
    assert now["c1-a"].name == one.name
    assert now["c1-b"].status is Status.LIVE


def test_two_rows_of_one_source_do_not_take_turns(intake: Intake, engine: Engine) -> None:
    rows = [
        record(at, siret=f"0020000080{at}", kind="ESAT", source="finess") for at in ("0017", "0025")
    ]
    rows[1]["phone"] = "01 99 00 12 34"
    intake(rows)
    ids = [one["id"] for one in rows]
    one, other = (intake.stored()[id_] for id_ in ids)
    join(engine, *ids)
    assert only(intake).phone == "01 99 00 12 34"
    intake(rows)
    before = intake.ledger()
    for _ in range(2):
        assert intake(rows).updated == 0
    assert intake.ledger() == before
    part(engine, ids[1])
    assert intake.stored() == dict(zip(ids, (one, other), strict=True))


def test_merges_are_undone_in_turn(intake: Intake, engine: Engine) -> None:
    two(intake)
    intake([record("c", siret="00200000800033", kind="ESAT", source="own-list", brand="Bocage")])
    before = intake.stored()
    with engine.begin() as connection:
        merging.join(connection, "c1-a", "c1-b", Precedence(), NOW)
        merging.join(connection, "c1-a", "c1-c", Precedence(), NOW.replace(minute=30))
    assert only(intake).brand == "Bocage"
    with pytest.raises(IntakeError, match="c1-c was merged into c1-a later"):
        part(engine)
    part(engine, "c1-c")
    part(engine)
    after = {id_: replace(one, former_slugs=()) for id_, one in intake.stored().items()}
    assert after == before, "but for an address that it had meanwhile, which stays its own"


@pytest.mark.parametrize(
    ("into", "other", "said"),
    [("c1-a", "c1-a", "into itself"), ("c1-a", "x", "the id x"), ("x", "c1-b", "the id x")],
)
def test_what_can_not_be_merged_is_told(
    into: str, other: str, said: str, intake: Intake, engine: Engine
) -> None:
    two(intake)
    before = intake.ledger()
    with pytest.raises(IntakeError, match=said):
        join(engine, into, other)
    with pytest.raises(IntakeError, match="was not merged"):
        part(engine, other)
    assert intake.ledger() == before


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "brand": st.sampled_from(["", "x", "y"]),
        "description": st.sampled_from(["", "d", "e"]),
        "naf": st.sampled_from(["81.21Z", "81.30Z"]),
        "networks": st.sampled_from([(), ("coorace",)]),
        "year_founded": st.sampled_from([None, 1998, 2001]),
    },
)


def base(source: str, at: str, values: dict[str, Any]) -> Supplier:
    return Supplier(
        at,
        f"Nom {at}",
        "ESAT",
        source,
        siret=SIRET,
        commune="69383",
        department="69",
        region="84",
        **values,
    )


@given(VALUES, VALUES, st.sampled_from(ORDER), st.sampled_from(ORDER))
def test_split_gives_back_whatever_was_merged(
    one: dict[str, Any], other: dict[str, Any], first: str, second: str
) -> None:
    a, b = base(first, "a", one), base(second, "b", other)
    both = merging.joined(a, b, Precedence(), NOW)
    assert merging.parted(both, a, b) == a
    news = Job("K2204", source=first)
    assert (news in merging.parted(replace(both, jobs=(news,)), a, b).jobs) == (first != second)


NAMES = ("brand", "description", "naf", "networks", "year_founded")
SOURCES = st.sampled_from(["own-list", "second-list", *ORDER[:3]])


@settings(max_examples=some(600))
@given(
    st.lists(st.tuples(SOURCES, VALUES), min_size=2, max_size=4, unique_by=lambda told: told[0]),
    st.lists(SOURCES, max_size=3, unique=True).map(tuple),
)
def test_whatever_came_first_each_field_is_of_the_one_believed_before_all_who_say_something(
    told: list[tuple[str, dict[str, Any]]], first: tuple[str, ...]
) -> None:
    believed = Precedence(fields=dict.fromkeys(NAMES[:3], first))
    after = base(told[0][0], "a", told[0][1])
    for source, values in told[1:]:
        after = merge(
            Draft(values={"commune": "69383", **values}), "a", after, source, believed, TODAY
        )
    for name in NAMES:
        says = dict(told[:1]) | {source: values for source, values in told if values.get(name)}
        if len(says) > 1 and not told[0][1].get(name):
            del says[told[0][0]]
        order = (*(first if name in NAMES[:3] else ()), "", *ORDER)
        best = min(says, key=lambda one: order.index(one if one in order else ""))
        assert owner(after, name) == best
        assert getattr(after, name) == says[best].get(name, getattr(Supplier("", "", "", ""), name))


@given(VALUES, VALUES, st.sampled_from(ORDER), st.sampled_from(ORDER))
def test_a_field_has_one_owner_and_the_owner_told_it(
    one: dict[str, Any], other: dict[str, Any], first: str, second: str
) -> None:
    before = base(first, "a", one)
    told = {"commune": "69383", "name": "Autre", **other}
    after = merge(Draft(values=told), "a", before, second, Precedence(), TODAY)
    for name in FIELDS:
        assert sum(name in each.fields for each in after.provenance) <= 1
        for field in FIELDS[name]:
            holder = (
                told if owner(after, name) == second and second != first and field in told else None
            )
            value = holder[field] if holder else getattr(before, field)
            if second != first:
                assert getattr(after, field) == value


# Pairs


def known(id_: str, **changed: Any) -> Known:
    return replace(
        Known(id_, "finess", SIRET, "ESAT", "ESAT Le Bocage", "69383", (45.76, 4.85)), **changed
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "siret"), ({"siret": "00200000800025"}, "siren"), ({"siret": "", "name": "ESAT LE BOCAGE (LYON)"}, None),
        ({"siret": "", "name": "E.S.A.T. le Bocage"}, None),
        ({"siret": "", "name": "ESAT Bocage", "point": (45.763, 4.85)}, "name"),
        ({"siret": "", "point": (45.77, 4.85)}, None),
        ({"siret": "", "point": None}, None), ({"kind": "EA"}, None), ({"source": "finess"}, None),
    ],
    ids=["siret", "siren", "other words", "points", "near", "far", "nowhere", "kind", "one source"],
)  # fmt: skip
def test_what_is_proposed(changed: dict[str, Any], why: str | None) -> None:
    found = pairs([known("a"), known("b", **{"source": "le-marche", **changed})])
    assert [one.why for one in found] == ([why] if why else [])


def test_where_more_sit_than_a_point_tells_apart_names_are_not_compared() -> None:
    for number, found in ((200, 100 * 100), (201, 0)):
        sources = ("finess", "le-marche")
        assert (
            len(pairs([known(str(at), source=sources[at % 2], siret="") for at in range(number)]))
            == found
        )


def test_neighbours_on_either_side_of_a_cells_edge_meet() -> None:
    for lat in (45.7549, 45.755, 45.7551):
        other = known("b", source="le-marche", siret="", point=(lat + 0.003, 4.85))
        assert len(pairs([known("a", siret="", point=(lat, 4.85)), other])) == 1


def test_an_address_that_is_not_believed_moves_no_point(intake: Intake) -> None:
    intake([row("le-marche")])
    before = only(intake)
    intake([row("siae", address={"post_code": "35000", "city": "Rennes"}, naf="81.21Z")])
    after = only(intake)
    assert (after.commune, after.lat, after.lon, after.naf) == (
        before.commune,
        before.lat,
        before.lon,
        "81.21Z",
    )
