"""The application: endpoints and pages around one search service.

gunicorn "discovery.app:create_app()"
"""

from contextlib import suppress
from importlib import import_module

from flask import Flask

from discovery.context import Services, assistants, make_services
from discovery.engine.port import EngineUnavailable, SearchEngine
from discovery.http import addresses, errors, limits, metrics, requests, responses
from discovery.http.api import document, search
from discovery.http.keys import KeyRing
from discovery.http.limits import Counters
from discovery.http.requests import MAX_BODY, Application
from discovery.mappings import Mappings, Settings
from discovery.pages.figures import view as figures
from discovery.pages.frame import responding, urls
from discovery.pages.home import home
from discovery.pages.maps import outline_map, zone_map

STATIC_MAX_AGE = 3_600
"""Seconds, for the documentation's style; the pages date their own files by hash."""

PARIS = 48.857, 2.352
"""Degrees: what any map of a part of France is drawn from is made for one."""

PAGES = [import_module(f"discovery.pages.{name}") for name in urls.MODULES]


def create_app(
    settings: Settings | None = None,
    *,
    engine: SearchEngine | None = None,
    mappings: Mappings | None = None,
) -> Flask:
    """The service, which starts without an index (`/readyz` then says what to run).

    Raises SettingsError or MappingsError when the configuration can't be used.
    """
    return application(make_services(settings, engine=engine, mappings=mappings))


def application(services: Services) -> Flask:
    """The application around services made already; pages find them in
    `app.extensions["discovery"]`.
    """
    app = Application(__name__, static_folder=None)
    app.extensions["discovery"] = services
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_MAX_AGE
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = (
        False  # no redirection, whose address would begin with the host that was asked
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # After-request functions run last first: the log line closes, headers and compression come
    # before it.
    requests.install(app)
    addresses.install(app, services.settings)
    settings = services.settings
    counters = Counters(settings.redis_url)
    limiter = limits.Limits(settings, counters)
    limits.install(app, KeyRing(settings.keys_path), limiter)
    breakers = {"redis": counters.breaker}
    own = getattr(services.engine, "breaker", None)  # the embedded engine needs none
    if own is not None:
        breakers["engine"] = own
    engine = "embedded" if settings.embedded else "elasticsearch"
    counted = metrics.Metrics(services.status, breakers, services.presenter.caches)
    metrics.install(app, settings, engine, counted)
    limits.install_bodies(app, counted.bodies)
    responding.install(app)
    responses.install_headers(app, settings)
    app.after_request(responses.compress)
    document.install(app)
    search.install(app, settings)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    if settings.relevance_token:
        from discovery.pages.workbench import (
            view as workbench,
        )  # what judges relevance is imported where it is opened

        app.register_blueprint(workbench.blueprint)
    if settings.assistants:
        assistants().install(app, services, limiter)
    errors.install(app, responding.error_page)
    return app


def warm(app: Flask) -> None:
    """Make now what first visitors would wait for: in `discovery serve` once, for all the workers
    that are forked.
    """
    services: Services = app.extensions["discovery"]
    services.warm()
    for kept in (app.extensions[figures.KEPT], *app.extensions[home.KEPT].values()):
        with suppress(EngineUnavailable):
            kept.of(services.search)
    outline_map.whole_regions()
    zone_map.draw([PARIS], gazetteer=services.gazetteer)
