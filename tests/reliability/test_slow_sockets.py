"""Sixty-four sockets of each kind that take their time, and people who search: they are answered as if alone."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from discovery.config import Mappings, load_mappings
from discovery.engine.embedded.folder import IndexFolder
from discovery.http.server.callers import MAX_PER_ADDRESS
from tests.api.corpus import build_index
from tests.reliability.slow import KINDS, dawdling
from tests.served import Served

pytestmark = pytest.mark.xdist_group("overload")

SEARCH = "/api/v1/search?q=nettoyage"
TIMES = 30


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("slow")
    mappings: Mappings = load_mappings()
    build_index(IndexFolder(home / "index", "suppliers"), mappings)
    service = Served(home, home / "log", rate_limit="off", rate_limit_export="off", events="true")
    try:
        yield service
    finally:
        service.stop()


def counted(served: Served, name: str) -> float:
    metrics = served.get("/metrics")[2].decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", metrics, re.MULTILINE))


@pytest.mark.parametrize("kind", KINDS)
def test_sixty_four_of_a_kind_hold_nobody_up(served: Served, kind: str) -> None:
    with dawdling(served.port, kind):
        statuses = {served.get(path)[0] for _ in range(TIMES) for path in ("/healthz", SEARCH)}
    assert statuses == {200}, "none refused below capacity"


def test_all_kinds_together_hold_nobody_up_for_longer_than_they_are_let(served: Served) -> None:
    """Readers who come back wait for an export in their turn, and may be told to come later: nobody else is."""
    cut = "discovery_connections_cut_total"
    before = counted(served, cut)
    with ExitStack() as stack:
        for kind in KINDS:
            stack.enter_context(dawdling(served.port, kind))
        statuses = {served.get(path)[0] for _ in range(TIMES) for path in ("/healthz", SEARCH)}
        assert statuses == {200}
        while counted(served, cut) == before:
            assert served.get(SEARCH)[0] == 200


def test_one_address_has_its_share_of_connections_and_no_more(served: Served) -> None:
    """127.0.0.2 is not counted either, being this machine's: a cap is told by what a worker says to all (see the
    loop's own tests for it); here that our own are not capped, which a proxy's must not be."""
    with ExitStack() as stack:
        for _ in range(3 * MAX_PER_ADDRESS):
            stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=30)).sendall(b"GET / HTTP")
        assert served.get("/healthz")[0] == 200
        assert served.get(SEARCH)[0] == 200
