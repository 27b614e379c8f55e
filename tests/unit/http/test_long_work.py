"""Long answers: few at a time, one for an address; made in one process, to which the others pass
requests on.
"""

import os
import resource
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from flask import Flask, Response, g, request
from werkzeug.test import Client, TestResponse

from discovery.http.long_work import PASSED_ON, LongWork, alone
from discovery.http.problems import Refused
from discovery.http.requests import MAX_BODY, POLICIES

EXPORT, PROGRAMME = "/api/v1/export.csv", "/api/v1/programme"
FILE = bytes(range(256)) * 2_000


def refused(who: str) -> str:
    """The problem, "" when there was none."""
    try:
        with asking(who):
            return ""
    except Refused as error:
        return (
            error.details.name
            if dict(error.details.headers)["Retry-After"]
            else "no word of when to come back"
        )


@contextmanager
def asking(who: str) -> Iterator[None]:
    with Flask(__name__).app_context():
        g.limited_as = who
        with alone():
            yield


def test_an_address_has_one_at_a_time() -> None:
    with asking("192.0.2.1"):
        assert refused("192.0.2.1") == "one_at_a_time"
        assert refused("192.0.2.2") == ""
        assert refused("192.0.2.1") == "one_at_a_time"
    assert refused("192.0.2.1") == ""


def test_a_process_has_few_at_a_time_whoever_asks() -> None:
    with ExitStack() as stack:
        for who in ("192.0.2.1", ""):
            stack.enter_context(asking(who))
        assert refused("192.0.2.2") == refused("") == "overloaded"
    assert refused("192.0.2.2") == refused("") == "", "who was refused holds nothing"


def test_one_that_failed_lets_go() -> None:
    with pytest.raises(LookupError), asking("192.0.2.1"):
        raise LookupError
    assert refused("192.0.2.1") == ""


def made() -> Flask:
    """Tells who asked what, how, and in which thread."""
    app = Flask(__name__)

    @app.route("/<path:_>", methods=["GET", "POST"])
    def answer(_: str) -> Response:
        if "early" in request.args:
            return Response("no", 429)
        headers = {
            "X-Asked": f"{request.method} {request.full_path} by {request.remote_addr} from {request.referrer}",
            "X-Thread": threading.current_thread().name,
            "X-Body": str(len(request.get_data())),
            "X-Secrets": str(
                [name for name, _ in request.headers if name.startswith("X-Discovery")]
            ),
        }
        return Response(FILE, headers=headers, content_type="text/csv")

    return app


class _Quiet(WSGIRequestHandler):
    timeout = 20  # of a body that does not come: else the server would never stop

    def log_message(self, format: str, *args: object) -> None:
        """Not on the tests' output."""


class _Listening(WSGIServer):
    """On a socket that listens already, as gunicorn's workers; with gunicorn's name for the target."""

    def __init__(self, work: LongWork) -> None:
        super().__init__(work.address, _Quiet, bind_and_activate=False)
        self.socket.close()
        self.socket = work.listener
        self.server_name, self.server_port = "127.0.0.1", 0
        self.setup_environ()


@pytest.fixture
def worker() -> Iterator[Client]:
    """A worker whose long answers are made elsewhere: by a copy of it that is `here`, in the thread
    "long".
    """
    work = LongWork(made())
    other = LongWork(made())
    other._token, other.here = work._token, True
    with _Listening(work) as server:
        server.set_app(other)
        threading.Thread(
            target=server.serve_forever, args=(0.01,), name="long", daemon=True
        ).start()

        def targeted(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            return work(environ | {"RAW_URI": environ["REQUEST_URI"]}, start)

        yield Client(targeted)
        server.shutdown()


def ask(worker: Client, path: str, **more: Any) -> TestResponse:
    return worker.open(path, environ_base={"REMOTE_ADDR": "192.0.2.7"}, **more)


@pytest.mark.parametrize(("method", "path", "long"), [
    ("GET", EXPORT, True), ("HEAD", EXPORT, False), ("GET", "/sitemap/suppliers-1.xml", True),
    ("GET", PROGRAMME, False), ("POST", PROGRAMME, True), ("POST", "/programme", True), ("GET", "/healthz", False),
    ("POST", "/besoin", True), ("GET", "/besoin", False), ("POST", "/api/v1/suppliers/check", True),
])  # fmt: skip
def test_long_answers_are_made_in_the_other_process_alone(
    worker: Client, method: str, path: str, long: bool
) -> None:
    assert (ask(worker, path, method=method).headers["X-Thread"] == "long") is long


def test_a_request_arrives_as_it_came_and_the_answer_too(worker: Client) -> None:
    headers = {
        "Referer": "https://x.example/",
        "X-Discovery-Peer": "198.51.100.1",
        "X-Discovery-Token": "guessed",
    }
    answer = ask(worker, f"{EXPORT}?q=caf%C3%A9&lang=en", headers=headers)
    assert (answer.status_code, answer.content_type, answer.data) == (200, "text/csv", FILE)
    assert (
        answer.headers["X-Asked"]
        == f"GET {EXPORT}?q=caf%C3%A9&lang=en by 192.0.2.7 from https://x.example/"
    )
    assert answer.headers["X-Secrets"] == "[]"


def test_a_body_arrives_whole(worker: Client) -> None:
    assert ask(worker, PROGRAMME, method="POST", data=FILE).headers["X-Body"] == str(len(FILE))


def test_a_body_arrives_whole_where_many_files_are_open(worker: Client) -> None:
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        with ExitStack() as files:
            while files.enter_context(open(os.devnull, "rb")).fileno() < 1_024:
                pass
            assert ask(worker, PROGRAMME, method="POST", data=FILE).headers["X-Body"] == str(
                len(FILE)
            )
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))


def test_who_is_refused_need_not_send_the_whole_body(worker: Client) -> None:
    assert ask(worker, f"{PROGRAMME}?early=1", method="POST", data=FILE * 10).status_code == 429


def test_large_bodies_are_read_by_the_other_process() -> None:
    """Those of assistants by workers: they search, and count with the API's limits."""
    assert {row.paths for row in POLICIES if row.max_body > MAX_BODY and row.long != "POST"} == {
        ("/mcp",)
    }


def test_a_worker_keeps_threads_for_searches(worker: Client) -> None:
    """Else twelve needs that take long would hold every thread of two workers."""
    small = f"{EXPORT}?early=1"
    waiting = [ask(worker, small, buffered=False) for _ in range(PASSED_ON)]
    assert [answer.status_code for answer in waiting] == [429] * PASSED_ON
    assert ask(worker, small).status_code == 503
    waiting.pop().close()
    assert ask(worker, EXPORT).data == FILE
    for answer in waiting:
        answer.close()


def test_nobody_but_a_worker_is_answered_by_the_other_process() -> None:
    other = LongWork(made())
    other.here = True
    with other.listener:
        for headers in ({}, {"X-Discovery-Token": "guessed"}):
            assert Client(other).get(EXPORT, headers=headers).status_code == 404


def test_while_the_other_process_is_away_the_problem_says_to_come_again() -> None:
    work = LongWork(made())
    work.listener.close()
    answer = Client(lambda environ, start: work(environ | {"RAW_URI": EXPORT}, start)).get(
        f"{EXPORT}?lang=en"
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json is not None
    assert answer.json["type"].endswith("#problem-overloaded")
