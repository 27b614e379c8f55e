from __future__ import annotations

import pytest

from discovery.mappings import Mappings, load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load_mappings()


@pytest.fixture(scope="session")
def vocabulary(mappings: Mappings) -> Vocabulary:
    return mappings.vocabulary
