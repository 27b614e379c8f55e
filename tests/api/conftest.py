from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services, make_services
from discovery.engine.definition import define
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Mappings, Settings
from tests import elasticsearch
from tests.api.corpus import build_index, documents

HERE = Path(__file__).parent
ENGINES = [
    "embedded",
    pytest.param("elasticsearch", marks=pytest.mark.xdist_group(elasticsearch.GROUP)),
]


ON_ONE = pytest.mark.parametrize("configured", ["embedded"], indirect=True, scope="session")
"""Of tests that are about processes and ways in, not about what is found: one engine is enough."""


IN_SHORT = {"test_assistants.py", "test_search.py", "test_suppliers.py"}
"""Asked on both engines in the short run too; `--all` asks everything on both."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if (
            item.path.parent == HERE
            and "[elasticsearch" in item.name
            and item.path.name not in IN_SHORT
        ):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, mappings: Mappings) -> Path:
    """A home folder whose embedded index serves the corpus."""
    folder = tmp_path_factory.mktemp("home")
    build_index(IndexFolder(folder / "index", "suppliers"), mappings)
    return folder


@pytest.fixture(scope="session", params=ENGINES)
def configured(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mappings: Mappings
) -> Settings:
    """Settings of a service over the corpus, on each engine."""
    if request.param == "embedded":
        return Settings(home=request.getfixturevalue("home"))
    url = request.getfixturevalue("elasticsearch_url")
    index = elasticsearch.index_of(define(mappings), documents(mappings))
    return Settings(home=tmp_path_factory.mktemp("home"), engine=url, index_prefix=index)


@pytest.fixture(scope="session")
def services(configured: Settings, mappings: Mappings) -> Services:
    return make_services(configured, mappings=mappings)


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return application(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
