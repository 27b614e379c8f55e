"""Whose turn it is among equals: a share of each supplier, drawn from its id and the search's seed. Pure.

`String.hashCode` of Java, which Elasticsearch's scripts have too, stirred with the seed so that another seed gives
another order.
"""

from __future__ import annotations

import struct

FIRST, SECOND = 2_246_822_519, 3_266_489_917
"""xxHash's primes."""
MASK = 0xFFFF_FFFF


def hashed(id_: str) -> int:
    """Java's hash of a text, as 32 bits without a sign."""
    units = id_.encode("utf-16-le", "surrogatepass")
    value = 0
    for unit in struct.unpack(f"<{len(units) // 2}H", units):
        value = value * 31 + unit & MASK
    return value


def share(hash_: int, seed: int) -> float:
    """0 to 1, excluded. `seed`: 32 bits."""
    mixed = (hash_ ^ seed) * FIRST & MASK
    mixed = (mixed ^ mixed >> 15) * SECOND & MASK
    return (mixed ^ mixed >> 13) / (MASK + 1)


SCRIPT = (
    f"long h = ((long) (doc['id'].value.hashCode() ^ params.seed) & {MASK}L) * {FIRST}L & {MASK}L; "
    f"h = (h ^ (h >>> 15)) * {SECOND}L & {MASK}L; "
    f"return params.weight * (h ^ (h >>> 13)) / {MASK + 1}.0;"
)
"""The same in Painless."""
