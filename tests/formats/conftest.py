from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from discovery.mappings import Settings
from tests import elasticsearch
from tests.formats import kept

ENGINES = ("embedded", pytest.param("elasticsearch", marks=pytest.mark.xdist_group(elasticsearch.GROUP)))


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, number: int, tmp_path: Path) -> Iterator[Settings]:
    """Of a place where the kept index of format `number` serves."""
    if request.param == "embedded":
        yield kept.embedded(number, tmp_path)
    else:
        yield from kept.elasticsearch(number, tmp_path, request.getfixturevalue("elasticsearch_url"))
