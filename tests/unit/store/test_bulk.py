"""Many rows a statement: the number of parameters that one takes is nobody's limit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from indexer.record import Supplier
from indexer.store import bulk, reading, repository
from indexer.store.models import SlugRow
from indexer.store.sql import table
from tests.unit.store.support import NOW

SLUG = table(SlugRow)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.integers(4, 40), st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30), min_size=1))
def test_rows_of_any_number_are_written_in_parts_of_any_size(
    sqlite_store: Engine, most: int, taken: set[int], wanted: set[int]
) -> None:
    with (
        sqlite_store.connect() as connection,
        connection.begin() as transaction,
        pytest.MonkeyPatch.context() as patched,
    ):
        repository.save(connection, [Supplier("first", "One", "EI"), Supplier("second", "Two", "EI")], NOW)
        patched.setattr(bulk, "SQLITE_VARIABLES", most)  # a row of a slug has four
        assert bulk.insert_rows(connection, SLUG, [slug(one, "first") for one in sorted(taken)]) == []
        free = bulk.insert_rows(connection, SLUG, [slug(one, "second") for one in sorted(wanted)], skip_taken=True)
        owners = {row.slug: row.supplier_id for row in connection.execute(select(SLUG))}
        transaction.rollback()
    assert sorted(free) == sorted(f"s{one}" for one in wanted - taken)
    assert {f"s{one}": "first" if one in taken else "second" for one in taken | wanted}.items() <= owners.items()


def slug(number: int, owner: str) -> dict[str, Any]:
    return {"slug": f"s{number}", "supplier_id": owner, "name_key": "name", "current": False}


def test_a_batch_of_the_widest_rows_takes_several_statements(sqlite_store: Engine) -> None:
    many = [Supplier(f"s{number:04}", f"Atelier {number}", "EI") for number in range(1_500)]
    with sqlite_store.begin() as connection:
        assert len(repository.save(connection, many, NOW, batch=len(many)).created) == len(many)
    with reading(sqlite_store) as connection:
        assert repository.load(connection, [one.id for one in many]).keys() == {one.id for one in many}
