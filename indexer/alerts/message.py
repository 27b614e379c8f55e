"""A mail that waits → the message that is sent: the same bytes at every try. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from discovery.alerts.pages import CONFIRM_PATH, STOP_PATH, TOKEN
from discovery.alerts.signing import Signer
from discovery.locales import t
from indexer.alerts.content import Block, Heading, Item, Link, Paragraph, as_html, as_text
from indexer.alerts.outbox import OPT_IN, Mail

UNFOLDED = SMTP.clone(max_line_length=990)
"""Headers on one line, as long as servers take: folded, a long address would be encoded, which RFC 8058 forbids."""
MAX_SUBJECT = 150
"""Characters; a title is a phrase of at most 300 and its filters."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails share: who sends them, and where links lead.

    `base`: the service's address, without a slash at its end. `sender`: the address that mails come from.
    """

    base: str
    sender: str
    signer: Signer

    def stop(self, mail: Mail) -> str:
        """The link that stops the alert."""
        return self._link(STOP_PATH, self.signer.stopping(mail.alert_id), mail.lang)

    def confirm(self, mail: Mail) -> str:
        """The link that confirms the alert."""
        return self._link(CONFIRM_PATH, self.signer.confirming(mail.alert_id, int(mail.made_at.timestamp())), mail.lang)

    def search(self, mail: Mail) -> str:
        """The address of the followed search, newest first."""
        pairs = [pair for pair in parse_qsl(mail.search) if pair[0] != "sort"]
        return f"{self.base}/?{urlencode([*pairs, ('sort', 'listed')])}"

    def _link(self, path: str, token: str, lang: str) -> str:
        return f"{self.base}{path}?{urlencode({TOKEN: token, **({'lang': lang} if lang != 'fr' else {})})}"


def message(mail: Mail, head: Letterhead) -> bytes:
    """The bytes that are sent, with line ends of the network. Raises ValueError when a header can't be written."""
    opt_in = mail.kind == OPT_IN
    blocks = _opt_in(mail, head) if opt_in else _digest(mail, head)
    found = EmailMessage(policy=SMTP)
    found["Subject"] = _subject(mail, opt_in)
    found["From"] = Address(t("page.title", mail.lang), addr_spec=head.sender)
    found["To"] = mail.address
    found["Date"] = format_datetime(mail.made_at)
    found["Message-ID"] = f"<{mail.id}@{urlsplit(head.base).hostname or 'localhost'}>"
    found["Auto-Submitted"] = "auto-generated"
    found["Content-Language"] = mail.lang
    if not opt_in:
        found["List-Unsubscribe"] = f"<{head.stop(mail)}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    found.set_content(as_text(blocks), cte="quoted-printable")
    found.add_alternative(as_html(blocks, mail.lang), subtype="html", cte="quoted-printable")
    found.set_boundary(f"=_{mail.id}")
    return found.as_bytes(policy=UNFOLDED)


def _subject(mail: Mail, opt_in: bool) -> str:
    title = "".join(one if one.isprintable() else " " for one in mail.title)
    if opt_in:
        found = t("alert.mail.confirm_subject", mail.lang, search=title)
    else:
        found = t("alert.mail.subject", mail.lang, search=title, count=_count(mail))
    return found if len(found) <= MAX_SUBJECT else f"{found[: MAX_SUBJECT - 1]}…"


def _count(mail: Mail) -> int:
    return len(mail.content["suppliers"]) + int(mail.content["more"])


def _opt_in(mail: Mail, head: Letterhead) -> list[Block]:
    lang = mail.lang
    return [
        Heading(t("alert.mail.confirm_heading", lang)),
        Paragraph(t(f"alert.mail.asked_{mail.every}", lang, search=mail.title)),
        Link(t("alert.mail.confirm", lang), head.confirm(mail), button=True),
        Paragraph(t("alert.mail.not_you", lang), quiet=True),
    ]


def _digest(mail: Mail, head: Letterhead) -> list[Block]:
    lang, more = mail.lang, int(mail.content["more"])
    return [
        Heading(t("alert.mail.heading", lang, count=_count(mail))),
        Paragraph(t("alert.mail.followed", lang, search=mail.title)),
        *(Item(one["title"], one["url"], tuple(one["lines"])) for one in mail.content["suppliers"]),
        *([Paragraph(t("alert.mail.more", lang, count=more))] if more else []),
        Link(t("alert.mail.see", lang), head.search(mail), button=True),
        Paragraph(t(f"alert.mail.why_{mail.every}", lang), quiet=True),
        Link(t("alert.mail.stop", lang), head.stop(mail)),
    ]


def kept(suppliers: list[dict[str, object]], more: int) -> dict[str, object]:
    """The content of a digest, as the store keeps it: `suppliers` told by name, and how many `more`."""
    return {"suppliers": suppliers, "more": more}
