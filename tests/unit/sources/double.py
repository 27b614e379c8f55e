"""Stand-ins for public sources on this machine, made from their contracts, with the faults of real
hosts.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from indexer.sources.finess import COLUMNS
from tests.tables import read
from tools.sample.supplier import siret

RECORDS = read(Path(__file__).with_suffix(".yaml"))
PRIVATE = ("jeanne.privee@private.example", "06 39 98 12 34", "Jeanne Privée")
JOBS = (("Entretien des espaces verts (A1203)", "Jardinier"), ("Nettoyage de locaux (K2204)", ""))
JOB_OF_ALL = ("Mise en rayon libre-service (D1507)", "")
TOWNS = {"69": ("69003", "Lyon"), "35": ("35000", "Rennes"), "44": ("44000", "Nantes")}

ASKED_OF_BOAMP = r"nature=\"APPEL_OFFRE\" and datelimitereponse>=date'([\d-]{10})'"

D = TypeVar("D", bound="Double")
Asked = Mapping[str, str]
Fault = Callable[[BaseHTTPRequestHandler, Any], bool]
"""Answers a request itself (True), or edits the body that is going to be sent (False)."""


@dataclass
class Double:
    """A source. `answered`: the status of each answer that was no fault."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    """What befalls the next requests, in order; None = nothing."""

    def body(self, asked: Asked) -> Any:
        """A JSON value or bytes. KeyError where the contract refuses the request."""
        raise NotImplementedError

    def sent(self, body: Any, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Status, ETag, content; conditional requests are honoured."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        same = headers.get("If-None-Match") == etag
        self.answered.append(304 if same else 200)
        return (304, etag, b"") if same else (200, etag, content)


def structure(
    number: int, department: str, jobs: int = 2, town: tuple[str, str] | None = None
) -> dict[str, Any]:
    """As the contract of les-emplois has it."""
    post_code, city = town or TOWNS[department]
    hired = (*JOBS, JOB_OF_ALL)[:jobs]
    return RECORDS["les-emplois"] | {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "siret": siret(number, 42),
        "type": ("ACI", "EI", "GEIQ")[number % 3],
        "raison_sociale": f"Atelier {number} (exemple)",
        "code_postal": post_code,
        "ville": city,
        "departement": department,
        "postes": [
            RECORDS["job"] | {"id": number, "rome": rome, "appellation_modifiee": title}
            for rome, title in hired
        ],
    }


@dataclass
class LesEmplois(Double):
    structures: list[dict[str, Any]] = field(default_factory=list)

    def body(self, asked: Asked) -> dict[str, Any]:
        own = [one for one in self.structures if one["departement"] == asked["departement"]]
        page, size = int(asked["page"]), int(asked["page_size"])
        more = page * size < len(own)
        return {
            "count": len(own),
            "next": f"{self.url}?page={page + 1}" if more else None,
            "previous": None,
            "results": own[(page - 1) * size : page * size],
        }


def of_marche(number: int, **changes: Any) -> dict[str, Any]:
    """As the contract of `marche` has it."""
    kind, name = ("EA", "EI", "EATT")[number % 3], f"Atelier {number} (exemple)"
    return (
        RECORDS["marche"]
        | {"id": number, "siret": siret(number, 44), "kind": kind, "name": name}
        | changes
    )


def of_le_marche(number: int, **changes: Any) -> dict[str, Any]:
    """As the contract of `le-marche` has it."""
    own = {
        "id": number,
        "name": f"Atelier {number} (exemple)",
        "slug": f"atelier-{number}",
        "siret": siret(number, 45),
    }
    return RECORDS["le-marche"] | own | changes


@dataclass
class Paged(Double):
    """A platform that lists whole: by number of a page, or by offset."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def body(self, asked: Asked) -> dict[str, Any]:
        size = int(asked.get("page_size") or asked["limit"])
        start = int(asked["offset"]) if "offset" in asked else (int(asked["page"]) - 1) * size
        end = start + size
        more = f"{self.url}?next" if end < len(self.entries) else None
        return {
            "count": len(self.entries),
            "next": more,
            "previous": None,
            "results": self.entries[start:end],
        }


