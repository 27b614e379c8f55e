from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from discovery.app import application
from discovery.config import Mappings, Settings, load_mappings
from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from tests.api.corpus import build_index


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, mappings: Mappings) -> Path:
    """A home folder whose index serves the corpus."""
    folder = tmp_path_factory.mktemp("home")
    build_index(IndexFolder(folder / "index", "suppliers"), mappings)
    return folder


@pytest.fixture(scope="session")
def services(home: Path, mappings: Mappings) -> Services:
    return make_services(Settings(home=home), mappings=mappings)


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return application(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
