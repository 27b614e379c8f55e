"""Requests that the service hands to the indexer, and links in mails: signed by the secret that
both share.

They lie in a folder between both programs: a file a request, whole or not there, taken away once it
was taken up.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from discovery.errors import DiscoveryError
from discovery.mappings.secrets import private_folder
from discovery.model import dataclass, fields

MAX_WAITING = 10_000
"""Requests that may wait; beyond, nobody takes them up, or somebody floods us."""
MAX_BYTES = 16_384
"""Of a request; ours have some hundred."""
ABANDONED_SECONDS = 3_600.0
"""After which a file that was not written to its end is removed."""
ENDING, UNFINISHED = ".request", ".unfinished"


class SpoolFull(DiscoveryError):
    """Nothing more can be handed over for now."""

    status = 503


class Spool:
    """The folder in which requests wait for the alerts program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, text: str, at: int) -> None:
        """Hand over; when this returns, the request outlives a crash. Raises OSError, or SpoolFull."""
        private_folder(self.folder)
        if len(self._names()) >= MAX_WAITING:
            raise SpoolFull(
                f"{self.folder}: {MAX_WAITING} requests wait; does `indexer worker` run?"
            )
        name = f"{at:012d}-{secrets.token_hex(8)}"
        aside = self.folder / f"{name}{UNFINISHED}"
        try:
            with os.fdopen(
                os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.rename(aside, self.folder / f"{name}{ENDING}")
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        held = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)

    def waiting(self) -> Iterator[tuple[Path, str]]:
        """(file, its text), oldest first; a text that is none of ours is "". Another process may
        take one meanwhile.
        """
        for name in sorted(self._names()):
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    content = file.read(MAX_BYTES + 1)
            except FileNotFoundError:
                continue
            yield path, content.decode("ascii", "replace") if len(content) <= MAX_BYTES else ""

    def done(self, path: Path) -> None:
        """Take a request away: what it asks for is in the store."""
        path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a process that died left half written: it holds an address, and nobody was
        told that it is.
        """
        for path in self.folder.glob(f"*{UNFINISHED}"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self.folder) if name.endswith(ENDING)]
        except FileNotFoundError:
            return []


FOLLOW_PATH = "/suivre"
CONFIRM_PATH = "/suivre/confirmer"
STOP_PATH = "/suivre/arreter"
CORRECT_PATH = "/corriger/"
TOKEN = "jeton"  # noqa: S105 - a parameter's name
"""Pages to which mails lead, and the parameter that holds a signature: in the query, since logs
keep paths alone.
"""

NOTICES, SUPPLIER, NOTICES_PATH = "notices", "supplier", "/marches.atom"
"""Parameters of a followed search that ask for open lots, those of one supplier; and the feed of
lots.
"""

REQUEST, CONFIRM, STOP, CORRECT = "alert-request-1", "alert-confirm-1", "alert-stop-1", "correct-1"
"""Salts: what is signed for one purpose is nothing for another, nor for another form of it."""

ANSWER_SECONDS = 3 * 86_400
"""How long a request may wait to be taken up, and a link of confirmation holds."""
AHEAD_SECONDS = 3_600
"""How far the clocks of two machines may be apart."""


class Do(StrEnum):
    """What is asked for: of a search that is followed; or of a supplier's record, by who says to be
    the supplier.
    """

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    STOP = "stop"
    LINK = "link"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Every(StrEnum):
    """How often a digest is sent; ONCE: a link to correct a record."""

    DAY = "day"
    WEEK = "week"
    ONCE = "once"


RHYTHMS = (Every.DAY, Every.WEEK)
"""Those that a search is followed by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what to `do` with the subscription `id`, asked at `at` (seconds since 1970).

    The others are a new subscription's: `search` is a query string. Of a record, `search` holds its
    `supplier` (an id), what is said of it, and the token of a link (`TOKEN`).
    """

    do: Do
    id: str
    at: int
    address: str = ""
    lang: str = "fr"
    every: Every = Every.WEEK
    search: str = ""


def new_id() -> str:
    """A new subscription's id, which nobody guesses."""
    return secrets.token_urlsafe(16)


class Signer:
    """Signs requests and links, and reads what was signed.

    `secret` is asked for when something is first signed or read: it may have to be made.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = cache(secret)

    def request(self, asked: Asked) -> str:
        """A request, signed, as it is left for the other program."""
        return self._dumps(REQUEST, asdict(asked))

    def asked(self, text: str) -> Asked | None:
        """The request; None when our own service has not signed it."""
        found = self._loads(REQUEST, text)
        if not isinstance(found, dict):
            return None
        found.pop(
            "title", None
        )  # of a request that waits since a release that mailed the search's title
        if found.keys() != {field.name for field in fields(Asked)}:
            return None
        try:
            return Asked(**{**found, "do": Do(found["do"]), "every": Every(found["every"])})
        except ValueError:
            return None

    def confirming(self, id_: str, at: int) -> str:
        """The token of a link that confirms, made at `at`."""
        return self._dumps(CONFIRM, [id_, at])

    def confirmed(self, token: str, now: float) -> str | None:
        """The id of the subscription that a link's token confirms; None when it is none of ours, or
        too old. `now`: seconds since 1970.
        """
        found = self._loads(CONFIRM, token)
        return found[0] if isinstance(found, list) and fresh(found[1], now) else None

    def correcting(self, supplier_id: str, at: int) -> str:
        """The token of a link by which a supplier corrects its record, made at `at`."""
        return self._dumps(CORRECT, [supplier_id, at])

    def corrects(self, token: str, supplier_id: str, now: float) -> bool:
        """Whether the token of a link lets this supplier's record be corrected now."""
        found = self._loads(CORRECT, token)
        return isinstance(found, list) and found[0] == supplier_id and fresh(found[1], now)

    def stopping(self, id_: str) -> str:
        """The token of a link that stops; it holds for as long as there are mails."""
        return self._dumps(STOP, id_)

    def stopped(self, token: str) -> str | None:
        """The id of the subscription that a link's token stops; None when the token is not ours."""
        found = self._loads(STOP, token)
        return found if isinstance(found, str) else None

    def _dumps(self, salt: str, value: Any) -> str:
        return str(self._serializer(salt).dumps(value))

    def _loads(self, salt: str, text: str) -> Any:
        try:
            return self._serializer(salt).loads(text)
        except BadData:
            return None

    def _serializer(self, salt: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secret(), salt=salt, signer_kwargs={"digest_method": hashlib.sha256}
        )


def fresh(at: float, now: float) -> bool:
    """Whether what was made at `at` may still be answered."""
    return -AHEAD_SECONDS <= now - at < ANSWER_SECONDS
