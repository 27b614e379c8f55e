"""A file as it is served: its content, and the same packed once."""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384


@dataclass(frozen=True, slots=True)
class File:
    """`packed`: the content in gzip, made once, as well as it can be."""

    content: bytes
    mimetype: str
    packed: bytes

    @property
    def integrity(self) -> str:
        """The hash for an `integrity` attribute: SHA-384 in Base64."""
        return "sha384-" + b64encode(sha384(self.content).digest()).decode()


def file(content: bytes | str, mimetype: str = "text/javascript") -> File:
    """A file of this content, packed once."""
    body = content.encode() if isinstance(content, str) else content
    return File(body, mimetype, gzip.compress(body, 9, mtime=0))
