"""A followed search as a feed: the same entries as Atom (RFC 4287) and as JSON Feed 1.1. Pure."""

import re
from collections.abc import Mapping
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from discovery.answers.links import segment
from discovery.engine.port import Document
from discovery.model import dataclass
from discovery.texts import Translate, day

ATOM = "application/atom+xml"
JSON = "application/feed+json"
FEEDS: Mapping[str, str] = {ATOM: "/feed.atom", JSON: "/feed.json"}
"""Format → path."""
NEVER = "1970-01-01T00:00:00Z"
"""When a feed that never had an entry was updated: the same at every look, so that nothing seems to
have changed.
"""
DESCRIPTION = 400
"""Characters of a supplier's description: a reader decides from them whether to open its page."""

_MINTED = "2026"
"""A tag says when its authority held its name (RFC 4151). It never changes: ids would."""
_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, and control characters that it only tolerates."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A supplier, newly listed, or a lot. `id` outlives its name and `url`. `published`, `updated`:
    instants, UTC. `tags`: (code, label).
    """

    id: str
    url: str
    title: str
    summary: str
    published: str
    updated: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A followed search, with who is new in it, or with the open lots for them.

    `home`: the search page. `addresses`: format → where the feed itself is. `author`: the service's
    name.
    """

    id: str
    title: str
    about: str
    author: str
    lang: str
    home: str
    addresses: Mapping[str, str]
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> str:
        """When the newest entry was updated (RFC 3339); `NEVER` without entries."""
        return max((one.updated for one in self.entries), default=NEVER)


def tag(base: str, specific: str) -> str:
    """A name for ever (RFC 4151), whatever becomes of addresses. `base`: the service's address."""
    return f"tag:{urlsplit(base).hostname or 'localhost'},{_MINTED}:{specific}"


def entry(shown: Mapping[str, Any], document: Document, base: str, query: str = "") -> Entry | None:
    """The feed's entry of a hit as presented (`answers.hit.results`) and its document; None when
    nobody knows since when it is listed.

    `base`: the service's address; `query`: what keeps the language in addresses of suppliers.
    """
    published = document.get("first_listed_at")
    if not published:
        return None
    edited = document.get("updated_at")
    sectors = sorted(shown["sectors"], key=lambda one: not one["matched"])
    kind, city, department = shown["kind"], shown["address"]["city"], shown["address"]["department"]
    place = f"{city} ({department})" if city and department else city or department or ""
    lines = (
        shown["kind_label"],
        ", ".join(one["label"] for one in sectors),
        " · ".join(shown["why"]),
        shorten(shown["description"] or "", DESCRIPTION, placeholder=" …"),
    )
    return Entry(
        id=tag(base, f"supplier/{segment(shown['id'])}"),
        url=(shown["url"] if urlsplit(shown["url"]).netloc else base + shown["url"]) + query,
        title=f"{shown['display_name']} – {', '.join(part for part in (kind, place) if part)}",
        summary="\n".join(line for line in lines if line),
        published=published,
        updated=max(published, f"{edited}T00:00:00Z") if edited else published,
        tags=((kind, shown["kind_label"]), *((one["slug"], one["label"]) for one in sectors)),
    )


def of_lot(lot: Mapping[str, Any], base: str, lang: str, t: Translate) -> Entry:
    """The feed's entry of an open lot, as it is answered; `base`: the service's address."""
    published, place = f"{lot['published'][:10]}T00:00:00Z", ", ".join(lot["places"])
    about = dict.fromkeys((lot["title"], lot["object"], f"{lot['sector_label']} · {place}"))
    return Entry(
        id=tag(base, f"lot/{segment(lot['id'])}"),
        url=lot["url"],
        title=f"{lot['title']} – {lot['buyer']}",
        summary="\n".join(
            (*[*about][1:], t("follow.lots.deadline", day=day(lot["deadline"], lang)))
        ),
        published=published,
        updated=published,
        tags=((lot["sector"], lot["sector_label"]),),
    )


def atom(feed: Feed) -> bytes:
    """The feed as an Atom document, in UTF-8."""
    root = ElementTree.Element(
        "feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.lang}
    )
    _texts(root, id=feed.id, title=feed.title, subtitle=feed.about, updated=feed.updated)
    _texts(ElementTree.SubElement(root, "author"), name=feed.author)
    _link(root, "alternate", "text/html", feed.home)
    for media, address in feed.addresses.items():
        _link(root, "self" if media == ATOM else "alternate", media, address)
    for one in feed.entries:
        element = ElementTree.SubElement(root, "entry")
        _texts(
            element,
            id=one.id,
            title=one.title,
            published=one.published,
            updated=one.updated,
            summary=one.summary,
        )
        _link(element, "alternate", "text/html", one.url)
        for term, label in one.tags:
            ElementTree.SubElement(
                element, "category", {"term": _clean(term), "label": _clean(label)}
            )
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def as_json(feed: Feed) -> dict[str, Any]:
    """The feed as JSON Feed 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.home,
        "feed_url": feed.addresses[JSON],
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": one.id,
                "url": one.url,
                "title": one.title,
                "content_text": one.summary,
                "date_published": one.published,
                "date_modified": one.updated,
                "tags": [label for _, label in one.tags],
            }
            for one in feed.entries
        ],
    }


def _texts(element: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(element, name).text = _clean(text)


def _link(element: ElementTree.Element, rel: str, media: str, address: str) -> None:
    ElementTree.SubElement(element, "link", {"rel": rel, "type": media, "href": address})


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
