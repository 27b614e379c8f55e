"""A store and a place for indices on each engine, as in the unit tests of the lifecycle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lifecycle.conftest import context, put, settings

__all__ = ["context", "put", "settings"]

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the short run, processes are started for the engine that needs no server; `--all` has both."""
    for item in items:
        if item.path.parent == HERE and "[elasticsearch" in item.name and item.path.name != "test_any_order.py":
            item.add_marker(pytest.mark.slow)
