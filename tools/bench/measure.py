"""One engine at one size, measured in a process of its own, so that its memory and caches are its
own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from flask.testing import FlaskClient

from discovery.app import application
from discovery.context import make_services, open_engine
from discovery.engine.elasticsearch.indices import alias
from discovery.mappings import Settings
from tools.bench.edge import CLIENTS, Client, load, memory, processes, serving
from tools.bench.figures import (
    EDGE,
    FLOOR,
    PAGE,
    SAID,
    SERVICE,
    Run,
    Sample,
    mean_stages,
    phrases,
    summary,
)
from tools.bench.floors import Call, Recorded, RecordedBodies
from tools.bench.queries import Asked, mix, named_in
from tools.bench.said import by_parameters

IDLE_SECONDS = 2.0
"""After the start, before its memory is read."""


@dataclass(frozen=True, slots=True)
class Job:
    """`engine`: as `DISCOVERY_ENGINE`. `passes`: how often each request is asked once warm.
    `load_seconds`: for each number of clients.
    """

    home: Path
    suppliers: Path
    engine: str
    prefix: str
    size: int
    requests: int
    passes: int
    load_seconds: float

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, engine=self.engine, index_prefix=self.prefix)


class Ways:
    """The same request answered by the engine alone, by the service in this process, over HTTP, as
    a page, and said by parameters.
    """

    def __init__(self, job: Job, client: Client) -> None:
        settings = job.settings
        self._engine = (
            Recorded(open_engine(settings))
            if settings.embedded
            else RecordedBodies(job.engine, alias(job.prefix))
        )
        services = make_services(settings, engine=self._engine)
        services.warm()
        self._services = services
        self._service: FlaskClient = application(services).test_client()
        self._edge = client
        self._floors: dict[Asked, list[Call]] = {}
        self._said: dict[Asked, str] = {}
        self.told: dict[bool, list[dict[str, float]]] = {True: [], False: []}
        """What the service told of its stages, by whether it was asked for the first time."""

    def first(self, asked: Asked, turn: int) -> Iterator[Sample]:
        """Asked for the first time. The embedded engine has no caches that would make its own first
        time another. By a phrase and by parameters first by turns: whoever comes second finds the
        texts of the same hits known.
        """
        yield self._sample(asked, SERVICE, cold=True)
        if isinstance(self._engine, RecordedBodies):
            self._engine.forget()
            yield self._sample(asked, FLOOR, cold=True)
            self._engine.forget()
        self._said[asked] = by_parameters(asked.address, self._services.search)
        self._engine.taken()  # what reading it asked is no request's
        ways = (EDGE, SAID) if self._said[asked] else (EDGE,)
        for way in ways[:: -1 if turn % 2 else 1]:
            yield self._sample(asked, way, cold=True)

    def again(self, asked: Asked, turn: int) -> Iterator[Sample]:
        """Each way first by turns: whoever comes first finds the caches of the processor cold."""
        ways = (
            FLOOR,
            SERVICE,
            EDGE,
            *([PAGE] if asked.page else []),
            *([SAID] if self._said[asked] else []),
        )
        for number in range(len(ways)):
            yield self._sample(asked, ways[(turn + number) % len(ways)], cold=False)

    @property
    def trips(self) -> float:
        """Calls to the engine by request, the mean."""
        return sum(map(len, self._floors.values())) / len(self._floors)

    def _sample(self, asked: Asked, way: str, *, cold: bool) -> Sample:
        if way in (EDGE, PAGE, SAID):
            got = self._edge.get(
                {EDGE: asked.address, PAGE: asked.page, SAID: self._said.get(asked, "")}[way]
            )
            if way == EDGE:
                self.told[cold].append(got.stages)
            return Sample(asked.kind, way, cold, got.ms, got.stages.get("engine", 0.0))
        started = time.perf_counter()
        if way == FLOOR:
            for call in self._floors[asked]:
                call()
        else:
            response = self._service.get(asked.address, headers={"Accept-Encoding": "gzip"})
            assert response.status_code == 200, (asked.address, response.get_data(as_text=True))
        took = (time.perf_counter() - started) * 1000
        calls = self._engine.taken()
        self._floors.setdefault(asked, calls)
        return Sample(asked.kind, way, cold, took)


def measure(job: Job) -> Run:
    asked = mix(job.requests, named_in(job.suppliers))
    different = list(dict.fromkeys(asked))
    with serving(job.home, job.home / "serve.log", job.engine, job.prefix):
        pass  # what a first start keeps for the next is kept
    began = time.perf_counter()
    with (
        logs_in(job.home),
        serving(job.home, job.home / "serve.log", job.engine, job.prefix) as served,
    ):
        Client(served.port).get("/api/v1/search?per_page=1")
        start = time.perf_counter() - began
        time.sleep(IDLE_SECONDS)
        idle = replace(memory(processes(served.process.pid)), start=start)
        client = Client(served.port)
        ways = Ways(job, client)
        samples = [sample for turn, one in enumerate(different) for sample in ways.first(one, turn)]
        for turn in range(job.passes):
            samples += [
                sample for at, one in enumerate(asked) for sample in ways.again(one, turn + at)
            ]
        loads = [load(served, asked, clients, job.load_seconds) for clients in CLIENTS]
        client.close()
    return Run(
        engine="embedded" if job.settings.embedded else "elasticsearch",
        size=job.size,
        cold=summary(samples, cold=True),
        warm=summary(samples, cold=False),
        stages=mean_stages(ways.told[False]),
        first=mean_stages(ways.told[True]),
        phrases={"first": phrases(samples, cold=True), "warm": phrases(samples, cold=False)},
        loads=loads,
        memory=idle,
        trips=ways.trips,
    )


@contextmanager
def logs_in(folder: Path) -> Iterator[None]:
    """The service's log lines are written, as in real life, but not on the terminal."""
    with (folder / "service.log").open("w", encoding="utf-8") as out:
        structlog.configure(
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
            logger_factory=structlog.WriteLoggerFactory(file=out),
        )
        yield
