"""Feeds as a reader takes them: held to what RFC 4287 and JSON Feed 1.1 require, then brought to
one form.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(?:-\d\d){0,2}:[!-~]+")  # RFC 4151


@dataclass(frozen=True)
class Read:
    """`entries`: (id, url, title, summary, published, updated), in order."""

    id: str
    title: str
    about: str
    author: str
    lang: str
    home: str
    address: str
    updated: str
    entries: tuple[tuple[str, str, str, str, str, str], ...]

    @property
    def ids(self) -> list[str]:
        """The suppliers' own."""
        return [entry[0].rpartition("/")[2] for entry in self.entries]

    @property
    def titles(self) -> list[str]:
        return [entry[2] for entry in self.entries]


def atom(body: bytes) -> Read:
    """Section 4 of RFC 4287: what each element must hold, and how often."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{_ATOM}feed"
    [author] = root.findall(f"{_ATOM}author")
    entries = root.findall(f"{_ATOM}entry")
    for element in (root, *entries):
        links = element.findall(f"{_ATOM}link")
        assert all(_absolute(link.attrib["href"]) for link in links)
        alternates = [link.get("type") for link in links if link.get("rel") == "alternate"]
        assert len(alternates) == len(set(alternates)), "one alternate a type"
        assert "text/html" in alternates, "an entry without content needs one"
    ids = [_one(element, "id") for element in (root, *entries)]
    assert len(ids) == len(set(ids))
    assert all(_TAG.fullmatch(one) for one in ids), ids
    assert all(category.get("term") for category in root.iter(f"{_ATOM}category"))
    return Read(
        id=ids[0],
        title=_one(root, "title"),
        about=_one(root, "subtitle"),
        author=_one(author, "name"),
        lang=root.attrib[_LANG],
        home=_link(root, "alternate", "text/html"),
        address=_link(root, "self", "application/atom+xml"),
        updated=_date(_one(root, "updated")),
        entries=tuple(
            (
                _one(one, "id"),
                _link(one, "alternate", "text/html"),
                _one(one, "title"),
                _one(one, "summary"),
                _date(_one(one, "published")),
                _date(_one(one, "updated")),
            )
            for one in entries
        ),
    )


def json_feed(body: bytes) -> Read:
    """Required: `version`, `title`, `items`; of an item `id` and a content."""
    feed: dict[str, Any] = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all(
        isinstance(item["id"], str) and isinstance(item["content_text"], str)
        for item in feed["items"]
    )
    assert all(isinstance(tag, str) for item in feed["items"] for tag in item["tags"])
    assert all(_absolute(address) for address in (feed["home_page_url"], feed["feed_url"]))
    [author] = feed["authors"]
    return Read(
        id="",
        title=feed["title"],
        about=feed["description"],
        author=author["name"],
        lang=feed["language"],
        home=feed["home_page_url"],
        address=feed["feed_url"],
        updated="",
        entries=tuple(
            (one["id"], one["url"], one["title"], one["content_text"], _date(one["date_published"]),
             _date(one["date_modified"]))
            for one in feed["items"]
        ),
    )  # fmt: skip


def _one(element: Element, name: str) -> str:
    [found] = element.findall(f"{_ATOM}{name}")
    assert found.text, name
    return found.text


def _link(element: Element, rel: str, media: str) -> str:
    links = element.findall(f"{_ATOM}link")
    [found] = [
        link.attrib["href"] for link in links if (link.get("rel"), link.get("type")) == (rel, media)
    ]
    return found


def _date(text: str) -> str:
    assert _RFC_3339.fullmatch(text), text
    assert datetime.fromisoformat(text).tzinfo is not None
    return text


def _absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
