"""NUTS codes of notices, read as places."""

from collections.abc import Mapping
from functools import cache

from discovery.places.table import read_rows


@cache
def nuts_places() -> Mapping[str, str]:
    """A NUTS code → its place. A former region is told as that of today, which holds it."""
    return dict(read_rows("nuts.tsv", ("code", "place")))


def place_of_nuts(code: str) -> str:
    """The place of a code; "" = France, or no such code."""
    return nuts_places().get(code.strip().upper(), "")
