"""E-mail addresses that alerts are sent to. Pure."""

import re

MAX_LENGTH = 254
"""Characters of an address (RFC 5321: a path of 256 with its brackets)."""

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?P<local>{_LOCAL})@(?P<domain>(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9])"
)


def parsed(text: str) -> str | None:
    """The address, blanks around it taken off and its domain in small letters; None when it is none
    that we write to.

    One address of ASCII letters, without a name, quotes, comments or a literal host: nothing in it
    ends a line or begins another header, and every server takes it.
    """
    text = text.strip(" \t")
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > MAX_LENGTH or len(found["local"]) > 64:
        return None
    return f"{found['local']}@{found['domain'].lower()}"


def key(address: str) -> str:
    """What limits count an address by: `Ann+x@mail.example` and `ann@mail.example` are one mailbox
    with most providers.
    """
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}".lower()


def masked(address: str) -> str:
    """An address as terminals show it: `a…@mail.example`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
