"""Whole answers of the API, as they were read once: `answers.txt`, a request and what it is answered.

UPDATE_GOLDEN=1 answers its requests anew; what changes is to be read in the diff.
"""

import difflib
import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.context import Services
from tests.api.conftest import ON_ONE

ANSWERS = Path(__file__).parent / "answers.txt"
HEADERS = ("Content-Type", "Cache-Control", "Content-Disposition", "Content-Language", "Link", "Location", "Vary")
CHANGING = re.compile(r'(?<=took_ms: )[\d.]+|(?<=  index: )".*"|(?<=cursor=)[\w.-]+|(?<="probability": )[\d.]+')
"""What no two runs have alike, and what changes with every training of the classifier."""


def _ask(client: FlaskClient, request: str) -> TestResponse:
    """`GET /path?query`, `POST /path {json}`, or `POST /path` and a text whose line ends are written `\\n`."""
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


@ON_ONE
def test_answers_are_whole_as_recorded(
    client: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.search, "today", lambda: date(2026, 3, 20))
    recorded = ANSWERS.read_text(encoding="utf-8").splitlines()
    lines: list[str] = []
    for request in (line for line in recorded if line.startswith(("GET ", "POST "))):
        lines += [request, *(CHANGING.sub("…", line) for line in _told(_ask(client, request)))]
    if os.environ.get("UPDATE_GOLDEN"):
        ANSWERS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = difflib.unified_diff(
        ANSWERS.read_text(encoding="utf-8").splitlines(), lines, "recorded", "now", lineterm=""
    )
    assert not (told := "\n".join(wrong)), f"UPDATE_GOLDEN=1 records it anew:\n{told}"
