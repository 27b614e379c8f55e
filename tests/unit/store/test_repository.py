"""Suppliers in and out, whole, and nothing queued that did not change."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select

from indexer.record import (
    Activity,
    Contract,
    Job,
    LocationSource,
    Offer,
    Scope,
    Status,
    Supplier,
    Zone,
)
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER
from indexer.store.repository import STORE_OWNED, Counts, same_content
from indexer.store.sql import keyset
from tests.examples import some
from tests.unit.store.support import FULL, LATER, NOW, add, entries, load, queued, run, save

WRITES = re.compile("INSERT|UPDATE|DELETE")

SMALL = Supplier(id="small", name="Petite", kind="ESAT")


def content(supplier: Supplier) -> Supplier:
    return replace(supplier, slug="", former_slugs=(), first_listed_at=None)


def test_the_full_record_comes_back_whole(store: Engine) -> None:
    assert save(store, FULL, SMALL) == ["c1-1042", "small"]
    found = load(store, "c1-1042", "small", "nobody")
    assert found.keys() == {"c1-1042", "small"}
    assert content(found["c1-1042"]) == FULL
    assert content(found["small"]) == SMALL
    assert found["small"].first_listed_at == NOW
    assert found["small"].slug == "petite"
    for name in fields(FULL):
        default = getattr(SMALL, name.name)
        assert (
            name.name in (*STORE_OWNED, "status")
            or getattr(FULL, name.name) != default
            or name.name == "source"
        )


def test_what_comes_back_has_the_record_s_own_types(store: Engine) -> None:
    save(store, FULL)
    found = load(store, FULL.id)[FULL.id]
    assert type(found.status) is Status
    assert type(found.location_source) is LocationSource
    assert type(found.activities[0].zone.scope) is Scope
    assert type(found.qpv) is bool
    assert type(found.updated_at) is date


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)),  # type: ignore[arg-type]
    max_size=20,
)  # PostgreSQL takes no NUL, and no half of a surrogate pair
CODE = st.text("abcdefghijklmnopqrstuvwxyz0123456789-:", min_size=1, max_size=8)
NUMBER = st.none() | st.integers(0, 2**31 - 1)


def tuples(of: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=most).map(tuple)


ZONES = st.one_of(
    st.sampled_from([Zone(Scope.COUNTRY), Zone(Scope.NONE)]),
    st.integers(1, 500).map(lambda km: Zone(Scope.RADIUS, km)),
    tuples(CODE).map(lambda places: Zone(Scope.PLACES, None, places)),
)

CONTRACTS = st.builds(
    Contract,
    TEXT,
    st.text("0123456789", max_size=8),
    TEXT,
    CODE,
    st.none() | st.dates(),
    st.none() | st.integers(0, 2**60),
    st.none() | st.booleans(),
)


@st.composite
def suppliers(draw: st.DrawFn) -> Supplier:
    point = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    lat, lon = point or (None, None)
    return Supplier(
        id=draw(st.sampled_from(["a", "b", "B", "é", "c-1"])),
        name=draw(TEXT),
        kind=draw(CODE),
        source=draw(CODE),
        siret=draw(st.text("0123456789", max_size=14)),
        brand=draw(TEXT),
        description=draw(TEXT),
        contact_public=draw(st.booleans()),
        city=draw(TEXT),
        department=draw(st.sampled_from(["", "69", "2A"])),
        lat=lat,
        lon=lon,
        location_source=draw(st.none() | st.sampled_from(LocationSource)),
        activities=draw(tuples(st.builds(Activity, CODE, tuples(CODE), ZONES))),
        offers=draw(tuples(st.builds(Offer, TEXT, TEXT))),
        certifications=draw(tuples(CODE)),
        networks=draw(tuples(CODE)),
        client_references=draw(tuples(TEXT)),
        jobs=draw(tuples(st.builds(Job, CODE, TEXT, CODE, st.none() | st.dates()))),
        contracts=draw(tuples(CONTRACTS)),
        employees_insertion=draw(NUMBER),
        turnover=draw(st.none() | st.integers(-(2**60), 2**60)),
        year_founded=draw(NUMBER),
        qpv=draw(st.none() | st.booleans()),
        status=draw(st.sampled_from(Status)),
        updated_at=draw(st.none() | st.dates()),
    )


def test_an_id_that_comes_twice_is_saved_twice_in_order(store: Engine) -> None:
    given = [
        replace(FULL, id=id_, name=name)
        for id_, name in (("s1", "A"), ("s0", "A"), ("s1", "B"), ("s2", "A"))
    ]
    assert save(store, *given, batch=9) == ["s0", "s1", "s2", "s1"]
    assert load(store, "s1")["s1"].name == "B"


@settings(
    max_examples=some(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batch=st.lists(suppliers(), max_size=6), size=st.integers(1, 3))
def test_save_then_load_is_the_identity(store: Engine, batch: list[Supplier], size: int) -> None:
    """Over whatever an earlier example left; the last of equal ids wins; saving again changes and
    queues nothing.
    """
    last = {each.id: each for each in batch}
    before = load(store, *last)
    saved = save(store, *batch, batch=size)
    found = load(store, *last)
    assert {key: content(each) for key, each in found.items()} == last
    assert set(last) - set(before) <= set(saved) <= set(last)
    for each in found.values():
        assert each.slug
        assert each.slug not in each.former_slugs
        assert before.get(each.id, each).first_listed_at == each.first_listed_at
    with queued(store) as change:
        assert save(store, *last.values(), now=LATER) == []
    assert change.ids == set()


CHANGED: list[dict[str, Any]] = [
    {"name": "Autre"},
    {"description": ""},
    {"lat": None, "lon": None, "location_source": None},
    {"lat": 45.76124},
    {"contact_public": False},
    {"qpv": None},
    {"turnover": None},
    {"status": Status.DELISTED},
    {"updated_at": None},
    {"activities": ()},
    {"activities": FULL.activities[::-1]},
    {"activities": (*FULL.activities, Activity("espaces-verts"))},
    {
        "activities": (
            replace(FULL.activities[0], zone=Zone(Scope.RADIUS, 31)),
            *FULL.activities[1:],
        )
    },
    {"activities": (replace(FULL.activities[0], service_types=("PREST",)), *FULL.activities[1:])},
    {"offers": (Offer("Vitres"), Offer("Sols"))},
    {"certifications": ("iso-9001", "rge")},
    {"networks": ("coorace", "unea")},
    {"client_references": ()},
    {"jobs": FULL.jobs[::-1]},
    {"contracts": (replace(FULL.contracts[0], amount=None), *FULL.contracts[1:])},
]


def test_what_the_store_owns_is_not_taken_from_the_record(store: Engine) -> None:
    save(store, FULL)
    before = load(store, FULL.id)
    forged = replace(
        FULL, slug="mine", former_slugs=("old",), first_listed_at=datetime(1999, 1, 1, tzinfo=UTC)
    )
    assert same_content(FULL, forged)
    with queued(store) as change:
        assert save(store, forged, now=LATER) == []
    assert change.ids == set()
    assert load(store, FULL.id) == before


def test_siret_and_name_are_not_unique(store: Engine) -> None:
    twins = [replace(FULL, id=f"t{number}") for number in range(3)]
    assert len(save(store, *twins)) == 3


@pytest.fixture
def statements(store: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(store, "before_cursor_execute", note)
    yield seen
    event.remove(store, "before_cursor_execute", note)


def test_load_takes_as_many_queries_for_many_as_for_one(
    store: Engine, statements: list[str]
) -> None:
    save(store, *(replace(FULL, id=f"m{number}") for number in range(120)))
    found = []
    for count in (
        0,
        1,
        120,
        40_000,
    ):  # 40,000: more than either database takes as separate parameters
        statements.clear()
        load(store, *(f"m{number}" for number in range(count)))
        found.append([each for each in statements if "SELECT" in each])
    assert [len(each) for each in found] == [11, 11, 11, 11]
    assert found[0] == found[1] == found[2] == found[3], "the same texts: parsed and planned once"


LISTS = {"activities": "activity"} | {
    f"{table}s": table
    for table in ("offer", "certification", "network", "client_reference", "job", "contract")
}
"""Members of a record that are tables of their own; the others are columns of `supplier`."""


@pytest.mark.parametrize("changes", CHANGED, ids=lambda changes: "+".join(changes))
def test_each_change_is_saved_and_queued_and_nothing_else_written(
    store: Engine, statements: list[str], changes: dict[str, Any]
) -> None:
    save(store, FULL, SMALL)
    other = replace(FULL, **changes)
    assert not same_content(FULL, other)
    with queued(store) as change:
        statements.clear()
        assert save(store, other, now=LATER) == [FULL.id]
        written = {
            each.split()[2 if each.split()[0] != "UPDATE" else 1]
            for each in statements
            if WRITES.match(each)
        }
    assert written - {"supplier_slug"} == {LISTS.get(name, "supplier") for name in changes}
    assert change.deleted == {FULL.id: False}
    found = load(store, FULL.id)[FULL.id]
    assert content(found) == other
    assert found.first_listed_at == NOW


def test_an_unchanged_batch_is_only_read(store: Engine, statements: list[str]) -> None:
    save(store, FULL, SMALL)
    statements.clear()
    save(store, FULL, SMALL)
    assert not [each for each in statements if WRITES.match(each)]


def test_delist_and_restore(store: Engine) -> None:
    save(store, SMALL)
    slug = load(store, "small")["small"].slug
    for act, again, status in (
        (repository.delist, "live", Status.DELISTED),
        (repository.restore, "delisted", Status.LIVE),
    ):
        with queued(store) as change, store.begin() as connection:
            assert act(connection, "small")
        assert change.deleted == {"small": False}, f"its row stays: not a deletion (was {again})"
        with queued(store) as change, store.begin() as connection:
            assert not act(connection, "small"), "already so"
            assert not act(connection, "nobody")
        assert change.ids == set()
        found = load(store, "small")["small"]
        assert (found.status, found.slug) == (status, slug)


def test_the_ids_of_a_source_are_the_live_ones(store: Engine) -> None:
    save(store, replace(SMALL, id="a", source="siae"), replace(SMALL, id="b", source="siae"), FULL)
    save(store, replace(SMALL, id="b", source="siae", status=Status.DELISTED))
    with reading(store) as connection:
        assert list(repository.ids_of_source(connection, "siae")) == [["a"]]
        assert list(repository.ids_of_source(connection, "canonical")) == [[FULL.id]]
        assert list(repository.ids_of_source(connection, "none")) == []
        assert repository.counts(connection) == Counts(2, 1, {"siae": 1, "canonical": 1})


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_the_ids_stream_in_code_point_order(store: Engine, batch: int) -> None:
    ids = ["a", "B", "é", "a-1", "a1", "Z", "10", "9", "𝄞"]
    add(store, *ids)
    run(store, "UPDATE supplier SET status = 'delisted' WHERE id = 'a1'")
    with reading(store) as connection:
        found = list(keyset(connection, select(SUPPLIER.c.id), batch))
        assert [each for part in found for each in part] == sorted(ids)
        assert all(0 < len(part) <= batch for part in found)
        later = [
            each
            for part in keyset(connection, select(SUPPLIER.c.id), batch, after="a")
            for each in part
        ]
    assert later == [each for each in sorted(ids) if each > "a"]


def test_a_supplier_that_plain_sql_made(store: Engine) -> None:
    """Only id, name and kind: the rest is the database's to fill in."""
    add(store, "raw")
    found = load(store, "raw")["raw"]
    assert content(found) == Supplier(id="raw", name="Atelier", kind="EI")
    assert found.slug == ""
    assert found.first_listed_at is not None
    assert abs(found.first_listed_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_children_that_plain_sql_made_keep_the_order_they_came_in(store: Engine) -> None:
    add(store, "raw")
    for code in ("z", "m", "a"):
        run(store, "INSERT INTO certification (supplier_id, code) VALUES ('raw', :code)", code=code)
    run(
        store,
        "INSERT INTO activity (supplier_id, sector, service_types) VALUES ('raw', 'x', '  PREST   DISP ')",
    )
    found = load(store, "raw")["raw"]
    assert found.certifications == ("z", "m", "a")
    assert found.activities == (Activity("x", ("PREST", "DISP")),), (
        "untidy lists are read all the same"
    )


def test_a_failed_save_leaves_nothing(store: Engine) -> None:
    save(store, SMALL)
    before = entries(store)
    bad = replace(FULL, activities=(Activity("x", zone=Zone(Scope.RADIUS, 9999)),))
    with pytest.raises(Exception, match="ck_activity_radius_km"):
        save(store, replace(SMALL, city="Lyon"), bad)
    assert entries(store) == before
    assert load(store, FULL.id) == {}
