"""What a mail says, once; and the two forms in which it is sent, text and HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

WIDTH = 72
STYLE = (
    "font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1d2430;max-width:600px;"
    "margin:0 auto;padding:16px"
)
BUTTON = (
    "display:inline-block;background:#0b4f6c;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none"
)
QUIET = "color:#566070;font-size:14px"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a mail."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a mail; `quiet`: in small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An address by itself; `button`: what the mail is about."""

    text: str
    url: str
    button: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A supplier: its name leads to its page, `lines` tell of it."""

    title: str
    url: str
    lines: tuple[str, ...]


Block = Heading | Paragraph | Link | Item


def as_text(blocks: Iterable[Block]) -> str:
    """The mail's text form."""
    return "\n\n".join(_text(one) for one in blocks) + "\n"


def _text(block: Block) -> str:
    match block:
        case Heading(text) | Paragraph(text):
            return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
        case Link(text, url):
            return f"{text}\n{url}"
        case Item(title, url, lines):
            return "\n".join((f"* {title}", *(f"  {line}" for line in (*lines, url))))


def as_html(blocks: Iterable[Block], lang: str) -> str:
    """The mail's HTML form, a whole document. Texts are texts: whatever a supplier wrote is shown, and nothing of it
    is markup."""
    root = Element("html", {"lang": lang})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    body = SubElement(root, "body", {"style": STYLE})
    for one in blocks:
        _html(body, one)
    return "<!doctype html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"


def _html(body: Element, block: Block) -> None:
    match block:
        case Heading(text):
            _said(SubElement(body, "h1", {"style": "font-size:20px"}), text)
        case Paragraph(text, quiet):
            _said(SubElement(body, "p", {"style": QUIET} if quiet else {}), text)
        case Link(text, url, button):
            paragraph = SubElement(body, "p", {} if button else {"style": QUIET})
            _said(SubElement(paragraph, "a", {"href": url, **({"style": BUTTON} if button else {})}), text)
        case Item(title, url, lines):
            paragraph = SubElement(body, "p", {"style": "border-top:1px solid #d5dae1;padding-top:12px"})
            strong = SubElement(paragraph, "strong")
            _said(SubElement(strong, "a", {"href": url}), title)
            for line in lines:
                SubElement(paragraph, "br").tail = _shown(line)


def _said(element: Element, text: str) -> None:
    element.text = _shown(text)


def _shown(text: str) -> str:
    return "".join(one for one in text if one.isprintable())
