"""The real service in processes of its own, and people who search it all the while."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from discovery.mappings import Settings
from tests.servers import free_port

START_SECONDS = 120.0
ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """`problem`: the problem's type, "" when there is none. `retry_after`: seconds, None when the header lacks."""

    status: int
    body: Any
    retry_after: int | None

    @property
    def problem(self) -> str:
        kind = self.body.get("type", "") if isinstance(self.body, dict) else ""
        return str(kind).rpartition("#")[2]


class Served:
    """`discovery serve` with these settings."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._settings, self._log = settings, log
        self.port = free_port()

    @contextmanager
    def running(self) -> Iterator[Served]:
        command = [sys.executable, "-c", "from discovery.cli import main; main()", "serve", "--port", str(self.port)]
        environment = os.environ | {
            "DISCOVERY_HOME": str(self._settings.home),
            "DISCOVERY_ENGINE": self._settings.engine,
            "DISCOVERY_INDEX_PREFIX": self._settings.index_prefix,
            "DISCOVERY_ENGINE_TIMEOUT": str(self._settings.engine_timeout),
        }
        with self._log.open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + START_SECONDS
            while not self._alive():
                assert process.poll() is None, self._log.read_text()
                assert time.monotonic() < end, self._log.read_text()
                time.sleep(0.1)
            yield self
        finally:
            process.terminate()
            process.wait(timeout=30)

    def _alive(self) -> bool:
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str) -> Answer:
        """OSError when nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            after = answer.headers.get("Retry-After")
            return Answer(answer.status, json.loads(answer.read()), None if after is None else int(after))
        except HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def search(self, phrase: str, patience: int = 0) -> tuple[Answer, int]:
        """The answer, and how often it came after being told to come back, `patience` times at most."""
        for waits in range(patience + 1):
            answer = self.get(f"/api/v1/search?q={quote(phrase)}")
            if answer.status != 503 or answer.retry_after is None or waits == patience:
                break
            time.sleep(answer.retry_after)
        return answer, waits

    def wait_ready(self, ready: bool = True) -> Answer:
        """Until `/readyz` says so, by itself."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            answer = self.get("/readyz")
            if (answer.status == 200) is ready:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"/readyz never said {ready}: {answer}")

    def traces(self) -> int:
        """Accidents in its log."""
        return self._log.read_text(encoding="utf-8").count("Traceback")


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
                answer, waits = self.served.search(self.phrases[next(numbers) % len(self.phrases)], self.patience)
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
        return Counter(str(answer.body.get("reason", answer.body)) for answer in self.answers if answer.status != 200)
