"""Rebuilds and a rollback while people search and suppliers change: no request fails, no change is
lost.
"""

import random
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from discovery.app import create_app
from discovery.engine.elasticsearch import ElasticsearchEngine, connect
from discovery.engine.elasticsearch.indices import alias
from discovery.engine.port import SearchEngine
from indexer.context import Context
from indexer.indices.rebuild import rebuild
from indexer.store import ledger, repository
from tests.reliability.lifecycle.processes import indexer, log, worker
from tests.unit.indexer.conftest import supplier
from tests.unit.indexer.processes import PATIENCE_SECONDS, wait_for
from tests.unit.lifecycle.conftest import Put, in_step, serving

MANY = 1_000
"""Suppliers that stay as they are, and as many that change: two batches of a rebuild."""
PAUSE_SECONDS = 0.1
"""Between two changes, and two searches of each who searches: a crowd of both meets each rebuild,
and lets it go on.
"""
ASKED = (
    "q=nettoyage à 30 km de Lyon",
    "q=atelier",
    "department=69&sort=name",
    "",
    "q=netoyage&kind=EI",
)


def writes(context: Context, put: Put, ids: list[str], stop: Event) -> int:
    """Random changes, deletions and returns, one after the other. Returns how many."""
    draw, done = random.Random(20261124), 0
    while not stop.is_set():
        id_ = draw.choice(ids)
        if draw.random() < 0.2:
            with context.store.begin() as connection:
                repository.delist(connection, id_)
        else:
            put(supplier(id_, name=f"Atelier {id_} {done}"))
        done += 1
        stop.wait(PAUSE_SECONDS)
    return done


def searches(ask: Callable[[str], Any], stop: Event) -> Counter[int]:
    """How many answers of each status."""
    seen: Counter[int] = Counter()
    while not stop.is_set():
        for words in ASKED:
            seen[ask(words).status_code] += 1
            stop.wait(PAUSE_SECONDS)
    return seen


def service(context: Context) -> Callable[[str], Any]:
    """Asks a service of its own. It waits for its engine longer than a person would: how quick a
    machine is that also rebuilds is not what is tested.
    """
    engine: SearchEngine | None = None
    if not context.settings.embedded:
        connection = connect(context.settings, seconds=PATIENCE_SECONDS)
        engine = ElasticsearchEngine(connection, alias(context.settings.index_prefix))
    app = create_app(context.settings, engine=engine)
    return lambda words: app.test_client().get(f"/api/v1/search?{words}")


def answers(ask: Callable[[str], Any]) -> list[tuple[Any, Any, Any]]:
    """Total, hits with their scores, facets of each request."""
    bodies = [ask(f"{words}&per_page=100").get_json() for words in ASKED]
    return [(body["total"], body["results"], body["facets"]) for body in bodies]


def assert_the_same_answers_after(context: Context) -> None:
    rebuild(context)
    before = answers(service(context))
    assert before[0][0]["value"] > 0
    rebuild(context)
    assert answers(service(context)) == before


def test_rebuilt_and_rolled_back_under_load(context: Context, put: Put) -> None:
    settled, moving = ([f"{kind}{number:05}" for number in range(MANY)] for kind in ("s", "m"))
    put(*(supplier(id_) for id_ in (*settled, *moving)))
    context.synchroniser().drain()
    ask = service(context)
    stop, seen = Event(), set[str]()
    with worker(context.settings) as at_work, ThreadPoolExecutor(3) as pool:
        writing = pool.submit(writes, context, put, moving, stop)
        searching = [pool.submit(searches, ask, stop) for _ in range(2)]
        try:
            for deed in ("rebuild", "rollback", "rebuild"):
                with indexer(context.settings, deed) as process:
                    assert process.wait(PATIENCE_SECONDS) == 0, log(context.settings, deed)
                seen.add(serving(context))
        finally:
            stop.set()
        assert writing.result() > 0
        assert sum((one.result() for one in searching), Counter[int]()).keys() == {200}
        wait_for("the last change", lambda: ledger.pending_count(context.store) == 0, at_work)
        at_work.send_signal(signal.SIGTERM)
        assert at_work.wait(PATIENCE_SECONDS) == 0
    assert len(seen) >= 2, "the alias moved"
    assert ledger.dead_letters(context.store) == []
    assert in_step(context), "nothing was lost"
    assert_the_same_answers_after(context)
