"""One builder for all: real mappings, real gazetteer."""

import pytest

from discovery.mappings import load_mappings
from discovery.places import gazetteer
from indexer.document.build import DocumentBuilder


@pytest.fixture(scope="session")
def builder() -> DocumentBuilder:
    return DocumentBuilder((mappings := load_mappings()).vocabulary, gazetteer(), mappings.codes)
