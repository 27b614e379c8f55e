from __future__ import annotations

import pytest

from discovery.config import Mappings, load_mappings
from discovery.config.vocabulary import Vocabulary
from discovery.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings()


@pytest.fixture(scope="session")
def vocabulary(mappings: Mappings) -> Vocabulary:
    return mappings.vocabulary
