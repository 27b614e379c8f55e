"""What the relevance commands share: options, and errors said."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from discovery.commands.common import fail, guarded
from discovery.context import Services, make_services
from discovery.engine.factory import open_catalog
from discovery.engine.port import SearchEngine
from discovery.mappings import Settings, SettingsError
from tools.judge import corpus
from tools.judge.judged import Judged, judged
from tools.judge.judgments import CORPORA


def corpus_checked(function: Callable[..., None]) -> Callable[..., None]:
    """An index that does not hold what was judged: said, with what to do, and exit code 2."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except corpus.WrongCorpusError as error:
            fail(str(error))

    return guarded(run)


__all__ = [
    "CORPUS",
    "HTML",
    "JSON",
    "SPLIT",
    "Judged",
    "corpus_checked",
    "judged",
    "reader_of",
    "services_of",
]

CORPUS = click.option(
    "--corpus",
    "wanted",
    type=click.Choice(CORPORA),
    help="The judged corpus; default: the one that the index holds.",
)
SPLIT = click.option(
    "--split",
    type=click.Choice(["all", "tune", "held"]),
    default="all",
    show_default=True,
    help="Queries to ask.",
)
HTML = click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a report for people here.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def services_of(index: str) -> Services:
    """Services over the index of that name, serving or not. Raises SettingsError,
    EngineUnavailable.
    """
    settings = Settings.from_env()
    return make_services(settings, engine=reader_of(settings, index))


def reader_of(settings: Settings, index: str) -> SearchEngine:
    """An engine over one index, whichever serves. SettingsError when there is no embedded index of
    that name.
    """
    catalog = open_catalog(settings)
    if settings.embedded and index not in catalog.names():
        raise SettingsError(
            f"no index named {index} in {settings.index_path}; there: {', '.join(catalog.names()) or 'none'}"
        )
    return catalog.reader_of(index)