def establishment(number: int, **changes: str) -> dict[str, str]:
    """A line of FINESS, an ESAT of Lyon, with its telephone."""
    own = {
        "nofinesset": f"69{number:07}",
        "rs": f"ESAT {number} (EXEMPLE)",
        "siret": siret(number, 43),
    }
    return dict.fromkeys(COLUMNS, "") | RECORDS["finess"] | own | changes


@dataclass
class Finess(Double):
    rows: list[dict[str, str]] = field(default_factory=list)
    encoding: str = "utf-8"

    def body(self, asked: Asked) -> bytes:
        lines = ["finess;etalab;93;2026-11-01", *(";".join(row.values()) for row in self.rows)]
        return "".join(f"{line}\n" for line in lines).encode(self.encoding)


def contract(number: int, winner: str, **changes: Any) -> dict[str, Any]:
    """A row of the procurement register: gardens, reserved."""
    own = {
        "uid": f"2100690001{number:06}",
        "objet": f"Entretien des espaces verts, tranche {number}",
    }
    day = f"2026-{1 + number % 9:02}-15"
    return RECORDS["contract"] | own | {"dateNotification": day, "titulaire_id": winner} | changes


@dataclass
class Decp(Double):
    contracts: list[dict[str, Any]] = field(default_factory=list)

    def body(self, asked: Asked) -> dict[str, Any]:
        own = [one for one in self.contracts if one["titulaire_id"] == asked["titulaire_id__exact"]]
        own.sort(
            key=lambda one: str(one["dateNotification"]),
            reverse=asked["dateNotification__sort"] == "desc",
        )
        page, size = int(asked.get("page", 1)), int(asked["page_size"])
        return {
            "data": own[(page - 1) * size : page * size],
            "meta": {"total": len(own), "page": page},
            "links": {},
        }


def notice(
    number: int, *lots: tuple[str, str], post_code: str = "", **changes: Any
) -> dict[str, Any]:
    """A record of the bulletin in eForms, of lots (name, CPV); as XML in JSON, where what comes
    once is no list.
    """
    told = [
        {"cbc:ID": listed(f"LOT-{at}"), "cac:ProcurementProject": {
            "cbc:Name": {"@languageID": "FRA", "#text": name},
            "cac:RealizedLocation": {"cac:Address": {"cbc:PostalZone": post_code}} if post_code else {},
            "cac:MainCommodityClassification": {"cbc:ItemClassificationCode": listed(cpv)}}}
        for at, (name, cpv) in enumerate(lots, 1)
    ]  # fmt: skip
    contact = {
        "cbc:Name": PRIVATE[2],
        "cbc:ElectronicMail": PRIVATE[0],
        "cbc:Telephone": PRIVATE[1],
    }
    form = {
        "cac:ContractingParty": {"cac:Contact": contact},
        "cac:ProcurementProjectLot": told[0] if len(told) == 1 else told,
    }
    return RECORDS["notice"] | {
        "idweb": f"26-{number}",
        "objet": f"Entretien des espaces verts, secteur {number}",
        "url_avis": f"https://www.boamp.fr/pages/avis/?q=idweb:26-{number}",
        "donnees": json.dumps({"EFORMS": {"ContractNotice": form}}),
    } | changes  # fmt: skip


def national(
    number: int, *lots: tuple[str, str], cpv: str, form: str = "FNSimple", **changes: Any
) -> dict[str, Any]:
    """The same in a national form, which has its own names for things."""
    code = {"objetPrincipal": {"classPrincipale": cpv}}
    of_lots = [
        {"intitule": name, "codeCPV": {"objetPrincipal": {"classPrincipale": own}}}
        for name, own in lots
    ]
    whole = (
        {"natureMarche": {"codeCPV": code}}
        if form == "FNSimple"
        else {"description": {"CPV": code}}
    )
    told = {form: {"organisme": {"mel": PRIVATE[0]}, "initial": whole | {"lots": {"lot": of_lots}}}}
    return notice(number, donnees=json.dumps(told), **changes)


def listed(code: str) -> dict[str, str]:
    """An element with an attribute."""
    return {"@listName": "of-its-own", "#text": code}


