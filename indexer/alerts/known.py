"""Which suppliers a follower knows of, in eight bytes each. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

SIZE = 8
"""Bytes of an id's digest: among 10,000 suppliers, one in 10^11 is taken for another."""


def digest(id_: str) -> bytes:
    """Eight bytes that stand for a supplier's id."""
    return blake2b(id_.encode(), digest_size=SIZE).digest()


def packed(digests: Iterable[bytes]) -> bytes:
    """Digests as the store keeps them: sorted, one behind the other."""
    return b"".join(sorted(set(digests)))


def unpacked(kept: bytes) -> set[bytes]:
    """The digests that the store keeps."""
    return {kept[at : at + SIZE] for at in range(0, len(kept), SIZE)}


def news(ids: Iterable[str], kept: bytes) -> list[str]:
    """The ids whose digests are not kept, in their order."""
    known = unpacked(kept)
    return [id_ for id_ in ids if digest(id_) not in known]


def learnt(kept: bytes, ids: Iterable[str]) -> bytes:
    """The digests kept and those of these ids. Nobody is forgotten: who leaves the search and comes back is not told
    twice."""
    return packed(unpacked(kept) | {digest(id_) for id_ in ids})
