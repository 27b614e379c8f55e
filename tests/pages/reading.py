"""Pages as a person without JavaScript reads them: text, links, and what a click or a form leads
to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = frozenset({"meta", "link", "input", "img", "br", "base"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As shown, blanks brought down to one."""
        return " ".join("".join(self._texts()).replace("\u202f", " ").split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if not isinstance(child, Element):
                yield child
            elif child.tag == "mark":  # within a word
                yield from child._texts()
            else:
                yield from (" ", *child._texts(), " ")

    def every(self, tag: str = "", **attributes: str) -> list[Element]:
        """Descendants by tag and attributes; `class_` is one of the classes."""
        return [one for one in self._all() if (not tag or one.tag == tag) and one._has(attributes)]

    def first(self, tag: str = "", **attributes: str) -> Element:
        found = self.every(tag, **attributes)
        assert found, f"no <{tag}> with {attributes}"
        return found[0]

    def _has(self, wanted: dict[str, str]) -> bool:
        for name, value in wanted.items():
            held = self.attributes.get(name.rstrip("_").replace("_", "-"))
            if held is None or (value not in held.split() if name == "class_" else held != value):
                return False
        return True

    def _all(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._all()


_PART = re.compile(
    r"""[^<]+|<!doctype\ html>|<!--.*?-->
    |<(?P<end>/)?(?P<tag>[a-z][^\s/>]*)(?P<held>(?:\s+[^\s"'<>/=]+(?:="[^"]*"|='[^']*')?)*)\s*(?P<empty>/)?>""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_HELD = re.compile(r"""([^\s"'<>/=]+)(?:="([^"]*)"|='([^']*)')?""")


def tree(text: str) -> Element:
    """Strict: a sign not escaped, an attribute twice, a tag closed out of order fails the test.
    Python's own parser took a fifth of what pages are tested with.
    """
    opened, at = [Element("", {})], 0
    while part := _PART.match(text, at):
        at, tag = part.end(), (part["tag"] or "").lower()
        if part["end"]:
            assert opened.pop().tag == tag, part
        elif tag:
            held = [
                (name.lower(), unescape(one or other))
                for name, one, other in _HELD.findall(part["held"])
            ]
            element = Element(tag, dict(held))
            assert len(held) == len(element.attributes), f"attribute twice: {part}"
            opened[-1].children.append(element)
            if not (part["empty"] or tag in VOID):
                opened.append(element)
        elif part[0][0] != "<":
            opened[-1].children.append(
                part[0] if opened[-1].tag in ("script", "style") else unescape(part[0])
            )
    assert at == len(text), f"no HTML: {text[at : at + 200]}"
    assert len(opened) == 1, f"<{opened[-1].tag}> is never closed"
    return opened[0]


@dataclass
class Page:
    response: TestResponse
    root: Element

    @property
    def address(self) -> str:
        return self.response.request.full_path

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def heading(self) -> str:
        """The line that tells the total, or what is wrong."""
        found = self.root.every(id="total") or self.root.every("h1")
        return found[0].text

    @property
    def total(self) -> int:
        """What the heading counts."""
        digits = "".join(char for char in self.heading if char.isdigit())
        return int(digits) if digits else 0

    @property
    def names(self) -> list[str]:
        return [card.first("h2").text for card in self.root.every("li", class_="card")]

    def facet(self, name: str) -> dict[str, Element]:
        """Value → its link."""
        start = f"{name}-"
        return {
            link.attributes["id"].removeprefix(start): link
            for link in self.root.every("a")
            if link.attributes.get("id", "").startswith(start)
        }

    def chips(self, group: str) -> dict[str, str]:
        """Label → the address that removes it; `group`: understood or active."""
        lists = self.root.every("ul", aria_labelledby=group)
        return {
            chip.first("span").text: chip.first("a").attributes["href"]
            for one in lists
            for chip in one.every("li", class_="chip")
        }

    def link(self, text: str) -> str:
        """The address of the link that shows this text."""
        found = [one for one in self.root.every("a") if one.text == text]
        assert found, f"no link {text!r} among {[one.text for one in self.root.every('a')]}"
        return found[0].attributes["href"]

    def links(self) -> list[str]:
        return [one.attributes["href"] for one in self.root.every("a")]


def read(response: TestResponse) -> Page:
    assert response.mimetype == "text/html", response.mimetype
    return Page(response, tree(response.text))


class Reader:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, address: str, **headers: str) -> Page:
        return read(self.client.get(address, headers={"Accept": "text/html", **headers}))

    def post(self, address: str, **typed: str) -> Page:
        return read(self.client.post(address, data=typed, headers={"Accept": "text/html"}))

    def search(self, q: str = "", **parameters: str) -> Page:
        everyone = {} if q or parameters.keys() - {"lang"} else {"view": "list"}
        given = {"q": q, **parameters, **everyone}
        return self.open("/?" + urlencode({name: value for name, value in given.items() if value}))

    def send(self, page: Page, of: Element | None = None, **typed: str) -> Page:
        """The page's form (or `of` its forms), some fields typed anew, sent by a browser without
        JavaScript.
        """
        form = of or page.root.first("form")
        fields = [(one.attributes["name"], one.attributes["value"]) for one in form.every("input")]
        for select in form.every("select"):
            options = select.every("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[
                :1
            ]
            fields.append((select.attributes["name"], chosen[0].attributes["value"]))
        names = [name for name, _ in fields]
        assert set(typed) <= set(names), f"the form has no {set(typed) - set(names)}"
        sent = [(name, typed.get(name, value)) for name, value in fields]
        return self.open(f"{form.attributes['action']}?{urlencode(sent)}")


def parameters(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)