@dataclass
class Boamp(Double):
    """Opendatasoft's records, of which those are asked for that are still open."""

    notices: list[dict[str, Any]] = field(default_factory=list)

    def body(self, asked: Asked) -> dict[str, Any]:
        said = re.fullmatch(ASKED_OF_BOAMP, asked["where"])
        if (
            said is None
            or asked["order_by"] != "dateparution desc, idweb desc"
            or int(asked["limit"]) > 100
        ):
            raise KeyError("where")
        own = [
            one
            for one in self.notices
            if one["nature"] == "APPEL_OFFRE" and str(one["datelimitereponse"]) >= said[1]
        ]
        own.sort(key=lambda one: (one["dateparution"], one["idweb"]), reverse=True)
        start = int(asked["offset"])
        names = asked["select"].split(",")
        page = [
            {name: one[name] for name in names if name in one}
            for one in own[start : start + int(asked["limit"])]
        ]
        return {"total_count": len(own), "results": page}


@dataclass
class Sirene(Double):
    """`known`: establishments by SIRET."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def body(self, asked: Asked) -> dict[str, Any]:
        found = self.known.get(asked["q"])
        director = {"nom": PRIVATE[2], "prenoms": "Jeanne", "annee_de_naissance": "1970"}
        company = {"siren": asked["q"][:9], "nom_complet": "EXEMPLE", "dirigeants": [director]}
        results = (
            [company | {"matching_etablissements": [{"siret": asked["q"], **found}]}]
            if found
            else []
        )
        return {
            "results": results,
            "total_results": len(results),
            "page": 1,
            "per_page": 10,
            "total_pages": 1,
        }


@dataclass
class Rge(Double):
    """A line a qualification; `next` is the address of the following page, as data-fair gives it."""

    sirets: list[str] = field(default_factory=list)
    size: int = 4

    def body(self, asked: Asked) -> dict[str, Any]:
        start = int(asked.get("after", 0))
        if not start and asked["select"] != "siret,code_qualification":
            raise KeyError("select")
        lines = [
            {"siret": one, "code_qualification": "6111"}
            for one in self.sirets[start : start + self.size]
        ]
        end = start + self.size
        follows = (
            {"next": f"{self.url}?size={self.size}&after={end}"} if end < len(self.sirets) else {}
        )
        return {"total": len(self.sirets), "results": lines} | follows


@dataclass
class Holders(Double):
    """A CSV with a column of SIREN, and with names and e-mails that nobody needs."""

    column: str = "siren"
    sirens: list[str] = field(default_factory=list)
    sign: str = ";"
    encoding: str = "utf-8"

    def body(self, asked: Asked) -> bytes:
        rows = [
            ("denomination", self.column, "courriel"),
            *(("SOCIÉTÉ", one, PRIVATE[0]) for one in self.sirens),
        ]
        return "".join(self.sign.join(row) + "\n" for row in rows).encode(self.encoding)


def status(code: int, **headers: str) -> Fault:
    def answer(handler: BaseHTTPRequestHandler, _body: Any) -> bool:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return answer


def cut(handler: BaseHTTPRequestHandler, body: Any) -> bool:
    """The connection breaks in the middle of the body."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text[: len(text) // 2])
    handler.close_connection = True
    return True


@contextmanager
def serving(double: D) -> Iterator[D]:
    """Over HTTP, at `double.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            double.asked.append(asked)
            double.headers.append(dict(self.headers))
            try:
                body = double.body(asked)
            except KeyError:
                status(400)(self, {})
                return
            fault = double.faults.pop(0) if double.faults else None
            if fault and fault(self, body):
                return
            code, etag, content = double.sent(body, dict(self.headers))
            self.send_response(code)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}/api/v1/siaes/"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


def in_memory(double: Double, before: Callable[[], None] = lambda: None) -> httpx.MockTransport:
    """Without sockets, for virtual time; `before` each answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        before()
        asked = dict(request.url.params)
        double.asked.append(asked)
        code, etag, content = double.sent(double.body(asked), request.headers)
        return httpx.Response(code, headers={"ETag": etag}, content=content)

    return httpx.MockTransport(answer)
