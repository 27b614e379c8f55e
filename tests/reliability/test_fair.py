"""One visitor's files are nobody else's wait: while exports and a sitemap are made, searches and health go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from statistics import median

import pytest

from discovery.config import load_mappings
from discovery.engine.embedded.folder import IndexFolder
from discovery.guard.heavy import AT_ONCE
from tests.api.corpus import build_index
from tests.generated import suppliers
from tests.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fair")]

SIZE = 10_000
SEARCHES = 40
"""Asked quiet, and again among files."""
FILES = ("/api/v1/export.xlsx", "/api/v1/export.csv", "/api/v1/export.xlsx?q=nettoyage", "/api/v1/export.csv?sort=id")
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


def asked(served: Served, paths: list[str]) -> list[float]:
    """Milliseconds of each answer."""
    took = []
    for path in paths:
        began = time.perf_counter()
        status, _, _ = served.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert status == 200, path
    return took


class Files(threading.Thread):
    """Asks for one file again and again."""

    def __init__(self, served: Served, path: str, stop: threading.Event) -> None:
        super().__init__()
        self._served, self._path, self._stop_asking = served, path, stop
        self.made, self.statuses = 0, set[int]()

    def run(self) -> None:
        while not self._stop_asking.is_set():
            status, headers, _ = self._served.get(self._path)
            self.statuses.add(status)
            self.made += status == 200
            if status == 503:
                self._stop_asking.wait(float(headers["Retry-After"]))


def test_while_files_are_made_others_are_answered_in_between(served: Served) -> None:
    words = ("nettoyage", "menuiserie", "traiteur Lyon", "blanchisserie Nantes", "espaces verts")
    searches = [f"/api/v1/search?q={words[n % 5].replace(' ', '+')}&page={1 + n // 5}" for n in range(SEARCHES)]
    watching = ["/healthz"] * SEARCHES
    quiet, quiet_watch = asked(served, searches), asked(served, watching)
    [alone] = asked(served, ["/api/v1/export.xlsx"])
    stop = threading.Event()
    files = [Files(served, path, stop) for path in (*FILES, PART)]
    for one in files:
        one.start()
    try:
        among, among_watch = asked(served, searches), asked(served, watching)
    finally:
        stop.set()
        for one in files:
            one.join()
    assert set().union(*(one.statuses for one in files)) <= {200, 503}
    assert sum(one.made for one in files) >= AT_ONCE, "files were made all the while"
    # Generous: what is asserted is that nobody waits for a whole file.
    assert max(among) < alone / 2, (among, alone)
    assert max(among_watch) < alone / 2, (among_watch, alone)
    assert median(among) < 12 * max(median(quiet), 5), (among, quiet)
    assert median(among_watch) < 12 * max(median(quiet_watch), 2), (among_watch, quiet_watch)
