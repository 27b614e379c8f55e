"""What an answer tells is of one state of the index: it takes a searcher once and passes it down."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.engine.embedded.snapshot import Reader
from discovery.mappings import Mappings, Settings
from tests.api.corpus import build_index
from tests.tables import cases


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, mappings: Mappings) -> Services:
    home: Path = tmp_path_factory.mktemp("home")
    build_index(IndexFolder(home / "index", "suppliers"), mappings)
    return make_services(Settings(home=home), mappings=mappings)


@pytest.fixture(scope="module")
def client(known: Services) -> FlaskClient:
    return application(known).test_client()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Reader]:
    """One for each look at the index."""
    found: list[Reader] = []
    look = Reader.look

    def counted(reader: Reader) -> object:
        found.append(reader)
        return look(reader)

    monkeypatch.setattr(Reader, "look", counted)
    return found


@pytest.mark.parametrize("path", cases(__file__, "an_answer_looks_at_the_index_once"))
def test_an_answer_looks_at_the_index_once(
    client: FlaskClient, looks: list[Reader], path: str
) -> None:
    first = client.get(path)
    assert first.status_code in (200, 404), first.text
    looks.clear()
    client.get(path)
    assert len(looks) == 1, path


def test_places_are_suggested_without_the_index(client: FlaskClient, looks: list[Reader]) -> None:
    assert client.get("/api/v1/suggest?q=lyo&types=place").status_code == 200
    assert looks == []


def test_services_ask_the_engine_itself_again_after_an_answer(
    client: FlaskClient, known: Services
) -> None:
    with client:
        client.get("/api/v1/search?q=nettoyage")
    assert known.index is known.engine
    with known.search.at_once() as search:
        assert search.index is not known.engine
        bound = known.on(search.index)
        assert bound.status() == known.status()
        assert bound.search.search is not None
        assert known.search.index is known.engine, "a copy: others see nothing of it"
