from collections.abc import Iterator

import pytest

from discovery.engine.embedded import EmbeddedEngine
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import load_mappings
from discovery.places import gazetteer
from discovery.search.suggest import SuggestService
from tests.api.corpus import build_index


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SuggestService]:
    """Over the dozen suppliers of the API's tests."""
    mappings = load_mappings()
    folder = IndexFolder(tmp_path_factory.mktemp("index"), "suppliers")
    build_index(folder, mappings)
    engine = EmbeddedEngine(folder.link)
    yield SuggestService(engine, mappings, gazetteer().naming(mappings.places))
    engine.close()
