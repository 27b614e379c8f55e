"""A stand-in for les emplois de l'inclusion on this machine, made from its contract, with the faults of real hosts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from indexer.generate.naming import siret

PRIVATE = ("jeanne.privee@private.example", "06 39 98 12 34", "Jeanne Privée")
JOBS = (("Entretien des espaces verts (A1203)", "Jardinier"), ("Nettoyage de locaux (K2204)", ""))
TOWNS = {"69": ("69003", "Lyon"), "35": ("35000", "Rennes"), "44": ("44000", "Nantes")}

Fault = Callable[[BaseHTTPRequestHandler, dict[str, Any]], bool]
"""Answers a request itself (True), or edits the body that is going to be sent (False)."""


def structure(number: int, department: str, jobs: int = 2) -> dict[str, Any]:
    """As the contract has it, with private fields filled in."""
    email, phone, person = PRIVATE
    post_code, city = TOWNS[department]
    poste = {"id": number, "recrutement_ouvert": "True", "description": person, "type_contrat": "CDDI", "lieu": None}
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "cree_le": "2020-01-01T00:00:00+01:00",
        "mis_a_jour_le": "2026-10-01T12:00:00+02:00",
        "siret": siret(number, 42),
        "type": ("ACI", "EI", "GEIQ")[number % 3],
        "raison_sociale": f"Atelier {number} (exemple)",
        "enseigne": "",
        "telephone": phone,
        "courriel": email,
        "site_web": "",
        "description": "",
        "addresse_ligne_1": "1 rue du Port",
        "addresse_ligne_2": None,
        "code_postal": post_code,
        "ville": city,
        "departement": department,
        "postes": [{**poste, "rome": rome, "appellation_modifiee": title} for rome, title in JOBS][:jobs],
    }


@dataclass
class Double:
    url: str = ""
    structures: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    """What befalls the next requests, in order; None = nothing."""

    def body(self, asked: dict[str, str]) -> dict[str, Any]:
        own = [one for one in self.structures if one["departement"] == asked["departement"]]
        page, size = int(asked["page"]), int(asked["page_size"])
        more = page * size < len(own)
        return {
            "count": len(own),
            "next": f"{self.url}?page={page + 1}" if more else None,
            "previous": None,
            "results": own[(page - 1) * size : page * size],
        }


def status(code: int, **headers: str) -> Fault:
    def answer(handler: BaseHTTPRequestHandler, _body: dict[str, Any]) -> bool:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return answer


def cut(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> bool:
    """The connection breaks in the middle of the body."""
    text = json.dumps(body).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text[: len(text) // 2])
    handler.close_connection = True
    return True


@contextmanager
def serving(double: Double) -> Iterator[Double]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            double.asked.append(asked)
            if "departement" not in asked:
                status(400)(self, {})
                return
            body = double.body(asked)
            fault = double.faults.pop(0) if double.faults else None
            if fault and fault(self, body):
                return
            text = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}/api/v1/siaes/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
