"""What alerts ask of others: of the service, over HTTP, who matches a search; of the mail server,
to take mails.
"""

import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from http.client import HTTPException
from json import loads
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from discovery.errors import DiscoveryError
from discovery.mappings import Settings

TIMEOUT_SECONDS = 30.0
MAX_WAITS = 5
"""Times that we wait as `Retry-After` says, at most a minute each, before we come back another
time.
"""
GONE = frozenset({404, 410})


Matches = dict[str, dict[str, Any] | None]
"""Ids of what matches a search; of lots, what is told of them."""


class ServiceAway(DiscoveryError):
    """The service can't answer for now."""


class SearchRefused(DiscoveryError):
    """The service does not take this search any more: a value that it names is no longer known."""


class Service:
    """The service at `base`, an address of our own settings, asked over HTTP."""

    def __init__(self, base: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._base, self._sleep = base.rstrip("/"), sleep

    def matches(self, search: str, *, lots: bool = False) -> Matches:
        """Who matches a search (a query string) strictly, or the open lots for them, newest first.
        Raises ServiceAway, SearchRefused.
        """
        status, body = self._get(f"/api/v1/{'notices' if lots else 'matches'}?{search}")
        if status in (400, 404, 410, 414, 422):
            raise SearchRefused(f"the service answered {status} to a search that is followed")
        told = self._json(status, body)
        return {one["id"]: one for one in told["results"]} if lots else dict.fromkeys(told["ids"])

    def supplier(self, id_: str, lang: str) -> dict[str, Any] | None:
        """A supplier's profile; None when it is not listed any more. Raises ServiceAway."""
        status, body = self._get(f"/api/v1/suppliers/{quote(id_, safe='')}?lang={lang}")
        return None if status in GONE else cast(dict[str, Any], self._json(status, body))

    def _get(self, address: str) -> tuple[int, bytes]:
        request = Request(self._base + address, headers={"User-Agent": "indexer-alerts"})  # noqa: S310 - of our settings
        for _ in range(MAX_WAITS):
            try:
                with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                    return answer.status, answer.read()
            except HTTPError as error:
                status, body = error.code, error.read()
                wait = error.headers.get("Retry-After", "1")
            except (OSError, HTTPException) as error:
                raise ServiceAway(
                    f"the service can't be reached at {self._base}: {error}"
                ) from None
            if status != 429:
                break
            self._sleep(min(60.0, float(wait) if wait.isdigit() else 1.0))
        return status, body

    def _json(self, status: int, body: bytes) -> Any:
        if status != 200:
            raise ServiceAway(f"the service answered {status} at {self._base}")
        return loads(body)


PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class Delivery(StrEnum):
    """ACCEPTED: the server took it. BOUNCED: there is no such mailbox. REFUSED: it does not take
    this mail now.
    """

    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    REFUSED = "refused"


class MailServerAway(DiscoveryError):
    """No mail can be sent for now: the server can't be reached, or lets us not in. The message says
    which.
    """


class MailServer:
    """Connects with the first mail; to be closed. Not shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def send(self, to: str, message: bytes) -> Delivery:
        """Hand a mail over. Raises MailServerAway when the server did not answer: then it may have
        taken it, in rare cases.
        """
        connection = self._connected()
        try:
            connection.sendmail(self._settings.alerts_from, [to], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = error.recipients[to]
            return Delivery.BOUNCED if 500 <= code < 600 else Delivery.REFUSED
        except (smtplib.SMTPDataError, smtplib.SMTPHeloError) as error:
            if error.smtp_code == 421:
                self.close()
            return Delivery.REFUSED
        except smtplib.SMTPSenderRefused as error:
            self.close()
            raise self._away(
                f"does not take mails from {self._settings.alerts_from}", error
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise self._away("ended the connection", error) from None
        return Delivery.ACCEPTED

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise self._away("can't be reached", error) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        address = urlsplit(self._settings.smtp)
        host, port = address.hostname or "", address.port or PORTS[address.scheme]
        connection: smtplib.SMTP
        if address.scheme == "smtps":
            trusted = ssl.create_default_context()
            connection = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trusted)
        else:
            connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            if address.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user:
                connection.login(self._settings.smtp_user, self._settings.smtp_password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _away(self, what: str, error: Exception) -> MailServerAway:
        """Without the server's own words where they may repeat an address."""
        code = getattr(error, "smtp_code", "")
        why = (
            f"answered {code}"
            if code
            else type(error).__name__
            if isinstance(error, smtplib.SMTPException)
            else error
        )
        return MailServerAway(f"the mail server ({self._settings.smtp}) {what}: {why}")
