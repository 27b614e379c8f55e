"""Cursors as texts that only this service can write."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import structlog
from itsdangerous import BadData, URLSafeSerializer

from discovery.mappings import SettingsError
from discovery.search.query import Cursor

FORM = "cursor-1"
"""Of the contents: another form does not read this one's."""


class Cursors:
    """Seals cursors, and opens those that it sealed.

    `secret` is asked for when the first cursor is read or written: it may have to be made.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def write(self, cursor: Cursor) -> str:
        """The cursor's text; empty when there can be no secret (a home folder that can't be written to,
        a file that holds none)."""
        try:
            serializer = self._serializer
        except (OSError, SettingsError) as error:
            structlog.get_logger().warning("no secret to sign cursors with", reason=str(error))
            return ""
        return str(serializer.dumps([*cursor.position, cursor.relaxed, cursor.mark]))

    def read(self, text: str) -> Cursor | None:
        """The cursor of a text; None when this service has not written it."""
        try:
            key, id_, relaxed, mark = self._serializer.loads(text)
        except (BadData, OSError, SettingsError):
            return None
        return Cursor((key, id_), relaxed, mark)

    @cached_property
    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret(), salt=FORM)
