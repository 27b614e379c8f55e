"""Addresses: readable, unique, and never another company's."""

import re
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from indexer.record import Supplier
from indexer.store import slugs
from indexer.store.slugs import LONGEST, Named, candidates, fold
from tests.tables import cases
from tests.unit.store.support import add, load, queued, rows, run, save, wait_for_a_lock

A = Supplier(
    id="a", name="Les Ateliers du Bocage", kind="EI", city="Saint-Étienne", department="42"
)


@pytest.mark.parametrize(("words", "folded"), cases(__file__, "fold"))
def test_fold(words: str, folded: str) -> None:
    assert fold(words) == folded


@given(st.builds(Named, st.text(min_size=1), st.text(), st.text(), st.text()))
def test_candidates_are_addresses_and_the_last_is_the_id_s_own(named: Named) -> None:
    tries = candidates(named)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in tries)
    assert len(set(tries)) == len(tries)
    assert len(tries[0]) <= LONGEST
    other = candidates(replace(named, id=named.id + "x"))
    assert tries[-1] != other[-1]


def test_name_and_city_then_department_then_digest() -> None:
    tries = candidates(Named("a", "Atelier", "Saint-Denis", "93"))
    assert tries[:2] == ("atelier-saint-denis", "atelier-saint-denis-93")
    assert re.fullmatch(r"atelier-saint-denis-[0-9a-f]{6}", tries[2])
    assert candidates(Named("a", "Atelier", "", "93"))[0] == "atelier-93"
    assert candidates(Named("a", "Atelier", "", ""))[0] == "atelier"
    assert candidates(Named("finess-1", "日本", "Lyon", ""))[0] == "finess-1-lyon"
    assert candidates(Named("日", "日本", "", ""))[0] == "supplier"


def test_a_long_name_is_cut_between_words() -> None:
    slug = candidates(Named("a", "mot " * 40, "Lyon", ""))[0]
    assert len(slug) <= LONGEST
    assert set(slug.split("-")) == {"mot"}
    assert len(candidates(Named("a", "x" * 200, "", ""))[0]) == LONGEST
    assert candidates(Named("a", "x" * (LONGEST - 5), "Lyon", ""))[0].endswith("x-lyon")


def test_the_brand_is_what_people_see(store: Engine) -> None:
    save(store, A, replace(A, id="b", brand="Bocage"))
    found = load(store, "a", "b")
    assert found["a"].slug == "les-ateliers-du-bocage-saint-etienne"
    assert found["b"].slug == "bocage-saint-etienne"


def test_namesakes_have_each_their_own(store: Engine) -> None:
    save(store, *(replace(A, id=each) for each in "abcd"))
    found = [each.slug for each in load(store, *"abcd").values()]
    assert found[0] == "les-ateliers-du-bocage-saint-etienne"
    assert found[1] == "les-ateliers-du-bocage-saint-etienne-42"
    assert len(set(found)) == 4
    save(store, replace(A, id="e"))
    assert load(store, "e")["e"].slug not in found


def test_a_new_name_gives_a_new_slug_and_keeps_the_old(store: Engine) -> None:
    save(store, A)
    for name in ("Bocage Services", "Bocage Plus"):
        with queued(store) as change:
            save(store, replace(A, name=name))
        assert change.ids == {"a"}
    found = load(store, "a")["a"]
    assert found.slug == "bocage-plus-saint-etienne"
    assert found.former_slugs == (
        "bocage-services-saint-etienne",
        "les-ateliers-du-bocage-saint-etienne",
    )


def test_a_former_slug_is_never_another_s(store: Engine) -> None:
    save(store, A)
    save(store, replace(A, name="Autre"))
    save(store, replace(A, id="b"))
    assert load(store, "b")["b"].slug == "les-ateliers-du-bocage-saint-etienne-42"
    assert load(store, "a")["a"].former_slugs == ("les-ateliers-du-bocage-saint-etienne",)


@pytest.mark.parametrize(
    "changes",
    [
        {"city": "Lyon", "department": "69"},
        {"description": "x"},
        {"name": "LES ATELIERS DU BOCAGÉ"},
    ],
)
def test_what_leaves_the_slug_alone(store: Engine, changes: dict[str, Any]) -> None:
    """A move, another field, another spelling of the same name."""
    save(store, A)
    save(store, replace(A, **changes))
    found = load(store, "a")["a"]
    assert found.slug == "les-ateliers-du-bocage-saint-etienne"
    assert found.former_slugs == ()


def test_two_suppliers_exchange_their_names(store: Engine) -> None:
    one, two = replace(A, name="Un"), replace(A, id="b", name="Deux")
    save(store, one, two)
    save(store, replace(one, name="Deux"), replace(two, name="Un"))
    found = load(store, "a", "b")
    assert found["a"].slug == "deux-saint-etienne-42"
    assert found["b"].slug == "un-saint-etienne-42"
    assert found["a"].former_slugs == ("un-saint-etienne",)
    save(store, one, two)
    assert [each.slug for each in load(store, "a", "b").values()] == [
        "un-saint-etienne",
        "deux-saint-etienne",
    ]


def test_plain_sql_s_suppliers_are_given_theirs(store: Engine) -> None:
    add(store, "raw", "other")
    save(store, A)
    run(store, "UPDATE supplier SET name = 'Renommé' WHERE id = 'a'")
    with queued(store) as change, store.begin() as connection:
        assert slugs.complete(connection, ["raw", "a", "nobody"]) == 2
    assert change.ids == {"raw", "a"}
    found = load(store, "raw", "a", "other")
    assert [found[each].slug for each in ("raw", "a", "other")] == [
        "atelier",
        "renomme-saint-etienne",
        "",
    ]
    with queued(store) as change, store.begin() as connection:
        assert slugs.complete(connection, ["raw", "a"]) == 0
    assert change.ids == set()


def test_a_deleted_supplier_s_slugs_are_free(store: Engine) -> None:
    save(store, A)
    run(store, "DELETE FROM supplier")
    assert rows(store, "SELECT * FROM supplier_slug") == []
    save(store, replace(A, id="b"))
    assert load(store, "b")["b"].slug == "les-ateliers-du-bocage-saint-etienne"


def test_two_importers_want_the_same_slug(store: Engine) -> None:
    """Both see it free; the second to commit takes the next one, and nothing fails."""
    errors: list[BaseException] = []
    ready = threading.Barrier(2)

    def work(prefix: str) -> None:
        try:
            ready.wait(10)
            for number in range(10):
                save(
                    store,
                    *(
                        replace(A, id=f"{prefix}{number}-{each}", name=f"N {number}")
                        for each in range(3)
                    ),
                )
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(prefix,)) for prefix in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert rows(store, "SELECT count(*) FROM supplier_slug WHERE current") == [(60,)]


@pytest.mark.postgresql
def test_a_slug_taken_between_looking_and_writing(postgresql_store: Engine) -> None:
    store = postgresql_store
    save(store, replace(A, id="other", name="Autre"))
    with store.connect() as rival:
        rival.exec_driver_sql(
            "INSERT INTO supplier_slug (slug, supplier_id, current) "
            "VALUES ('les-ateliers-du-bocage-saint-etienne', 'other', false)"
        )
        thread = threading.Thread(target=save, args=(store, A))
        thread.start()
        wait_for_a_lock(store)
        rival.commit()
    thread.join(30)
    assert load(store, "a")["a"].slug == "les-ateliers-du-bocage-saint-etienne-42"
