"""One suite for every engine: `engine_factory` builds an index of some documents on the engine
under test.

A second engine joins by a line in `BUILDERS`. Words, profile and equivalences are pinned here, so
that an analyst's edit changes rankings without breaking the contract.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from discovery.engine.analysis import Analysis, inline_paths
from discovery.engine.definition import Definition
from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import Action, Document, SearchEngine, WriteStatus
from discovery.mappings import Mappings, load_mappings
from discovery.mappings.equivalences import Equivalences, Rule
from discovery.mappings.profiles import (
    DistanceDecay,
    FreshnessDecay,
    Match,
    Profile,
    Promise,
    TextWeight,
    TradeTiers,
    Typos,
)
from discovery.places import Gazetteer
from discovery.search.service import SearchService
from tests import elasticsearch

FILES = {
    "synonyms/multiword.txt": "mise sous pli => misesouspli",
    "stop.txt": "a au aux d de des du en et l la le les par pour sous sur un une".replace(
        " ", "\n"
    ),
    "stems.txt": "",
}
EQUIVALENCES = Equivalences(Path("words.txt"), (Rule(("voiture", "auto"), ("voiture", "auto"), 1),))
PROFILE = Profile(
    name="balanced",
    labels={"fr": "Équilibré", "en": "Balanced"},
    fields=(("sector_terms", 3.0), ("name", 2.0), ("brand", 2.0), ("offers", 1.5), ("description", 1.0),
            ("service_terms", 0.5), ("certification_terms", 1.0), ("network_terms", 1.0), ("client_references", 0.5)),
    tie_breaker=0.15,
    strict=Match(3, 0.75),
    lenient=Match(1, 0.5),
    relax_below=3,
    equivalence_weight=0.85,
    typos=Typos(5, 0.8),
    trade=TradeTiers(36, 12, 4),
    sea=0.001,
    text=TextWeight(0.1, 0.6, 30),
    promise=Promise(1, 0.9, 0.8, 0.3),
    distance=DistanceDecay(3, 1, 3, 10, 150, 0.5),
    completeness=0.08,
    certifications=0.04,
    freshness=FreshnessDecay(0.05, 180, 720, 0.5),
)  # fmt: skip
TODAY = date(2026, 3, 1)

EngineFactory = Callable[[Iterable[Document]], SearchEngine]
ServiceFactory = Callable[[Iterable[Document]], SearchService]


def _embedded(
    folder: Path, definition: dict[str, Any], analysis: Analysis, documents: list[Document]
) -> SearchEngine:
    path = folder / "suppliers.sqlite"
    outcomes = EmbeddedWriter(path, definition, analysis, "contract").bulk(
        Action(document["id"], 1, document) for document in documents
    )
    assert all(outcome.status is WriteStatus.INDEXED for outcome in outcomes), outcomes
    return EmbeddedEngine(path)


def _elasticsearch(
    folder: Path, definition: dict[str, Any], analysis: Analysis, documents: list[Document]
) -> SearchEngine:
    return elasticsearch.engine_of(Definition(definition, analysis, "contract"), documents)


HERE = Path(__file__).parent
BUILDERS = {"embedded": _embedded, "elasticsearch": _elasticsearch}
_GROUPS = {"elasticsearch": pytest.mark.xdist_group(elasticsearch.GROUP)}


AGREED = {"test_facets.py", "test_filters.py", "test_order.py", "test_promises.py"}
"""Properties of what is found and in what order. Elasticsearch is asked for none of them: each
example would take an index, and it agrees with the embedded engine on any request
(`tests/unit/elasticsearch/test_agreement.py`).
"""


MADE = {HERE / "test_answers.py", HERE / "test_cards.py"}
"""What the service makes of answers, which are the same on both engines."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties cost a server a minute: `--all` tries on it those that its agreement doesn't
    prove, and what the service makes of answers.
    """
    for item in items[:]:
        drawn = isinstance(item, pytest.Function) and getattr(
            item.function, "is_hypothesis_test", False
        )
        if (drawn or item.path in MADE) and "[elasticsearch" in item.name:
            item.add_marker(pytest.mark.slow)
            if item.path.parent == HERE and item.path.name in AGREED:
                items.remove(item)


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return replace(load_mappings(), profiles={"balanced": PROFILE}, equivalences=EQUIVALENCES)


@pytest.fixture(scope="session")
def definition(mappings: Mappings) -> dict[str, Any]:
    settings = dict(mappings.index["settings"])
    settings["analysis"] = inline_paths(settings["analysis"], FILES.__getitem__)
    return {**mappings.index, "settings": settings}


@pytest.fixture(scope="session")
def analysis(definition: dict[str, Any]) -> Analysis:
    return Analysis.from_settings(definition["settings"]["analysis"])


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=_GROUPS.get(name, ())) for name in sorted(BUILDERS)],
)
def engine_factory(
    request: pytest.FixtureRequest,
    definition: dict[str, Any],
    analysis: Analysis,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[EngineFactory]:
    """Documents → an engine that holds just these, freshly built."""
    numbers, made = count(), list[SearchEngine]()

    def build(documents: Iterable[Document]) -> SearchEngine:
        folder = tmp_path_factory.mktemp(f"{request.param}-{next(numbers)}")
        made.append(BUILDERS[request.param](folder, definition, analysis, list(documents)))
        return made[-1]

    yield build
    for engine in made:
        close = getattr(engine, "close", None)
        if close:
            close()


@pytest.fixture(scope="session")
def service_factory(engine_factory: EngineFactory, mappings: Mappings) -> ServiceFactory:
    gazetteer = Gazetteer.load()

    def build(documents: Iterable[Document]) -> SearchService:
        return SearchService(engine_factory(documents), mappings, gazetteer, today=lambda: TODAY)

    return build
