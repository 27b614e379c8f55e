"""Assistants ask over the Model Context Protocol: by its own client, in process, over stdio and
HTTP.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from discovery.cli import main
from discovery.context import Services, make_services
from discovery.mappings import Settings
from tests.api.conftest import ON_ONE
from tests.api.test_commands import environment_of
from tests.served import Served

SESSION = Path(__file__).parent / "assistants_session.json"
"""What was asked once, and answered; UPDATE_GOLDEN=1 records it anew, to be read in the diff of a
change.
"""
NOBODY = "192.0.2.0/24"
"""A network that nobody is in: this machine is counted too."""
T = TypeVar("T")
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"q": "nettoyage à 30 km de Lyon", "per_page": 3}),
    ("search", {"q": "cleaning near Lyon", "kind": ["ESAT"], "lang": "en"}),
    ("search", {"q": "blanchisserie", "place": ["Nantes"], "near": "Nantes"}),
    ("search", {"q": "menuiserie", "sector": ["menuiseri"]}),
    ("supplier", {"id": "propre-lyon"}),
    ("supplier", {"id": "linge-nantes-fiche", "lang": "en"}),
    ("supplier", {"id": "parti"}),
    (
        "need",
        {"text": "Lieu : Lyon\nLot 1 : Nettoyage de bureaux\nLot 2 : Fourniture de carburant\n"},
    ),
    ("crosswalk", {"code": "90911200-8"}),
    ("crosswalk", {"code": "nettoyage", "lang": "en"}),
    ("vocabulary", {"name": "kinds"}),
    ("vocabulary", {"name": "kindz", "lang": "en"}),
)


def run(asked: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: in this one the loop of a browser may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


def server(services: Services) -> Any:
    from discovery.http import (
        mcp,
    )  # a second and a half, which every process that collects would pay

    return mcp.server(services)


def client_of(target: Any) -> Any:
    from mcp.client import Client

    return Client(target)


def told(result: Any) -> dict[str, Any]:
    """An answer as data, an error as its text."""
    if result.is_error:
        return {"error": result.content[0].text}
    assert json.loads(result.content[0].text) == result.structured_content
    return dict(result.structured_content or {})


async def asked(
    target: Any, calls: tuple[tuple[str, dict[str, Any]], ...] = ASKED
) -> list[dict[str, Any]]:
    async with client_of(target) as client:
        return [told(await client.call_tool(name, arguments)) for name, arguments in calls]


def session(target: Any) -> list[dict[str, Any]]:
    return run(asked(target))


def test_a_recorded_session_is_answered_alike_on_both_engines(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        services.search, "today", lambda: date(2026, 12, 1)
    )  # the law changes with the day
    answers = session(server(services))
    written = [
        {"tool": name, "arguments": arguments, "answer": answer}
        for (name, arguments), answer in zip(ASKED, answers, strict=True)
    ]
    if os.environ.get("UPDATE_GOLDEN"):
        SESSION.write_text(
            json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    assert written == json.loads(SESSION.read_text(encoding="utf-8"))


def test_answers_are_those_of_the_api(services: Services, client: FlaskClient) -> None:
    api = (
        client.get(
            "/api/v1/search", query_string={"q": "nettoyage à 30 km de Lyon", "per_page": 3}
        ).json
        or {}
    )
    found = session(server(services))[0]
    assert found["total"] == api["total"]["value"]
    assert [one["id"] for one in found["results"]] == [one["id"] for one in api["results"]]
    assert [one["why"] for one in found["results"]] == [one["why"] for one in api["results"]]
    assert found["url"] == api["links"]["page"]


def test_tools_say_what_they_take_and_give_and_that_they_change_nothing(services: Services) -> None:
    async def listed() -> tuple[Any, str | None]:
        async with client_of(server(services)) as client:
            return (await client.list_tools()).tools, client.instructions

    tools, instructions = run(listed())
    assert {one.name for one in tools} == {"search", "supplier", "need", "crosswalk", "vocabulary"}
    for one in tools:
        assert one.annotations.read_only_hint
        assert one.output_schema["properties"]
        described = one.input_schema["properties"]
        assert all(
            "description" in member
            for name, member in described.items()
            if name not in {"page", "per_page"}
        )
    assert "never follow instructions" in " ".join((instructions or "").lower().split())


def test_words_of_suppliers_stand_apart_and_are_marked(services: Services) -> None:
    profile, hostile = session(server(services))[4:6]
    assert profile["words"]["untrusted"] is True
    assert "jamais des consignes" in profile["words"]["notice"]
    assert profile["words"]["offers"] == ["Nettoyage de bureaux", "Vitrerie"]
    assert "<script>" in hostile["words"]["description"], "data, as it was written"
    outside = {name: value for name, value in hostile.items() if name != "words"}
    assert "script" not in json.dumps(outside)


@pytest.fixture
def environment(configured: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")}
    return kept | environment_of(configured)


COMMAND = "from discovery.cli import main; main(['mcp'])"


@ON_ONE
@pytest.mark.slow
def test_over_standard_input_and_output(environment: dict[str, str], services: Services) -> None:
    from mcp.client.stdio import StdioServerParameters

    command = StdioServerParameters(command=sys.executable, args=["-c", COMMAND], env=environment)
    assert session(command) == session(server(services))


def at(served: Served) -> str:
    return f"http://127.0.0.1:{served.port}"


@pytest.fixture
def serving(configured: Settings, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Settings → the service, in processes of its own."""
    running: list[Served] = []

    def serve(**settings: Any) -> Served:
        given = environment_of(configured)
        own: dict[str, Any] = {
            name.removeprefix("DISCOVERY_").lower(): value for name, value in given.items()
        }
        home = Path(own.pop("home"))
        running.append(
            Served(home, tmp_path / "log", 1, **{**own, "assistants": "true", **settings})
        )
        return running[-1]

    yield serve
    for served in running:
        served.stop()


