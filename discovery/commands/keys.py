"""`discovery keys`: the keys that federations put into their pages; `discovery widget`: the lines
that they paste.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from werkzeug.datastructures import MultiDict

from discovery.answers.files import COLUMNS
from discovery.commands.common import fail, guarded, services, typed
from discovery.engine.port import EngineUnavailable
from discovery.http.api.endpoint import read_query
from discovery.http.keys import Key, edited, hashed, load, new_token, origin_of
from discovery.mappings import Settings, load_mappings
from discovery.model.attributes import FILTERS
from discovery.pages.files.bundles import widget as files
from discovery.pages.widget.view import ATTRIBUTES, Snippet, attributes_of, parameters_of
from discovery.phrase.spelling.names import close_values
from discovery.places import gazetteer
from discovery.search.query import InvalidQuery, Query, check
from discovery.texts import language, t

FORMS = ("line", "pinned", "frame")


@click.group()
def widget() -> None:
    """The search in other sites."""


@widget.command()
@click.argument("attributes", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--key", default="", help="The site's key, as `discovery keys create` gave it.")
@click.option(
    "--service", default="", help="Address of the service; default: DISCOVERY_PUBLIC_URL."
)
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="line",
    show_default=True,
    help="line: the version of the day; pinned: this version, checked by the browser; frame: an iframe.",
)
@guarded
def snippet(attributes: tuple[str, ...], key: str, service: str, form: str) -> None:
    """Print the line to paste, with attributes such as network=unapei region=84 facets=kind,sector
    view=map.

    Values are checked as the API would check them.
    """
    known = services()
    service = (service or known.settings.public_url).rstrip("/")
    if not service:
        fail(
            "Where is the service? Set DISCOVERY_PUBLIC_URL, or say it: --service https://search.example.org"
        )
    given = attributes_of(dict(_pair(typed(one)) for one in attributes))
    query, problems = read_query(MultiDict(parameters_of(given)))
    if problems:
        raise InvalidQuery(tuple(problems))
    with suppress(
        EngineUnavailable
    ):  # a phrase can't be read without an index; the values have been
        known.search.plan(query)
    made = Snippet(
        service,
        files().module,
        files().integrity,
        t("builder.link", language(given.get("lang"))),
        key,
        given,
    )
    click.echo(getattr(made, form))


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        fail(f"{text}: write NAME=VALUE, such as network=unapei")
    if name.replace("_", "-") not in ATTRIBUTES:
        near = close_values(name, {one: (one,) for one in ATTRIBUTES}, limit=3)
        fail(
            f"{name}: no such attribute; near: {', '.join(near)}"
            if near
            else f"{name}: no such attribute"
        )
    return name, value


@click.group()
def keys() -> None:
    """Keys of widgets: each names a site, its origins, the suppliers it shows and its limits.

    Kept in DISCOVERY_KEYS; a running service follows within a second.
    """


@keys.command()
@click.argument("name")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    required=True,
    help="Site that may use it; repeat. * = any.",
)
@click.option(
    "--preset", "presets", multiple=True, help="Filter that always applies: network=unapei; repeat."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    type=click.Choice(list(COLUMNS)),
    help="Of its exports; repeat.",
)
@click.option(
    "--per-minute", type=click.IntRange(1, 1_000_000), help="Requests of all its visitors together."
)
@guarded
def create(
    name: str,
    origins: tuple[str, ...],
    presets: tuple[str, ...],
    columns: tuple[str, ...],
    per_minute: int | None,
) -> None:
    """Make the key NAME and print its token, once: only a hash of it is kept."""
    settings = Settings.from_env()
    try:
        allowed = tuple(dict.fromkeys(origin_of(origin) for origin in origins))
    except ValueError as error:
        fail(str(error))
    chosen = _checked(_parsed(presets), settings.mappings)
    token = new_token()
    made = Key(
        name.strip(),
        hashed(token),
        allowed,
        chosen,
        per_minute,
        created=_now(),
        columns=tuple(dict.fromkeys(columns)),
    )
    if not 0 < len(made.name) <= 100:
        fail("NAME: 1 to 100 characters, such as the site's name")
    with edited(settings.keys_path) as known:
        if any(key.name == made.name and not key.revoked for key in known):
            fail(
                f"{made.name}: there is such a key already; revoke it first, or choose another name"
            )
        known.append(made)
    click.echo(token)
    click.echo("This token is shown once: put it into the page's data-key.", err=True)


@keys.command(name="list")
@guarded
def list_() -> None:
    """Every key: name, origins, presets, limit, dates. Tokens are kept nowhere."""
    known = load(Settings.from_env().keys_path)
    if not known:
        click.echo("no keys: `discovery keys create` makes one", err=True)
    for key in known:
        limit = f"{key.per_minute}/minute" if key.per_minute else "default limit"
        presets = (
            " ".join(f"{name}={','.join(values)}" for name, values in key.presets.items())
            or "all suppliers"
        )
        columns = f"columns {','.join(key.columns)}  " if key.columns else ""
        until = f", revoked {key.revoked}" if key.revoked else ""
        click.echo(
            f"{key.name}  {' '.join(key.origins)}  {presets}  {columns}{limit}  created {key.created}{until}"
        )


@keys.command()
@click.argument("name")
@guarded
def revoke(name: str) -> None:
    """Refuse the key NAME from now on."""
    with edited(Settings.from_env().keys_path) as known:
        using = [key for key in known if key.name == name and not key.revoked]
        if not using:
            fail(f"{name}: no such key in use; see `discovery keys list`")
        known[:] = [replace(key, revoked=_now()) if key in using else key for key in known]
    click.echo(f"{name} is revoked.")


def _parsed(presets: tuple[str, ...]) -> dict[str, Any]:
    """ "network=unapei,apajh" → {"network": ("unapei", "apajh")}; the same filter given twice has
    both values.
    """
    found: dict[str, tuple[str, ...]] = {}
    for preset in presets:
        name, _, values = preset.partition("=")
        if name not in FILTERS:
            fail(
                f"--preset {preset}: write FILTER=VALUE, where FILTER is one of {', '.join(FILTERS)}"
            )
        parts = tuple(part.strip() for part in values.split(",") if part.strip())
        if not parts:
            fail(f"--preset {preset}: a value is missing, as in network=unapei")
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *parts)))
    return found


def _checked(presets: dict[str, Any], mappings: Path | None) -> dict[str, tuple[str, ...]]:
    """Values spelt as the lists spell them; InvalidQuery names the unknown ones, with those that
    come close.
    """
    if not presets:
        return {}
    loaded = load_mappings(mappings)
    query, problems = check(Query(**presets), loaded.vocabulary, gazetteer(), loaded.profiles)
    if problems:
        raise InvalidQuery(tuple(problems))
    return {name: query.values(name) for name in presets}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
