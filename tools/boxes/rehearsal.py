"""compose.yaml brought up, used, upgraded under traffic and stopped, as operators do it.
`scripts/boxes` calls this.

Not collected by pytest: it needs the engine and the stand-in images that the script makes.
"""

import json
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from discovery.engine.definition import DOCUMENT_FORMAT
from tests.reliability.test_rolling import Visitors
from tests.servers import free_port
from tools.boxes.compose import Compose, project

PATIENCE_SECONDS = 240.0
LASTING = ("web-a", "web-b", "worker", "beat")
"""Our own that go on."""
SAMPLE = 40, 7
"""How many suppliers `indexer generate` makes, and its seed."""
NEXT = (
    ("pyproject.toml", '\nversion = "', '\nversion = "9.'),
    (
        "discovery/engine/definition.py",
        f"_FORMAT = {DOCUMENT_FORMAT}",
        f"_FORMAT = {DOCUMENT_FORMAT + 1}",
    ),
    ("mappings/suppliers.json", f'"format": {DOCUMENT_FORMAT}', f'"format": {DOCUMENT_FORMAT + 1}'),
)
"""File, what it says, what the version after says."""
ASKED = """
import base64, os, sys, urllib.error, urllib.request
env, (method, path) = os.environ, sys.argv[1:]
who = base64.b64encode(f"{env['DISCOVERY_ENGINE_USER']}:{env['DISCOVERY_ENGINE_PASSWORD']}".encode()).decode()
headers = {"Authorization": f"Basic {who}", "Content-Type": "application/json"}
body = b"{}" if method == "PUT" else None
try:
    asked = urllib.request.Request(f"{env['DISCOVERY_ENGINE']}/{path}", body, headers, method=method)
    print(urllib.request.urlopen(asked).status)
except urllib.error.HTTPError as error:
    print(error.code)
"""


def main(home: Path) -> None:
    port = free_port()
    compose = project(home, port)
    began = time.monotonic()

    @contextmanager
    def step(what: str) -> Iterator[None]:
        at = time.monotonic()
        yield
        print(f"-- {what}: {time.monotonic() - at:.0f} s", flush=True)

    with step("image built"):
        compose("build", "--quiet")
    with step("a page of the image alone, as README says"):
        image_alone(compose)
    try:
        with step("all of compose.yaml healthy"):
            compose("up", "--detach")
            until("services are healthy", compose.healthy)
        with step("settings, users and passwords as meant"):
            settings_arrive(compose)
            passwords_stay(compose)
            nobody_is_root(compose)
        with step(f"{SAMPLE[0]} suppliers imported and found through nginx"):
            rows = compose.inside(
                "worker", "indexer", "generate", str(SAMPLE[0]), "--seed", str(SAMPLE[1])
            )
            compose("exec", "-T", "worker", "indexer", "import", "-", given=rows)
            until("all are found", lambda: total(port) == SAMPLE[0])
            limits_are_counted(compose, port)
        with step("the next version in its place, of another format, under traffic"):
            upgraded(compose, port)
        with step("`up --detach` replaces nothing, and keeps the number of workers"):
            before = {service: compose.containers(service) for service in LASTING}
            compose("up", "--detach")
            assert {service: compose.containers(service) for service in LASTING} == before
            assert len(before["worker"]) == 2
        with step("stopped in order"):
            compose("stop")
            ended = {one["Service"]: one["ExitCode"] for one in compose.all()}
            ours = {
                name: code
                for name, code in ended.items()
                if name.startswith(("web", "worker", "beat", "migrate"))
            }
            assert set(ours.values()) == {0}, ended
    except BaseException:
        print(compose("logs", "--no-color", "--tail", "25", check=False), file=sys.stderr)
        raise
    finally:
        compose("down", "--volumes", "--timeout", "5", check=False)
    print(f"-- rehearsed in {time.monotonic() - began:.0f} s")


def image_alone(compose: Compose) -> None:
    """README's command for the image, until its page shows suppliers."""
    port = free_port()
    lines = (compose.folder / "README.md").read_text("utf-8").splitlines()
    written = next(line for line in lines if line.startswith("docker run "))
    words = shlex.split(written.replace("127.0.0.1:8000:", f"127.0.0.1:{port}:"))[1:]
    container = compose.docker(words[0], "--detach", *words[1:]).strip()
    try:
        until("suppliers are shown", lambda: total(port) > 0)
    finally:
        compose.docker("rm", "--force", container)


