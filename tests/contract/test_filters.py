"""Filters: what each sentence of the contract says, on every engine."""

from discovery.engine.port import Filters, SearchEngine, SearchRequest
from tests.contract.asking import ids
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import delisted, supplier


def found(engine: SearchEngine, **filters: object) -> set[str]:
    return set(ids(engine, SearchRequest(filters=Filters(**filters))))  # type: ignore[arg-type]


def test_only_live_suppliers_are_ever_found(engine_factory: EngineFactory) -> None:
    """Status: only live suppliers are ever found; delisted ones leave a stub."""
    engine = engine_factory([supplier("a"), delisted("b")])
    page = engine.search(SearchRequest())
    assert (page.total, [hit.id for hit in page.hits]) == (1, ["a"])
    stub = engine.get("b")
    assert stub is not None
    assert stub["live"] is False


def test_siret_and_name_are_not_unique(engine_factory: EngineFactory) -> None:
    """A stable `id`; SIRET and name are *not* unique."""
    twins = [
        supplier(id, name="Même nom", siret="12345678900011", siren="123456789")
        for id in ("a", "b")
    ]
    engine = engine_factory(twins)
    assert found(engine, siret="12345678900011") == {"a", "b"}
    assert [document["id"] for document in engine.by_siret("12345678900011")] == ["a", "b"]
