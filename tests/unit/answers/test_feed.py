"""Entries and feeds: whatever suppliers write, a reader can read it."""

import json
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.answers import feed
from discovery.answers.feed import ATOM, JSON, NEVER, Entry, Feed
from discovery.engine.port import Document
from tests import feeds
from tests.tables import cases

BASE = "https://achats.example:8443/recherche"
DOCUMENT: Document = {"first_listed_at": "2026-03-01T09:30:00Z", "updated_at": "2026-02-28"}
SHOWN: dict[str, Any] = {
    "id": "s/1",
    "display_name": "Les Jardins & Cie",
    "kind": "EA",
    "kind_label": "Entreprise adaptée",
    "address": {"city": "Nantes", "department": "44"},
    "sectors": [
        {"slug": "traiteur", "label": "Traiteur", "matched": False},
        {"slug": "menuiserie", "label": "Menuiserie", "matched": True},
    ],
    "why": ["à 3 km de Nantes", "certifié RGE"],
    "description": "Des meubles  sur mesure.",
    "url": "/fournisseurs/les-jardins",
}
FEED = Feed(
    id="tag:achats.example,2026:search",
    title="Nouveaux fournisseurs : « bois »",
    about="Les derniers.",
    author="Le service",
    lang="fr",
    home=f"{BASE}/?q=bois",
    addresses={ATOM: f"{BASE}/feed.atom?q=bois&kind=EA", JSON: f"{BASE}/feed.json?q=bois&kind=EA"},
    entries=(),
)


def made(document: Document = DOCUMENT, **changes: Any) -> Entry:
    entry = feed.entry(SHOWN | changes, document, BASE)
    assert entry is not None
    return entry


def test_an_entry_tells_who_where_what_and_why() -> None:
    entry = made()
    assert entry.title == "Les Jardins & Cie – EA, Nantes (44)"
    assert entry.summary.split("\n") == [
        "Entreprise adaptée",
        "Menuiserie, Traiteur",
        "à 3 km de Nantes · certifié RGE",
        "Des meubles sur mesure.",
    ]
    assert entry.tags == (
        ("EA", "Entreprise adaptée"),
        ("menuiserie", "Menuiserie"),
        ("traiteur", "Traiteur"),
    )


@pytest.mark.parametrize(
    ("address", "title"), cases(__file__, "what_is_not_known_is_left_out_of_the_title")
)
def test_what_is_not_known_is_left_out_of_the_title(address: dict[str, Any], title: str) -> None:
    assert made(address=address).title == title


def test_the_id_outlives_names_and_addresses() -> None:
    moved = made(display_name="Autre nom", url="https://achats.example/fournisseurs/autre-nom")
    assert moved.id == made().id == "tag:achats.example,2026:supplier/s%2F1"
    assert (made().url, moved.url) == (
        "https://achats.example:8443/recherche/fournisseurs/les-jardins",
        "https://achats.example/fournisseurs/autre-nom",
    )


@pytest.mark.parametrize(
    ("updated_at", "updated"),
    [
        (None, "2026-03-01T09:30:00Z"),
        ("2025-12-31", "2026-03-01T09:30:00Z"),
        ("2026-03-02", "2026-03-02T00:00:00Z"),
    ],
)
def test_it_was_updated_when_it_was_listed_or_edited_later(
    updated_at: str | None, updated: str
) -> None:
    entry = made({"first_listed_at": "2026-03-01T09:30:00Z", "updated_at": updated_at})
    assert (entry.published, entry.updated) == ("2026-03-01T09:30:00Z", updated)


def test_who_is_listed_since_nobody_knows_when_is_no_news() -> None:
    assert feed.entry(SHOWN, {"updated_at": "2026-02-28"}, BASE) is None


def test_a_feed_is_as_new_as_its_newest_entry() -> None:
    entries = (
        made(),
        made({"first_listed_at": "2026-01-01T00:00:00Z", "updated_at": "2026-04-01"}),
    )
    assert replace(FEED, entries=entries).updated == "2026-04-01T00:00:00Z"
    assert FEED.updated == NEVER


def test_both_formats_tell_the_same() -> None:
    whole = replace(FEED, entries=(made(), made(id="2")))
    as_atom, as_json = (
        feeds.atom(feed.atom(whole)),
        feeds.json_feed(json.dumps(feed.as_json(whole)).encode()),
    )
    assert as_atom.entries == as_json.entries
    assert (as_atom.title, as_atom.about, as_atom.author, as_atom.lang, as_atom.home) == (
        as_json.title, as_json.about, as_json.author, as_json.lang, as_json.home,
    )  # fmt: skip
    assert (as_atom.address, as_json.address) == (FEED.addresses[ATOM], FEED.addresses[JSON])
    assert as_atom.ids == ["s%2F1", "2"]


def test_markup_and_control_characters_are_only_text() -> None:
    entry = made(display_name="A<b>\x00\x08\x1b & \x85Co\ufffe \ud800😀</title>")
    [(_, _, title, *_)] = feeds.atom(feed.atom(replace(FEED, entries=(entry,)))).entries
    assert title == "A<b> & Co 😀</title> – EA, Nantes (44)"


ANYTHING = st.text(st.characters(exclude_categories=()))
"""Lone surrogates and controls included."""


@given(ANYTHING, ANYTHING)
def test_any_text_can_be_read_back(name: str, label: str) -> None:
    entry = made(
        display_name=name,
        sectors=[{"slug": "s", "label": label, "matched": True}],
        why=[name, label],
    )
    read = feeds.atom(feed.atom(replace(FEED, title=f"« {name} »", entries=(entry,))))
    assert read.title == f"« {readable(name)} »"
    assert read.titles == [f"{readable(name)} – EA, Nantes (44)"]
    assert readable(label) in read.entries[0][3]


def readable(text: str) -> str:
    """Without controls, halves of characters and the two that XML refuses; ends of lines as XML
    reads them.
    """
    kept = (one for one in text if one in "\t\n\r" or unicodedata.category(one) not in {"Cc", "Cs"})
    return (
        "".join(one for one in kept if one not in "\ufffe\uffff")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://achats.example/x", "achats.example"),
        ("http://Achats.example:80", "achats.example"),
        ("", "localhost"),
    ],
)
def test_a_tag_names_the_host_alone(base: str, host: str) -> None:
    assert feed.tag(base, "x") == f"tag:{host},2026:x"
