"""Whole answers of the API, as they were read once: `answers.txt`, a request and what it is
answered; `crowd.txt`.

UPDATE_GOLDEN=1 answers its requests anew; what changes is to be read in the diff.
"""

import difflib
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.app import application
from discovery.context import Services
from tests.api.conftest import ON_ONE
from tests.pages.world import services_in

ANSWERS = Path(__file__).parent / "answers.txt"
CROWD = Path(__file__).parent / "crowd.txt"
"""The same of searches among 142 suppliers, in short; most are drawn, so that each decision of
`search`, `answers`, `http` and the embedded engine falls either way twice.
"""
TODAY = date(2026, 3, 20)
HEADERS = (
    "Content-Type",
    "Cache-Control",
    "Content-Disposition",
    "Content-Language",
    "Link",
    "Location",
    "Vary",
)
CHANGING = re.compile(
    r'(?<=took_ms: )[\d.]+|(?<=  index: )".*"|(?<=cursor=)[\w.-]+|20[\d-]{8}(?=\.csv")|(?<="probability": )[\d.]+'
)
"""What no two runs, or days, have alike, and what changes with every training of the classifier."""


def _ask(client: FlaskClient, request: str) -> TestResponse:
    """`GET /path?query`, `POST /path {json}`, or `POST /path` and a text whose line ends are
    written `\\n`.
    """
    method, _, rest = request.partition(" ")
    path, _, body = rest.partition(" ")
    sent: dict[str, Any] = {"data": body.replace(r"\n", "\n").encode()} if body else {}
    if body.startswith(("{", "[")):
        sent = {"data": body.encode(), "content_type": "application/json"}
    return client.open(path, method=method, **sent)


def _told(answer: TestResponse) -> Iterator[str]:
    """Status and headers, then a line a member of the body, and a line an item of a list."""
    headers = (f"{name}: {answer.headers[name]}" for name in HEADERS if name in answer.headers)
    yield f"  {answer.status_code} {' · '.join(headers)}"
    if not isinstance(answer.json, dict):
        yield from (f"  {line}" for line in answer.text.splitlines() if line)
        return
    for name, value in answer.json.items():
        if isinstance(value, list) and value:
            yield f"  {name}:"
            yield from (f"    {json.dumps(item, ensure_ascii=False)}" for item in value)
        else:
            yield f"  {name}: {json.dumps(value, ensure_ascii=False)}"


def _summary(answer: TestResponse) -> Iterator[str]:
    """A search without the suppliers' own words: how it was read, who is found and why, what is
    offered; another answer whole.
    """
    if answer.status_code != 200 or "query" not in (answer.json or {}):
        yield from _told(answer)
        return
    body: dict[str, Any] = answer.json or {}
    query = body["query"]
    pieces = (
        f"{one['type']} {one['value']} {one['role']} {one['applied']}"
        for one in query["interpretation"]
    )
    yield f"  read: {' | '.join([query['text'], *pieces])}"
    rest = {
        name: value
        for name, value in query.items()
        if name not in {"q", "text", "interpretation", "ignored"}
    }
    yield f"  query: {json.dumps(rest, ensure_ascii=False)}"
    headings = (body[name] for name in ("unknown_trades", "nearby_heading", "neighbours_heading"))
    yield f"  total: {body['total']['value']} {' · '.join(map(str, headings))}"
    for part in ("results", "nearby", "neighbours"):
        for one in body[part]:
            how = " ".join(
                str(one[name]) for name in ("distance_km", "coverage", "serves_by", "matched_by")
            )
            yield f"  {part}: {one['id']} {how}: {'; '.join(one['why'])}"
    for name, values in body["facets"].items():
        counts = (f"{'*' * value['selected']}{value['value']} {value['count']}" for value in values)
        yield f"  facet {name}: {', '.join(counts)}"
    for part in ("suggestions", "warnings"):
        yield from (f"  {part}: {json.dumps(one, ensure_ascii=False)}" for one in body[part])
    yield f"  {body['links']['next']} {body['links']['page']}"


def _compare(
    file: Path, client: FlaskClient, told: Callable[[TestResponse], Iterator[str]]
) -> None:
    """Ask the requests that a file holds and compare what is told of their answers with it."""
    recorded = file.read_text(encoding="utf-8").splitlines()
    lines: list[str] = []
    for request in (line for line in recorded if line.startswith(("GET ", "POST "))):
        lines += [request, *(CHANGING.sub("…", line) for line in told(_ask(client, request)))]
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = difflib.unified_diff(
        file.read_text(encoding="utf-8").splitlines(), lines, "recorded", "now", lineterm=""
    )
    assert not (changed := "\n".join(wrong)), f"UPDATE_GOLDEN=1 records it anew:\n{changed}"


@ON_ONE
def test_answers_are_whole_as_recorded(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.search, "today", lambda: TODAY)
    _compare(ANSWERS, client, _told)


def test_searches_in_a_crowd_are_as_recorded(tmp_path: Path) -> None:
    services = services_in(tmp_path)
    services.search.today = lambda: TODAY
    _compare(CROWD, application(services).test_client(), _summary)
