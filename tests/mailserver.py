"""A real mail server of our own, on a free port: what it took, and mailboxes that it refuses."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.servers import free_port


@dataclass
class Taken:
    """A mail as it came."""

    sender: str
    to: str
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.mail.get_body(("html",))
        assert part is not None
        return str(part.get_content())


@dataclass
class Mailboxes:
    """`refused`: mailbox → what is answered at RCPT. `data`: what is answered to a whole mail, "" =
    taken.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    data: str = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data:
            return self.data
        (to,) = envelope.rcpt_tos
        self.taken.append(Taken(envelope.mail_from, to, envelope.content))
        return "250 Taken"

    def to(self, address: str) -> list[Taken]:
        return [one for one in self.taken if one.to == address]


class _Started(Controller):
    def __init__(self, handler: Mailboxes, implicit: ssl.SSLContext | None, **more: Any) -> None:
        self._more = more
        super().__init__(handler, hostname="127.0.0.1", port=handler.port, ssl_context=implicit)

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self._more)


def context_of(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@contextmanager
def mailboxes(
    *, user: str = "", password: str = "", certificate: Path | None = None, implicit: bool = False
) -> Iterator[Mailboxes]:
    """`user`: asks for that one. `certificate`: takes nothing before STARTTLS, or speaks TLS from
    the first byte (`implicit`).
    """
    more: dict[str, Any] = {}
    if user:

        def known(
            server: Any, session: Any, envelope: Any, mechanism: str, given: Any
        ) -> AuthResult:
            ok = isinstance(given, LoginPassword) and (given.login, given.password) == (
                user.encode(),
                password.encode(),
            )
            return AuthResult(success=ok, handled=False)

        more |= {
            "authenticator": known,
            "auth_required": True,
            "auth_require_tls": certificate is not None,
        }
    tls = context_of(certificate) if certificate else None
    if tls and implicit:
        more["auth_require_tls"] = False  # it can't tell that the whole connection is TLS
    elif tls:
        more |= {"tls_context": tls, "require_starttls": True}
    found = Mailboxes(free_port())
    controller = _Started(found, tls if implicit else None, **more)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()
