"""A store and a place for indices on each engine, as in the unit tests of the lifecycle."""

from tests.unit.lifecycle.conftest import context, put, settings

__all__ = ["context", "put", "settings"]
