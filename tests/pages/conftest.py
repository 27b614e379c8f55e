from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import Services
from tests.pages.reading import Reader
from tests.pages.world import services_in


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services_in(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="session")
def home(services: Services) -> Path:
    """The home folder whose index serves the world."""
    return services.settings.home


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return application(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def reader(client: FlaskClient) -> Reader:
    return Reader(client)
