"""What the relevance commands share: an index that holds a judged corpus, and the options that choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from discovery.commands.common import fail, guarded
from discovery.config import DEFAULT_PROFILE, Settings, SettingsError
from discovery.context import Services, make_services, open_engine
from discovery.engine.port import Document, SearchEngine
from discovery.relevance import corpus, judgments
from discovery.relevance.evaluation import Evaluation, Ranker, evaluate, service_ranker
from discovery.relevance.judge import Judge
from discovery.relevance.judgments import CORPORA, Judgments


@dataclass(frozen=True, slots=True)
class Judged:
    """A corpus that an index was found to hold."""

    judgments: Judgments
    documents: Mapping[str, Document]
    judge: Judge

    def of(self, services: Services, profile: str | None, split: str, name: str | None = None) -> Evaluation:
        """What the service answers, with that profile, to the queries of a split (`all`: every one)."""
        chosen = profile or DEFAULT_PROFILE
        engine = services.status().engine
        return self.by(service_ranker(services.search, chosen), split, name=name or chosen, engine=engine)

    def by(self, rank: Ranker, split: str, *, name: str, engine: str) -> Evaluation:
        asked = [one for one in self.judgments.queries if split in ("all", one.split)]
        return evaluate(rank, self.judgments, self.documents, self.judge, name=name, engine=engine, queries=asked)


def judged(services: Services, wanted: str | None) -> Judged:
    """The judged corpus that the index holds; the one `wanted`, where it is named. WrongCorpusError otherwise."""
    documents = corpus.walk(services.engine)
    held, folder = corpus.fingerprint(documents), services.mappings.path
    known = [judgments.load(folder, name, services.mappings.vocabulary) for name in ([wanted] if wanted else CORPORA)]
    found = next((one for one in known if one.fingerprint == held), known[0])
    corpus.require(found, documents, services.status().index)
    return Judged(found, documents, Judge(services.gazetteer))


def corpus_checked(function: Callable[..., None]) -> Callable[..., None]:
    """An index that does not hold what was judged: said, with what to do, and exit code 2."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except corpus.WrongCorpusError as error:
            fail(str(error))

    return guarded(run)


CORPUS = click.option(
    "--corpus", "wanted", type=click.Choice(CORPORA), help="The judged corpus; default: the one that the index holds."
)
SPLIT = click.option(
    "--split", type=click.Choice(["all", "tune", "held"]), default="all", show_default=True, help="Queries to ask."
)
HTML = click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a report for people here.")
JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")


def services_of(index: str) -> Services:
    """Those of the environment over the index of that name, serving or not. SettingsError, EngineUnavailable."""
    settings = Settings.from_env()
    return make_services(settings, engine=reader_of(settings, index))


def reader_of(settings: Settings, index: str) -> SearchEngine:
    if settings.embedded:
        from discovery.engine.embedded.folder import IndexFolder

        folder = IndexFolder(settings.index_path, settings.index_prefix)
        if not folder.file(index).exists():
            held = ", ".join(folder.names()) or "none"
            raise SettingsError(f"no index named {index} in {folder.path}; there: {held}")
        return folder.reader_of(index)
    return open_engine(replace(settings, index_prefix=index))
