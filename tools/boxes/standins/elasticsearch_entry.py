"""The tests' Elasticsearch behind a door that keeps roles and users as the official image's
security does, in outline: `PUT /_security/role|user` by the superuser, HTTP Basic, privileges on
clusters and patterns of indices; 401 and 403.
"""

import base64
import fnmatch
import http.client
import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOME = Path("/usr/share/elasticsearch")
KEPT = HOME / "data" / "security.json"
BEHIND = ("127.0.0.1", 9201)
IS_READ = {
    "_search",
    "_count",
    "_mget",
    "_msearch",
    "_doc",
    "_source",
    "_explain",
    "_pit",
    "_termvectors",
    "_field_caps",
}
SETTINGS = ("discovery.type", "action.auto_create_index")
"""Of the environment, as the official image takes settings; those of x-pack are nobody's here."""

security: dict[str, dict[str, Any]] = {"role": {}, "user": {}}


def needed(method: str, path: str) -> tuple[str, str]:
    """(privilege, index or "" for the cluster or no index in particular)."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    index = parts.pop(0) if parts and not parts[0].startswith("_") else ""
    what = parts[0] if parts else ""
    if not index and what == "_cluster":
        return "monitor", ""
    if what == "_pit" or (
        what in IS_READ and (method in {"GET", "HEAD"} or what not in {"_doc", "_source"})
    ):
        return "read", index
    if method in {"GET", "HEAD"}:
        return "view_index_metadata", index
    return "all", index


def allowed(user: str, method: str, path: str) -> bool:
    privilege, index = needed(method, path)
    for role in (security["role"].get(name, {}) for name in security["user"][user]["roles"]):
        if privilege == "monitor" and "monitor" in role.get("cluster", ()):
            return True
        for given in role.get("indices", ()):
            names = not index or all(
                any(fnmatch.fnmatch(n, p) for p in given["names"]) for n in index.split(",")
            )
            if names and {"all", privilege} & set(given["privileges"]):
                return True
    return False


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        user, password = self.who()
        known = {"elastic": os.environ["ELASTIC_PASSWORD"]} | {
            n: u["password"] for n, u in security["user"].items()
        }
        kind, _, name = self.path.removeprefix("/_security/").partition("/")
        if known.get(user) != password:
            self.answer(
                401,
                b'{"error": {"type": "security_exception", "reason": "unable to authenticate user"}}',
            )
        elif user == "elastic" and kind in security and self.command == "PUT":
            security[kind][name] = json.loads(body)
            KEPT.write_text(json.dumps(security), encoding="utf-8")
            self.answer(200, b"{}")
        elif user != "elastic" and not allowed(user, self.command, self.path):
            why = {
                "type": "security_exception",
                "reason": f"{self.command} {self.path} is unauthorized for user [{user}]",
            }
            print(why, flush=True)
            self.answer(403, json.dumps({"error": why, "status": 403}).encode())
        else:
            self.passed(body)

    def who(self) -> tuple[str, str]:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        user, _, password = (
            base64.b64decode(value if scheme == "Basic" else "").decode().partition(":")
        )
        return user, password

    def passed(self, body: bytes) -> None:
        behind = http.client.HTTPConnection(*BEHIND, timeout=120)
        kept = {n: v for n, v in self.headers.items() if n.lower() in {"content-type", "accept"}}
        try:
            behind.request(self.command, self.path, body, kept)
            found = behind.getresponse()
            self.answer(
                found.status, found.read(), found.headers.get("Content-Type", "application/json")
            )
        except OSError as error:
            self.answer(502, json.dumps({"error": str(error)}).encode())
        finally:
            behind.close()

    def answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        headers = {
            "X-Elastic-Product": "Elasticsearch",
            "Content-Type": kind,
            "Content-Length": str(len(body)),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Only what is refused is told."""

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any


def main() -> None:
    if KEPT.exists():
        security.update(json.loads(KEPT.read_text(encoding="utf-8")))
    settings = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    settings |= {
        "path.home": str(HOME),
        "path.data": str(HOME / "data"),
        "http.port": str(BEHIND[1]),
    }
    settings |= {"node.name": "stand-in", "cluster.name": "boxes"}
    flags = [
        *os.environ.get("ES_JAVA_OPTS", "").split(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
    ]
    command = [
        "java",
        *flags,
        "-cp",
        f"{HOME}/node/classes:{HOME}/node/lib/*",
        "org.elasticsearch.node.Launcher",
    ]
    node = subprocess.Popen(
        [*command, *(f"{n}={v}" for n, v in settings.items())], stdin=subprocess.PIPE, cwd=HOME
    )

    def end(number: int, _: object) -> None:
        node.terminate()
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    ThreadingHTTPServer(("", 9200), Door).serve_forever()


if __name__ == "__main__":
    main()
