"""Searches whose clicks our own pages report (`DISCOVERY_EVENTS`), and the trial that those clicks decide."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from flask import Flask, current_app

from discovery.config import SettingsError
from discovery.context import Services
from discovery.figures.counts import today
from discovery.http.requests import note
from discovery.search.answer import Answer
from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.search.trial import Trial, faults, searched

KEPT = "discovery.clicks"
"""Of the application's extensions: what observes searches; None where clicks are not reported."""


@dataclass(frozen=True, slots=True)
class Clicks:
    """`key`: of the ids by which clicks are told of searches."""

    trial: Trial | None
    key: bytes


def install(app: Flask, services: Services) -> None:
    """Let pages report clicks, where the settings say so. Raises SettingsError for a trial that can't be; OSError
    when there can be no secret to make ids with."""
    settings = services.settings
    if found := list(faults(settings, services.mappings.profiles)):
        raise SettingsError("\n".join(found))
    key = blake2b(settings.secret().encode(), person=b"clicks").digest() if settings.events else b""
    app.extensions[KEPT] = Clicks(Trial.read(settings.trial), key) if settings.events else None


def answered(service: SearchService, query: Query) -> tuple[Answer, str]:
    """The answer, and the id that clicks on it tell, which the log notes too; empty where none are reported."""
    clicks: Clicks | None = current_app.extensions[KEPT]
    if clicks is None:
        return service.search(query), ""
    answer, observed = searched(service, query, clicks.trial, today(), clicks.key)
    tried = {"trial": clicks.trial.name, "teams": observed.teams} if clicks.trial and observed.teams else {}
    note(query_id=observed.query_id, **tried)
    return answer, observed.query_id
