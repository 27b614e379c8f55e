"""One visitor's files are nobody else's wait: while exports and a sitemap are made, searches and
health go on.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from select import select

import pytest

from discovery.engine.embedded.folder import IndexFolder
from discovery.http.long_work import AT_ONCE, COMPUTED, PASSED_ON
from discovery.mappings import load_mappings
from tests.api.corpus import build_index
from tests.generated import suppliers
from tests.served import Served

pytestmark = pytest.mark.xdist_group("fair")

SIZE = 10_000
SEARCHES = 40
"""Asked among files; as many health checks."""
AMID = SEARCHES // 2
"""Of all of these, at least so many begin and end while one file is being made; none would, if they
waited for it.
"""
FILES = (
    "/api/v1/export.xlsx",
    "/api/v1/export.csv",
    "/api/v1/export.xlsx?q=nettoyage",
    "/api/v1/export.csv?sort=id",
)
PART = "/sitemap/suppliers-1.xml"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("fair")
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings(), tuple(suppliers(SIZE)))
    service = Served(home, home / "log", workers=1, rate_limit="off")
    try:
        yield service
    finally:
        service.stop()


@dataclass(frozen=True)
class Span:
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    def holds(self, other: Span) -> bool:
        return self.began < other.began and other.ended < self.ended


def asked(served: Served, paths: list[str]) -> list[Span]:
    """When each was asked and answered."""
    spans = []
    for path in paths:
        began = time.monotonic()
        status, _, _ = served.get(path)
        spans.append(Span(began, time.monotonic()))
        assert status == 200, path
    return spans


class Files(threading.Thread):
    """Asks for one file again and again."""

    def __init__(self, served: Served, path: str, stop: threading.Event) -> None:
        super().__init__()
        self._served, self._path, self._stop_asking = served, path, stop
        self.made, self.statuses = list[Span](), set[int]()

    def run(self) -> None:
        while not self._stop_asking.is_set():
            began = time.monotonic()
            status, headers, _ = self._served.get(self._path)
            self.statuses.add(status)
            if status == 200:
                self.made.append(Span(began, time.monotonic()))
            if status == 503:
                self._stop_asking.wait(float(headers["Retry-After"]))


def test_while_files_are_made_others_are_answered_in_between(served: Served) -> None:
    words = ("nettoyage", "menuiserie", "traiteur Lyon", "blanchisserie Nantes", "espaces verts")
    searches = [
        f"/api/v1/search?q={words[n % 5].replace(' ', '+')}&page={1 + n // 5}"
        for n in range(SEARCHES)
    ]
    watching = ["/healthz"] * SEARCHES
    asked(served, searches)
    [alone] = asked(served, ["/api/v1/export.xlsx"])
    stop = threading.Event()
    files = [Files(served, path, stop) for path in (*FILES, PART)]
    for one in files:
        one.start()
    try:
        among = asked(served, searches) + asked(served, watching)
    finally:
        stop.set()
        for one in files:
            one.join()
    assert set().union(*(one.statuses for one in files)) <= {200, 503}
    made = [span for one in files for span in one.made]
    assert len(made) >= AT_ONCE, "files were made all the while"
    amid = sum(any(file.holds(span) for file in made) for span in among)
    assert amid >= AMID, (amid, among, made)
    # Generous: what is asserted is that nobody waits for a whole file.
    assert max(span.seconds for span in among) < alone.seconds / 2, (among, alone)


def test_bodies_that_do_not_end_hold_nobody_up(served: Served) -> None:
    head = b"POST /api/v1/programme HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5900000\r\n\r\n"
    with ExitStack() as stack:
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            for _ in range(PASSED_ON + COMPUTED)
        ]
        for each in held:
            each.sendall(head)
        while (
            len(select(held, [], [])[0]) < COMPUTED
        ):  # so many are refused, and their bodies still waited for
            pass
        asked(served, ["/api/v1/search?q=nettoyage"])
        for each in held:
            each.setblocking(False)
            with pytest.raises(
                BlockingIOError
            ):  # none was let go of before the search was answered
                b"".join(iter(partial(each.recv, 65_536), b""))
