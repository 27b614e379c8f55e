"""Opening a store, and what its transactions promise."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, InternalError, StatementError

from indexer.store.engine import StoreError, open_store, reading, sqlite_file
from indexer.store.models import ACTIVITY, SUPPLIER
from tests.tables import cases
from tests.unit.store.support import ADD, add, rows, run


@pytest.mark.parametrize("url", ["", "not an address", "store.db"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(StoreError, match="is not a database address"):
        open_store(url)


@pytest.mark.parametrize("url", cases(__file__, "a_bad_address_never_tells_its_password"))
def test_a_bad_address_never_tells_its_password(url: str) -> None:
    with pytest.raises(StoreError) as told:
        open_store(url)
    assert "s3c" not in str(told.value)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__ or told.value.__context__ is None, "nor does a traceback"


def test_the_file_of_a_store() -> None:
    assert sqlite_file(open_store("sqlite:///some/store.db")) == Path("some/store.db")
    assert sqlite_file(open_store("sqlite://")) is None
    assert sqlite_file(open_store("postgresql://host/name")) is None


def test_reading_sees_one_moment(store: Engine) -> None:
    add(store, "a")
    query = text("SELECT count(*) FROM supplier")
    with reading(store) as connection:
        assert connection.execute(query).scalar_one() == 1
        add(store, "b")  # the reader holds no writer up
        assert connection.execute(query).scalar_one() == 1
    assert rows(store, query.text) == [(2,)]


def test_reading_then_writing_waits_for_the_other_writer(store: Engine) -> None:
    """On SQLite a transaction that read before another wrote could not write any more: ours begin
    as writers.
    """
    add(store, "a")
    read, go_on = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def read_then_write() -> None:
        try:
            with store.begin() as connection:
                connection.execute(text("SELECT * FROM supplier")).all()
                read.set()
                go_on.wait(10)
                connection.execute(text("UPDATE supplier SET turnover = coalesce(turnover, 0) + 1"))
        except BaseException as error:
            errors.append(error)

    first = threading.Thread(target=read_then_write)
    first.start()
    assert read.wait(10)
    second = threading.Thread(
        target=lambda: run(store, "UPDATE supplier SET turnover = coalesce(turnover, 0) + 1")
    )
    second.start()
    go_on.set()
    first.join(30)
    second.join(30)
    assert errors == []
    assert rows(store, "SELECT turnover FROM supplier") == [(2,)]


@pytest.mark.postgresql
def test_reading_does_not_write_on_postgresql(postgresql_store: Engine) -> None:
    with pytest.raises(InternalError, match="read-only"), reading(postgresql_store) as connection:
        connection.execute(text(ADD), {"id": "a"})


@pytest.mark.parametrize("columns", cases(__file__, "the_database_refuses_what_no_supplier_is"))
def test_the_database_refuses_what_no_supplier_is(
    store: Engine, columns: dict[str, object]
) -> None:
    values = {"id": "a", "name": "Atelier", "kind": "EI"} | columns
    with pytest.raises(IntegrityError), store.begin() as connection:
        connection.execute(insert(SUPPLIER), values)


@pytest.mark.parametrize(
    "columns",
    [
        {"zone_scope": "moon"}, {"zone_scope": "radius"}, {"zone_scope": "country", "zone_radius_km": 5},
        {"zone_scope": "radius", "zone_radius_km": 0}, {"zone_scope": "radius", "zone_radius_km": 501},
        {"zone_scope": "country", "zone_places": ("department:69",)}, {"supplier_id": "nobody"},
    ],
)  # fmt: skip
def test_the_database_refuses_what_no_activity_is(
    store: Engine, columns: dict[str, object]
) -> None:
    add(store, "a")
    with pytest.raises(IntegrityError), store.begin() as connection:
        connection.execute(insert(ACTIVITY), {"supplier_id": "a", "sector": "x"} | columns)


def test_times_come_back_in_utc(store: Engine) -> None:
    paris = timezone(timedelta(hours=2))
    with store.begin() as connection:
        values = {"id": "a", "name": "n", "kind": "EI"}
        connection.execute(
            insert(SUPPLIER),
            values | {"first_listed_at": datetime(2026, 7, 1, 1, 30, 0, 250, tzinfo=paris)},
        )
        found = connection.execute(select(SUPPLIER.c.first_listed_at)).scalar_one()
    assert found == datetime(2026, 6, 30, 23, 30, 0, 250, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(store: Engine) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="no time zone"), store.begin() as connection:
        connection.execute(
            insert(SUPPLIER), {"id": "a", "name": "n", "kind": "EI", "first_listed_at": naive}
        )


@pytest.mark.parametrize("code", ["", " ", "two words", "line\n", "nbsp\u00a0x"])
def test_a_code_with_white_space_is_refused(store: Engine, code: str) -> None:
    add(store, "a")
    with pytest.raises(StatementError, match="is not a code"), store.begin() as connection:
        connection.execute(
            insert(ACTIVITY), {"supplier_id": "a", "sector": "x", "service_types": ("PREST", code)}
        )
