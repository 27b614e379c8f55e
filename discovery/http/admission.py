"""`key=`: who a keyed request is for. An unknown key or another site's origin is refused; no key is welcome."""

from __future__ import annotations

from flask import Flask, Response, g, request

from discovery.engine.port import Filters
from discovery.http.key_file import KeyRing
from discovery.http.keys import Key
from discovery.http.policy import policy_of
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.search.query import InvalidQuery, Problem

SHOWN = 60
"""Characters of an origin that are given back."""


def install(app: Flask, ring: KeyRing) -> None:
    """Let requests under the API name their key, and refuse those whose key is not theirs."""

    def admit() -> None:
        if request.method != "OPTIONS" and policy_of(request.path).keyed:
            g.key = admitted(ring)

    app.extensions["discovery-keys"] = ring
    app.before_request(admit)
    app.after_request(_vary)


def admitted(ring: KeyRing) -> Key | None:
    """The request's key; None when it names none. Refused for a key that does not serve here."""
    tokens = {token.strip() for token in request.args.getlist("key") if token.strip()}
    if not tokens:
        return None
    if len(tokens) > 1:
        raise InvalidQuery((Problem("key", "", "given_twice", {"parameter": "key"}),))
    key = ring.find(tokens.pop())
    if key is None:
        raise Refused(Details("unknown_key"))
    note(key=key.name)
    origin = request.headers.get("Origin", "")
    if not key.allows(origin):
        raise Refused(Details("wrong_origin", {"origin": origin[:SHOWN]}))
    return key


def current_key() -> Key | None:
    """The key that this request was made with; None without one."""
    found: Key | None = g.get("key")
    return found


def scope() -> tuple[Filters, ...]:
    """The suppliers that this request may find: those of its key's presets, all without a key."""
    key = current_key()
    return (key.scope,) if key and key.presets else ()


def _vary(response: Response) -> Response:
    """Whether a keyed request is answered depends on who asks: a shared cache must know."""
    if policy_of(request.path).keyed and request.args.get("key"):
        response.vary.add("Origin")
    return response
