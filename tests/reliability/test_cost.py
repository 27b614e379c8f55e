"""What one request may cost: a fuzzer that looks for the dearest, with processor time and memory as
its oracle.

Costs are ratios to those of an everyday phrase, asked for the first time on the same machine.
Hypothesis climbs: what costs more is varied further.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st

from discovery.app import application
from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.http.api.parameters import PARAMETERS
from discovery.http.requests import MAX_ADDRESS
from discovery.mappings import Settings, load_mappings
from discovery.places import gazetteer
from discovery.search.query import MAX_Q
from indexer.intake.check import Check
from tests.api.corpus import build_index
from tests.generated import suppliers
from tools.sample.supplier import generate

pytestmark = pytest.mark.xdist_group("cost")

SIZE = 2_000
EVERYDAY = "nettoyage à 30 km de Lyon, ESAT ou EI"
DEAREST = 50
"""Times the calls of the everyday phrase: about 25 ms of a processor of 2024, since most calls are
cheaper than its own. "a-" a hundred and fifty times took 350.
"""
MAX_BYTES = 20_000_000
"""Allocated at once by one request."""

UNITS = (
    "a-", "à ", "de ", "la ", "l'", "saint ", "st ", "val ", "mont ", "bois ", "ain ", "près de ", "autour de ",
    "la ville de ", "dans le département de ", "30 km de ", "lyon et ", "de paris ", "paris,", "grenobel ", "bretange ",
    "villeurbane ", "vienne ", "orange ", "le mans ", "ESAT ", "esat,", "ea ai ", "E S A T ", "69 ", "69003 ", "1-",
    "1.", "nettoyage ", "netoyage ", "menuiseri ", "espaces verts ", "sauf ", "sans ", "hors ", "ou ", "et ", '"', "(",
    "é", "\u0301a", "ǆ", "@", "a@b ", "http://", "a.", "2026-03-01 ", "12 000 € ", "500 m2 ", "iso 9001 ",
)  # fmt: skip
PHRASES = st.lists(st.sampled_from(UNITS), min_size=1, max_size=8).map(
    lambda units: ("".join(units) * MAX_Q)[:MAX_Q]
)
NAMES = st.sampled_from(
    sorted({*PARAMETERS, "id", "types", "limit", "literal", "near", "place", "bbox", "cursor"})
)
VALUES = st.lists(st.sampled_from(UNITS), min_size=1, max_size=4).map("".join)
HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Forwarded", "Host", "If-None-Match",
    "Origin", "Range", "Referer", "User-Agent", "X-Forwarded-For", "X-Request-ID",
)  # fmt: skip
MARKS = (
    ",", ";q=", "*/*,", '"', 'W/"a",', "a ", "1.1.1.1,", "::", "[", "for=", "gzip;q=0,", '\\"', "a=b;", "bytes=0-,",
)  # fmt: skip

_FEW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    home = tmp_path_factory.mktemp("cost")
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings(), tuple(suppliers(SIZE)))
    made = make_services(Settings(home=Path(home)))
    made.warm()
    return made


@pytest.fixture(scope="module")
def client(services: Services) -> FlaskClient:
    """Asked for a page already: a process compiles templates once, whoever comes first."""
    client = application(services).test_client()
    assert client.get("/?q=bois").status_code == 200
    return client


@pytest.fixture(scope="module")
def new() -> Iterator[str]:
    """Ends of phrases that make them new, so that nothing kept tells of them."""
    return (f" {number:05x}" for number in count(0xA0000))


def spent(what: Callable[[], object]) -> float:
    """Seconds of this thread's processor time: for what regular expressions do, which are one call
    however long.
    """
    began = time.thread_time()
    what()
    return time.thread_time() - began


def calls(what: Callable[[], object]) -> int:
    """Functions entered, Python's and C's: the same on every machine, however busy."""
    entered = 0

    def enter(frame: FrameType, event: str, argument: object) -> None:
        nonlocal entered
        entered += event in ("call", "c_call")

    sys.setprofile(enter)
    try:
        what()
    finally:
        sys.setprofile(None)
    return entered


def ask(client: FlaskClient, q: str, path: str = "/api/v1/search") -> None:
    assert client.get(f"{path}?q={quote(q)}").status_code in {200, 422}


@pytest.fixture(scope="module")
def everyday(client: FlaskClient, new: Iterator[str]) -> int:
    """Calls of the everyday phrase."""
    ask(client, EVERYDAY + next(new))
    return calls(lambda: ask(client, EVERYDAY + next(new)))


def held_to(most: float, cost: float) -> None:
    """Told to Hypothesis as what to climb."""
    target(cost)
    assert cost <= most


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/suggest", "/"])
def test_no_phrase_costs_many_times_the_everyday_one(
    client: FlaskClient, everyday: int, new: Iterator[str], path: str
) -> None:
    ask(
        client, "zzyzx", path
    )  # the first page that finds nobody draws its examples from the index, once

    @_FEW
    @given(PHRASES)
    def asked(phrase: str) -> None:
        held_to(
            DEAREST, calls(lambda: ask(client, phrase[: MAX_Q - 6] + next(new), path)) / everyday
        )

    asked()


def test_no_parameters_cost_many_times_a_search(
    client: FlaskClient, everyday: int, new: Iterator[str]
) -> None:
    client.get(
        "/api/v1/search?not_place=a-st&department=a&not_sector=et"
    )  # names to propose are gathered once

    @_FEW
    @given(st.dictionaries(NAMES, VALUES, max_size=5), st.integers(1, 60))
    def asked(parameters: dict[str, str], times: int) -> None:
        pairs = [
            f"{name}={quote(value)}" for name, value in parameters.items() for _ in range(times)
        ]
        address = "&".join([f"q=bois{quote(next(new))}", *pairs])
        address = (
            address[: MAX_ADDRESS - 20].rpartition("&")[0]
            if len(address) > MAX_ADDRESS - 20
            else address
        )
        held_to(DEAREST, calls(lambda: client.get(f"/api/v1/search?{address}")) / everyday)

    asked()


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_twice_as_long_costs_about_twice(client: FlaskClient, name: str) -> None:
    def cost(marks: str, characters: int) -> float:
        given = {name: (marks * characters)[:characters]}
        return min(
            spent(lambda: client.get("/api/v1/search?q=bois", headers=given)) for _ in range(4)
        )

    bare = min(spent(lambda: client.get("/api/v1/search?q=bois")) for _ in range(10))
    for marks in MARKS:
        assert cost(marks, 8_000) < 10 * bare, marks


@pytest.mark.parametrize("unit", ["a) et ", "A1 ", "1€", "– Aa-Bb ", ".: "])
def test_a_notice_of_one_thing_said_again_costs_no_more_than_another(
    client: FlaskClient, unit: str
) -> None:
    def cost(text: str) -> float:
        text = f"Lots :\n{text[:16_000]}\nb) tonte\nc) réservé"
        return min(
            spent(lambda: client.post("/api/v1/needs", json={"text": text})) for _ in range(2)
        )

    sentences = "Les prestations de ménage sont faites à Lyon, le matin, par une équipe de quatre personnes. "
    assert cost(unit * 16_000) < 5 * cost(sentences * 200)


def test_no_request_takes_much_memory(client: FlaskClient, new: Iterator[str]) -> None:
    @_FEW
    @given(PHRASES)
    def asked(phrase: str) -> None:
        tracemalloc.start()
        try:
            ask(client, phrase[: MAX_Q - 6] + next(new))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        target(float(peak))
        assert peak < MAX_BYTES

    asked()


@pytest.mark.parametrize(
    "unit", ["<!--", "<script>", "<", "<a ", "&", "&amp", "<!", "</", "-->", "<a href='", "\n<p>"]
)
def test_twice_the_text_of_an_import_costs_about_twice(unit: str) -> None:
    check = Check(load_mappings().vocabulary, gazetteer(), date(2026, 3, 1))
    [record] = generate(1)

    def cost(characters: int) -> float:
        given = {**record, "description": (unit * characters)[:characters]}
        return min(spent(lambda: check(given)) for _ in range(3))

    short, long = cost(5_000), cost(40_000)
    assert long < 24 * max(short, 0.000_5), (short, long)
