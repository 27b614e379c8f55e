from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from discovery.app import application
from discovery.config import Settings, load_mappings
from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from tests.api.corpus import build_index
from tests.web.reading import Reader
from tests.web.world import SUPPLIERS


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose index serves the world."""
    folder = tmp_path_factory.mktemp("pages")
    build_index(IndexFolder(folder / "index", "suppliers"), load_mappings(), SUPPLIERS)
    return folder


@pytest.fixture(scope="session")
def services(home: Path) -> Services:
    return make_services(Settings(home=home, sample=True, scope="de l'Essai"))


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return application(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def reader(client: FlaskClient) -> Reader:
    return Reader(client)