def settings_arrive(compose: Compose) -> None:
    """What `.env` says, in each of our programs."""
    for service in LASTING:
        said = compose.inside(service, "discovery", "config", "check")
        for value in ("https://search.example", "12345/minute"):
            assert value in said, (service, value, said)


def passwords_stay(compose: Compose) -> None:
    """The page's programs know what they need, and can't write with it."""
    for service in ("web-a", "web-b"):
        knows = compose.environment(service)
        for name in ("ELASTIC_PASSWORD", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "WRITER_PASSWORD"):
            assert compose.env[name] not in knows, (service, name)
    for service in ("worker", "beat"):
        assert compose.env["ELASTIC_PASSWORD"] not in compose.environment(service)
    assert asked_as_web(compose, "GET", "suppliers-format-*/_count") == 200
    assert asked_as_web(compose, "DELETE", "suppliers-any") == 403
    assert asked_as_web(compose, "PUT", "suppliers/_doc/1") == 403
    limits = (
        "redis-cli",
        "--no-auth-warning",
        "--user",
        "limits",
        "--pass",
        compose.env["LIMITS_PASSWORD"],
    )
    assert "NOPERM" in compose.inside("redis", *limits, "LRANGE", "celery", "0", "1")
    assert "NOPERM" in compose.inside("redis", *limits, "FLUSHALL")


def asked_as_web(compose: Compose, method: str, path: str) -> int:
    """What the engine answers to the page's own user and password."""
    return int(compose.inside("web-a", "python", "-c", ASKED, method, path))


def nobody_is_root(compose: Compose) -> None:
    """By what runs, not by what is written."""
    for service in (*LASTING, "redis", "postgresql", "elasticsearch"):
        for container in compose.containers(service):
            for line in compose.docker("top", container, "-eo", "pid,uid,args").splitlines()[1:]:
                _, uid, words = line.split(maxsplit=2)
                assert uid != "0" or "docker-init" in words or words.startswith("/sbin/tini"), (
                    service,
                    line,
                )


def limits_are_counted(compose: Compose, port: int) -> None:
    """With Redis's user that reaches nothing else."""
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/api/v1/suggest?q=net", timeout=30
    ) as answer:
        assert answer.status == 200
        assert any("ratelimit" in name.lower() for name in answer.headers), dict(answer.headers)
    assert "rate limits not counted" not in compose("logs", "web-a", "web-b")


def upgraded(compose: Compose, port: int) -> None:
    """deploy/upgrade refuses nobody: visitors with kept connections and with new ones meet 200
    alone.
    """
    old = {service: compose.image_of(service) for service in LASTING}
    before = status(compose)
    for name, said, instead in NEXT:
        file = compose.folder / name
        text = file.read_text("utf-8")
        assert said in text, name
        file.write_text(text.replace(said, instead, 1), "utf-8")
    kinds = [Visitors(port, lasting) for lasting in (True, False)]
    try:
        subprocess.run(
            [str(compose.folder / "deploy" / "upgrade")],
            check=True,
            env=compose.process_env | {"COMPOSE": str(compose.program)},
            timeout=900,
        )
    finally:
        for visitors in kinds:
            visitors.stop()
    met = [dict(visitors.met) for visitors in kinds]
    print(f"   visitors met {met}", flush=True)
    assert all(set(each) == {"200"} for each in met), [each.words for each in kinds]
    assert all(compose.image_of(service) != image for service, image in old.items())
    now = status(compose)
    assert not now["rebuild_needed"], now
    assert now["index"] != before["index"], "another format asks for another index"
    assert total(port) == SAMPLE[0]


def status(compose: Compose) -> dict[str, object]:
    return dict(json.loads(compose.inside("beat", "indexer", "status", "--json")))


def total(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/search", timeout=30) as answer:
            return int(json.loads(answer.read())["total"]["value"])
    except OSError:  # a 503, until an index serves
        return -1


def until(what: str, true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"not within {PATIENCE_SECONDS:.0f} s: {what}"
        time.sleep(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
