"""Every error of ours is told to people, and says what an answer and a command make of it."""

import importlib
import inspect
import pkgutil
from http import HTTPStatus

import discovery
import indexer
from discovery.errors import DiscoveryError

OF_A_LIBRARY = {"discovery.http.api.parameters.Fault"}
"""Raised for the library around them, which turns them into its own."""


def errors() -> list[type[BaseException]]:
    found = []
    for package in (discovery, indexer):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in info.name or info.name in (
                "indexer.run.celery",
                "indexer.run.celery",
                "indexer.run.celery",
            ):
                continue  # made for the processes that import them: Alembic's, Celery's
            for _, one in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
                if issubclass(one, BaseException) and one.__module__ == info.name:
                    found.append(one)
    return found


def test_every_error_of_ours_has_the_one_base() -> None:
    found = {f"{one.__module__}.{one.__qualname__}": one for one in errors()}
    assert len(found) > 10
    strangers = {name for name, one in found.items() if not issubclass(one, DiscoveryError)}
    assert strangers <= OF_A_LIBRARY


def test_every_error_has_a_status_and_an_exit_code() -> None:
    for one in errors():
        if issubclass(one, DiscoveryError):
            assert HTTPStatus(one.status) >= 400, one
            assert one.exit_code > 0
