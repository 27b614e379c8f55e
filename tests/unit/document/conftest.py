"""One builder for all: real mappings, real gazetteer."""

from typing import Any

import pytest

from discovery.mappings import load_mappings
from discovery.places import gazetteer
from indexer.document.build import DocumentBuilder
from indexer.record import Supplier


@pytest.fixture(scope="session")
def builder() -> DocumentBuilder:
    return DocumentBuilder((mappings := load_mappings()).vocabulary, gazetteer(), mappings.codes)


def built(builder: DocumentBuilder, supplier: Supplier) -> dict[str, Any]:
    document = builder.build(supplier)
    assert document is not None
    return document
