"""The real service in processes of its own, and people who search it all the while."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from discovery.mappings import Settings
from tests import served


@dataclass(frozen=True)
class Answer:
    """`problem`: the problem's type, "" when there is none. `retry_after`: seconds, None when the
    header lacks.
    """

    status: int
    body: Any
    retry_after: int | None

    @property
    def problem(self) -> str:
        kind = self.body.get("type", "") if isinstance(self.body, dict) else ""
        return str(kind).rpartition("#")[2]


class Served(served.Served):
    """`discovery serve` with these settings, asked for JSON."""

    @classmethod
    @contextmanager
    def running(cls, settings: Settings, log: Path, **others: Any) -> Iterator[Served]:
        others |= {"engine": settings.engine, "index_prefix": settings.index_prefix}
        service = cls(settings.home, log, engine_timeout=str(settings.engine_timeout), **others)
        try:
            yield service
        finally:
            service.stop()

    def ask(self, path: str) -> Answer:
        """OSError when nobody answers."""
        try:
            status, headers, body = self.get(path)
        except HTTPException as error:
            raise OSError(str(error)) from error
        after = headers.get("Retry-After")
        return Answer(status, json.loads(body), None if after is None else int(after))

    def search(self, phrase: str, patience: int = 0) -> tuple[Answer, int]:
        """The answer, and how often it came after being told to come back, `patience` times at
        most.
        """
        for waits in range(patience + 1):
            answer = self.ask(f"/api/v1/search?q={quote(phrase)}")
            if answer.status != 503 or answer.retry_after is None or waits == patience:
                break
            time.sleep(answer.retry_after)
        return answer, waits

    def wait_ready(self, ready: bool = True) -> Answer:
        """Until `/readyz` says so, by itself."""
        end = time.monotonic() + served.PATIENCE_SECONDS
        while time.monotonic() < end:
            answer = self.ask("/readyz")
            if (answer.status == 200) is ready:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"/readyz never said {ready}: {answer}")

    def traces(self) -> int:
        """Accidents in its log."""
        return self.log.read_text(encoding="utf-8").count("Traceback")


@dataclass
class People:
    """Search at a steady pace, `rate` a second in all, each as patient as said."""

    served: Served
    phrases: list[str]
    rate: float
    patience: int = 0
    answers: list[Answer] = field(default_factory=list)
    told_to_wait: int = 0

    @contextmanager
    def searching(self, threads: int = 8) -> Iterator[People]:
        stop, numbers = threading.Event(), count()

        def search() -> None:
            while not stop.is_set():
                began = time.monotonic()
                answer, waits = self.served.search(
                    self.phrases[next(numbers) % len(self.phrases)], self.patience
                )
                self.answers.append(answer)
                self.told_to_wait += waits
                stop.wait(max(0.0, threads / self.rate - (time.monotonic() - began)))

        workers = [threading.Thread(target=search) for _ in range(threads)]
        for worker in workers:
            worker.start()
        try:
            yield self
        finally:
            stop.set()
            for worker in workers:
                worker.join()

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    @property
    def refusals(self) -> Counter[str]:
        """The reasons of all that was not answered."""
        return Counter(
            str(answer.body.get("reason", answer.body))
            for answer in self.answers
            if answer.status != 200
        )
