"""Many rows a statement: however many there are, and in however few texts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from indexer.record import Supplier
from indexer.store import repository, sql
from indexer.store.engine import reading
from indexer.store.models import SLUG
from tests.unit.store.support import NOW


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.sampled_from([1, 2, 8, 128]),
    st.sets(st.integers(0, 30), min_size=1),
    st.sets(st.integers(0, 30), min_size=1),
)
def test_rows_of_any_number_are_written_in_parts_of_any_size(
    sqlite_store: Engine, most: int, taken: set[int], wanted: set[int]
) -> None:
    with (
        sqlite_store.connect() as connection,
        connection.begin() as transaction,
        pytest.MonkeyPatch.context() as patched,
    ):
        repository.save(
            connection, [Supplier("first", "One", "EI"), Supplier("second", "Two", "EI")], NOW
        )
        patched.setattr(sql, "SQLITE_ROWS", most)
        assert (
            sql.insert_rows(connection, SLUG, [slug(one, "first") for one in sorted(taken)]) == []
        )
        free = sql.insert_rows(
            connection, SLUG, [slug(one, "second") for one in sorted(wanted)], skip_taken=True
        )
        owners = {row.slug: row.supplier_id for row in connection.execute(select(SLUG))}
        transaction.rollback()
    assert sorted(free) == sorted(f"s{one}" for one in wanted - taken)
    assert {
        f"s{one}": "first" if one in taken else "second" for one in taken | wanted
    }.items() <= owners.items()


def slug(number: int, owner: str) -> dict[str, Any]:
    return {"slug": f"s{number}", "supplier_id": owner, "name_key": "name", "current": False}


def test_batches_of_any_size_have_the_same_few_texts(sqlite_store: Engine) -> None:
    """SQLite keeps what it compiled of each text: an import would hold ever more memory."""
    texts = set[str]()

    def seen(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement.startswith("INSERT INTO supplier "):
            texts.add(statement)

    event.listen(sqlite_store, "before_cursor_execute", seen)
    many = [Supplier(f"s{number:04}", f"Atelier {number}", "EI") for number in range(1_000)]
    with sqlite_store.begin() as connection:
        saved = [
            repository.save(connection, many[size * 8 : size * 8 + size], NOW)
            for size in (1, 7, 37, 63, 99, 100)
        ]
        saved.append(repository.save(connection, many[950:], NOW))
        saved.append(repository.save(connection, many, NOW, batch=len(many)))
    assert sum(map(len, saved)) == len(many)
    assert len(texts) <= 8
    with reading(sqlite_store) as connection:
        assert repository.load(connection, [one.id for one in many]).keys() == {
            one.id for one in many
        }


AWKWARD = ("tab\there", "line\nbreak", "back\\slash", "\\N", "\\.", '"quoted", comma', "é€😀", "")


def test_texts_are_stored_as_they_are_and_a_key_twice_is_an_error(store: Engine) -> None:
    """On both databases: what a bulk format would take for a mark of its own is text."""
    with store.begin() as connection:
        repository.save(connection, [Supplier("one", "One", "EI")], NOW)
        rows = [slug(number, "one") | {"name_key": text} for number, text in enumerate(AWKWARD)]
        sql.insert_rows(connection, SLUG, rows)
    with reading(store) as connection:
        held = {row.slug: row.name_key for row in connection.execute(select(SLUG))}
    assert {f"s{number}": text for number, text in enumerate(AWKWARD)}.items() <= held.items()
    with pytest.raises(IntegrityError), store.begin() as connection:
        sql.insert_rows(connection, SLUG, [slug(99, "one"), slug(1, "one")])
    with reading(store) as connection:
        assert {row.slug for row in connection.execute(select(SLUG))} == held.keys()
