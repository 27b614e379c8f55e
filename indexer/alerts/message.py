"""A mail that waits → the message that is sent, as text and as HTML: the same bytes at every try.
Pure.

No word of a search stands in it, since whoever asked may not be whom it is sent to: the search is a
link.
"""

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import fill
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from discovery.desk.alerts import (
    CONFIRM_PATH,
    CORRECT_PATH,
    NOTICES,
    NOTICES_PATH,
    STOP_PATH,
    TOKEN,
    Signer,
)
from discovery.model import dataclass
from discovery.texts import t
from indexer.alerts.outbox import DIGEST, LINK, OPT_IN, Mail

UNFOLDED = SMTP.clone(max_line_length=990)
"""Headers on one line, as long as servers take: folded, a long address would be encoded, which RFC
8058 forbids.
"""
WIDTH = 72
STYLE = (
    "font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1d2430;max-width:600px;"
    "margin:0 auto;padding:16px"
)
BUTTON = (
    "display:inline-block;background:#0b4f6c;color:#ffffff;padding:12px 20px;border-radius:6px;"
    "text-decoration:none"
)
QUIET = "color:#566070;font-size:14px"


LOOKS = {
    "heading": ("h1", "font-size:20px", ""),
    "paragraph": ("p", "", ""),
    "quiet": ("p", QUIET, ""),
    "link": ("p", QUIET, ""),
    "button": ("p", "", BUTTON),
    "supplier": ("p", "border-top:1px solid #d5dae1;padding-top:12px", ""),
}
"""How a block looks: its element, the style of that, and of the link in it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a mail: a text, the address that it leads to, and, of a supplier, the lines that
    tell of it.
    """

    look: str
    text: str
    url: str = ""
    lines: tuple[str, ...] = ()


def as_text(blocks: Iterable[Block]) -> str:
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def _text(block: Block) -> str:
    if block.look == "supplier":
        return "\n".join((f"* {block.text}", *(f"  {line}" for line in (*block.lines, block.url))))
    if block.url:
        return f"{block.text}\n{block.url}"
    return fill(block.text, WIDTH, break_long_words=False, break_on_hyphens=False)


def as_html(blocks: Iterable[Block], lang: str) -> str:
    """The mail's HTML form, a whole document. What a supplier wrote is shown as text, never as
    markup.
    """
    root = Element("html", {"lang": lang})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    body = SubElement(root, "body", {"style": STYLE})
    for block in blocks:
        _html(body, block)
    return (
        "<!doctype html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"
    )


def _html(body: Element, block: Block) -> None:
    tag, style, style_of_link = LOOKS[block.look]
    element = SubElement(body, tag, {"style": style} if style else {})
    holder = SubElement(element, "strong") if block.look == "supplier" else element
    if block.url:
        holder = SubElement(
            holder, "a", {"href": block.url} | ({"style": style_of_link} if style_of_link else {})
        )
    holder.text = _printable(block.text)
    for line in block.lines:
        SubElement(element, "br").tail = _printable(line)


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails share: who sends them, and where links lead.

    `base`: the service's address, without a slash at its end. `sender`: the address that mails come
    from.
    """

    base: str
    sender: str
    signer: Signer

    def stop(self, mail: Mail) -> str:
        return self._link(STOP_PATH, self.signer.stopping(mail.alert_id), mail.lang)

    def confirm(self, mail: Mail) -> str:
        return self._link(
            CONFIRM_PATH,
            self.signer.confirming(mail.alert_id, int(mail.made_at.timestamp())),
            mail.lang,
        )

    def correct(self, mail: Mail) -> str:
        """The link by which a supplier corrects its record."""
        [id_] = parse_qs(mail.search)["supplier"]
        token = self.signer.correcting(id_, int(mail.made_at.timestamp()))
        return self._link(CORRECT_PATH + quote(id_, safe=""), token, mail.lang)

    def search(self, mail: Mail) -> str:
        """The address of the followed search, newest first; of lots, of those that are open."""
        pairs = [pair for pair in parse_qsl(mail.search) if pair[0] != "sort"]
        if of_lots(mail.search):
            return f"{self.base}{NOTICES_PATH}?{urlencode(pairs)}"
        return f"{self.base}/?{urlencode([*pairs, ('sort', 'listed')])}"

    def _link(self, path: str, token: str, lang: str) -> str:
        return f"{self.base}{path}?{urlencode({TOKEN: token, **({'lang': lang} if lang != 'fr' else {})})}"


def of_lots(search: str) -> bool:
    """Whether a followed search is of open lots, rather than of suppliers."""
    return NOTICES in parse_qs(search)


def message(mail: Mail, head: Letterhead) -> bytes:
    """The bytes that are sent, with line ends of the network. Raises ValueError when a header can't
    be written.
    """
    blocks = {OPT_IN: _opt_in, DIGEST: _digest, LINK: _to_correct}[mail.kind](mail, head)
    mailed = EmailMessage(policy=SMTP)
    mailed["Subject"] = next(one.text for one in blocks if one.look == "heading")
    mailed["From"] = Address(t("page.title", mail.lang), addr_spec=head.sender)
    mailed["To"] = mail.address
    mailed["Date"] = format_datetime(mail.made_at)
    mailed["Message-ID"] = f"<{mail.id}@{urlsplit(head.base).hostname or 'localhost'}>"
    mailed["Auto-Submitted"] = "auto-generated"
    mailed["Content-Language"] = mail.lang
    if mail.kind == DIGEST:
        mailed["List-Unsubscribe"] = f"<{head.stop(mail)}>"
        mailed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mailed.set_content(as_text(blocks), cte="quoted-printable")
    mailed.add_alternative(as_html(blocks, mail.lang), subtype="html", cte="quoted-printable")
    mailed.set_boundary(f"=_{mail.id}")
    return mailed.as_bytes(policy=UNFOLDED)


def _opt_in(mail: Mail, head: Letterhead) -> list[Block]:
    lang = mail.lang
    return [
        Block("heading", t("alert.mail.confirm_heading", lang)),
        Block("paragraph", t(f"alert.mail.asked_{mail.every}", lang)),
        Block("link", t("alert.mail.see", lang), head.search(mail)),
        Block("button", t("alert.mail.confirm", lang), head.confirm(mail)),
        Block("paragraph", t("alert.mail.confirms_all", lang)),
        Block("quiet", t("alert.mail.not_you", lang)),
    ]


def _to_correct(mail: Mail, head: Letterhead) -> list[Block]:
    lang = mail.lang
    return [
        Block("heading", t("correct.mail.heading", lang)),
        Block("paragraph", t("correct.mail.asked", lang)),
        Block("button", t("correct.mail.open", lang), head.correct(mail)),
        Block("quiet", t("correct.mail.not_you", lang)),
    ]


def _digest(mail: Mail, head: Letterhead) -> list[Block]:
    lang, more = mail.lang, int(mail.content["more"])
    of = "lots" if of_lots(mail.search) else "mail"
    return [
        Block(
            "heading", t(f"alert.{of}.heading", lang, count=len(mail.content["suppliers"]) + more)
        ),
        Block("paragraph", t(f"alert.{of}.followed", lang)),
        *(
            Block("supplier", told["title"], told["url"], tuple(told["lines"]))
            for told in mail.content["suppliers"]
        ),
        *([Block("paragraph", t(f"alert.{of}.more", lang, count=more))] if more else []),
        Block("button", t(f"alert.{of}.see", lang), head.search(mail)),
        Block("quiet", t(f"alert.mail.why_{mail.every}", lang)),
        Block("link", t("alert.mail.stop", lang), head.stop(mail)),
    ]
