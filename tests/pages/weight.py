"""What a first view loads, as a browser without a cache asks for it: the page, its styles and
scripts, none of the map.

Scripts that a module imports on demand are not of a first view; those that it imports at once are.
"""

import re
from dataclasses import dataclass, field
from posixpath import dirname, normpath

from flask.testing import FlaskClient

GOAL = 100_000
"""Bytes, compressed."""

_TAGS = re.compile(r"<(link|script|img)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_IMPORT = re.compile(r'^\s*import\s[^()]*?["\'](\.[^"\']+)["\'];?$', re.MULTILINE)
_LOADED_LINKS = frozenset({"stylesheet", "icon", "modulepreload", "preload"})


@dataclass
class View:
    """`bytes_of`: address → compressed bytes; `elsewhere`: addresses of other hosts that the page
    would load.
    """

    html: str
    bytes_of: dict[str, int] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.bytes_of.values())


def first_view(client: FlaskClient, address: str) -> View:
    text, size = loaded(client, address)
    view = View(text, {address: size})
    for file in files(text):
        follow(client, file, view)
    return view


def files(html: str) -> list[str]:
    """Addresses of what the page's tags load."""
    found = []
    for tag, attributes in _TAGS.findall(html):
        held = dict(_ATTRIBUTE.findall(attributes))
        if tag != "link":
            found.append(held.get("src", ""))
        elif held.get("rel") in _LOADED_LINKS:
            found.append(held["href"])
    return [one for one in found if one]


def follow(client: FlaskClient, address: str, view: View) -> None:
    """The file, and what it imports at once."""
    if re.match(r"(\w+:)?//", address):
        view.elsewhere.append(address)
    elif address not in view.bytes_of:
        text, view.bytes_of[address] = loaded(client, address)
        for imported in imports(text) if address.endswith(".js") else ():
            follow(client, normpath(f"{dirname(address)}/{imported}"), view)


def imports(script: str) -> list[str]:
    return _IMPORT.findall(script)


def loaded(client: FlaskClient, address: str) -> tuple[str, int]:
    """(its text, the bytes that travel)."""
    plain = client.get(address)
    assert plain.status_code == 200, address
    return plain.text, len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)
