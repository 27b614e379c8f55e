"""`discovery widget snippet`: the lines that put the search into another site."""

from __future__ import annotations

from contextlib import suppress

import click
from werkzeug.datastructures import MultiDict

from discovery.commands.common import fail, guarded, services, typed
from discovery.engine.port import EngineUnavailable
from discovery.http.api.endpoint import read_query
from discovery.pages.files.bundles import widget as files
from discovery.pages.widget.view import ATTRIBUTES, Snippet, attributes_of, parameters_of
from discovery.phrase.spelling.names import close_values
from discovery.search.query import InvalidQuery
from discovery.texts import language, t

FORMS = ("line", "pinned", "frame")


@click.group()
def widget() -> None:
    """The search in other sites."""


@widget.command()
@click.argument("attributes", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--key", default="", help="The site's key, as `discovery keys create` gave it.")
@click.option("--service", default="", help="Address of the service; default: DISCOVERY_PUBLIC_URL.")
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="line",
    show_default=True,
    help="line: the version of the day; pinned: this version, checked by the browser; frame: an iframe.",
)
@guarded
def snippet(attributes: tuple[str, ...], key: str, service: str, form: str) -> None:
    """Print the line to paste, with attributes such as network=unapei region=84 facets=kind,sector view=map.

    Values are checked as the API would check them.
    """
    known = services()
    service = (service or known.settings.public_url).rstrip("/")
    if not service:
        fail("Where is the service? Set DISCOVERY_PUBLIC_URL, or say it: --service https://search.example.org")
    given = attributes_of(dict(_pair(typed(one)) for one in attributes))
    query, problems = read_query(MultiDict(parameters_of(given)))
    if problems:
        raise InvalidQuery(tuple(problems))
    with suppress(EngineUnavailable):  # a phrase can't be read without an index; the values have been
        known.search.plan(query)
    made = Snippet(
        service, files().module, files().integrity, t("builder.link", language(given.get("lang"))), key, given
    )
    click.echo(getattr(made, form))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        fail(f"{text}: write NAME=VALUE, such as network=unapei")
    if name.replace("_", "-") not in ATTRIBUTES:
        near = close_values(name, {one: (one,) for one in ATTRIBUTES}, limit=3)
        fail(f"{name}: no such attribute; near: {', '.join(near)}" if near else f"{name}: no such attribute")
    return name, value
