"""Bodies in flight: bounded by process and address, before a byte of them is read."""

import errno
from pathlib import Path

import pytest
from flask import Flask, request
from prometheus_client import CollectorRegistry, Gauge

from discovery.http import errors, limits, requests
from discovery.http.keys import KeyRing
from discovery.http.limits import MOST_BYTES as MOST
from discovery.http.limits import MOST_BYTES_OF_ONE as MOST_OF_ONE
from discovery.http.limits import Bodies, Counters
from discovery.http.requests import MAX_BODY, POLICIES
from discovery.mappings import Settings

PROGRAMME = "/api/v1/programme"
LARGEST = max(row.max_body for row in POLICIES)


class Body:
    """A body that says whether it was read."""

    def __init__(self, fault: OSError | None = None) -> None:
        self.read_at_all, self._fault = False, fault

    def read(self, size: int = -1) -> bytes:
        self.read_at_all = True
        if self._fault:
            raise self._fault
        return b""


@pytest.fixture
def held() -> Gauge:
    return Gauge("held", "Of a test.", registry=CollectorRegistry())


@pytest.fixture
def app(tmp_path: Path, held: Gauge) -> Flask:
    app = Flask(__name__)
    requests.install(app)
    settings = Settings(home=tmp_path, rate_limit_programme="2/minute")
    limits.install(app, KeyRing(tmp_path / "keys"), limits.Limits(settings, Counters()))
    limits.install_bodies(app, held)
    errors.install(app)
    app.add_url_rule(PROGRAMME, "read", lambda: str(len(request.get_data())), methods=["POST"])
    return app


def post(
    app: Flask, body: Body, size: int | None = LARGEST, who: str = "198.51.100.1"
) -> tuple[int, str]:
    """`size` None: in chunks, which announce none."""
    length = (
        {"HTTP_TRANSFER_ENCODING": "chunked"} if size is None else {"CONTENT_LENGTH": str(size)}
    )
    answer = app.test_client().post(
        PROGRAMME,
        environ_base={"REMOTE_ADDR": who},
        environ_overrides={"wsgi.input": body, **length},
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_limits_are_asked_before_the_body_is_read(app: Flask) -> None:
    for _ in range(2):
        post(app, Body())
    body = Body()
    assert post(app, body)[0] == 429
    assert not body.read_at_all


def test_a_process_and_an_address_read_so_much_at_once() -> None:
    some = Bodies()
    taken = [some.take("a", LARGEST) for _ in range(3)]
    assert taken == ["", "", "one_at_a_time"]
    assert [some.take("", LARGEST) for _ in range(3)] == ["", "", "overloaded"], (
        "this machine's own count for all"
    )
    some.give_back("a", LARGEST)
    assert some.take("b", LARGEST) == ""
    assert MOST == 2 * MOST_OF_ONE == 4 * LARGEST
    some.give_back("b", LARGEST)
    assert "b" not in some._bytes, "nobody is kept who sends nothing"


def test_who_finds_no_room_is_told_to_come_again_and_the_body_is_not_read(
    app: Flask, held: Gauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bodies, "take", lambda *_: "overloaded")
    body = Body()
    status, told = post(app, body)
    assert (status, body.read_at_all) == (503, False)
    assert "problem-overloaded" in told


def test_what_was_counted_is_given_back_however_it_ends(app: Flask, held: Gauge) -> None:
    seen = []

    def look() -> str:
        seen.append(held._value.get())
        raise LookupError

    app.view_functions["read"] = look
    assert post(app, Body())[0] == 500
    assert post(app, Body(), size=MAX_BODY, who="198.51.100.2")[0] == 500, (
        "a small one is not counted"
    )
    assert post(app, Body(), size=None, who="198.51.100.3")[0] == 500
    assert seen == [LARGEST, 0, LARGEST]
    assert held._value.get() == 0


def test_a_client_that_stops_half_way_is_told(app: Flask) -> None:
    assert post(app, Body(TimeoutError()))[0] == 400


def test_a_disk_that_is_full_is_told_and_logged(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def spool() -> str:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise LookupError from error

    app.view_functions["read"] = spool
    status, told = post(app, Body())
    assert (status, "problem-overloaded" in told) == (503, True)
    assert "no space left for temporary files" in capsys.readouterr().err


def test_headers_have_an_end(app: Flask) -> None:
    """65 kB in eight headers, each of which is let in."""
    headers = {f"X-Long-{number}": "a" * 8_100 for number in range(8)}
    assert app.test_client().get("/", headers=headers).status_code == 431
    assert app.test_client().get("/", headers={"X-Long": "a" * 8_100}).status_code == 404
