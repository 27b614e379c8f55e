"""What the lists of codes that suppliers hold (certifications, networks…) are called above their values."""

from __future__ import annotations

from discovery.locales import has
from discovery.schema.attributes import Attribute


def title_key(family: str, one: Attribute) -> str:
    """Key of an attribute's title in a family of texts, such as `supplier`; of its facet's, where it has none there."""
    own = f"{family}.{one.field}"
    return own if has(own) else f"label.facet.{one.name}"
