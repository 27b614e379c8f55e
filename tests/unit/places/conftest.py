from __future__ import annotations

import pytest
from hypothesis import settings

from discovery.places import Gazetteer

# The first example may build an index: time is the bench's affair, not a test's.
settings.register_profile("gazetteer", deadline=None)
settings.load_profile("gazetteer")


@pytest.fixture(scope="session")
def places() -> Gazetteer:
    """The gazetteer of the package: its data is what is tested."""
    return Gazetteer.load()