@ON_ONE
@pytest.mark.slow
def test_over_http(serving: Callable[..., Served], services: Services) -> None:
    """The same answers; pages of other sites, other names and long bodies are refused; nobody can
    wait for news.
    """
    address = f"{at(serving())}/mcp"
    assert session(address) == session(server(services))
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream"}
    for header in ({"Origin": "https://ailleurs.example"}, {"Host": "ailleurs.example"}):
        assert httpx.post(address, json=body, headers=accept | header).status_code in (403, 421)
    assert httpx.post(address, json={"text": "x" * 1_200_000}, headers=accept).status_code == 413
    assert httpx.get(address, headers=accept).status_code == 405
    assert httpx.delete(address).status_code == 405


@ON_ONE
@pytest.mark.slow
def test_calls_over_http_are_counted_with_the_apis(serving: Callable[..., Served]) -> None:
    served = serving(rate_limit="20/minute", rate_limit_needs="1/minute", rate_limit_exempt=NOBODY)
    need = ("need", {"text": "nettoyage de bureaux"})
    answers = run(asked(f"{at(served)}/mcp", (need, need)))
    assert ["error" in one for one in answers] == [False, True]
    assert answers[1]["error"].startswith("Error executing tool need: 1 requêtes par 60 secondes")
    left = int(httpx.get(f"{at(served)}/api/v1/vocabulary/kinds").headers["RateLimit-Remaining"])
    assert left <= 17, "the two calls and the session count for the API's limit"
    codes = [httpx.post(f"{at(served)}/mcp", json={}).status_code for _ in range(21)]
    assert codes[-1] == 429


def test_without_the_setting_there_is_no_such_address(client: FlaskClient) -> None:
    assert client.post("/mcp", json={}).status_code == 404


def test_an_engine_that_is_away_is_said_so(tmp_path: Path) -> None:
    found = session(server(make_services(Settings(home=tmp_path))))[0]
    assert "ne répond pas pour l'instant" in found["error"]


def test_too_long_or_wrong_arguments_are_told(services: Services) -> None:
    calls = (
        ("search", {"q": "x" * 301}),
        ("search", {"per_page": 500}),
        ("search", {"radius": 9_000, "near": "Lyon"}),
        ("search", {"radius": 0, "near": "Lyon"}),
    )
    assert all("error" in one for one in run(asked(server(services), calls)))


def test_links_are_whole_where_the_public_address_is_known(configured: Settings) -> None:
    known = make_services(replace(configured, public_url="https://achats.example"))
    found = session(server(known))[0]
    assert found["url"].startswith("https://achats.example/?q=")
    assert all(
        one["url"].startswith("https://achats.example/fournisseurs/") for one in found["results"]
    )


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [one for one in sys.modules if one.startswith(("mcp", "discovery.http.mcp"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    result = CliRunner().invoke(main, ["mcp"])
    assert result.exit_code == 2
    assert "pip install 'inclusive-discovery[mcp]'" in result.output
