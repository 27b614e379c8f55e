"""Signals of the ranking that a supplier's own document gives, whatever is asked: one field each.

Profiles and the engine's signals have these fields; each adds at most its weight to a score.
"""

from collections.abc import Mapping
from typing import Any

from discovery.model import dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the weight a document has: its number in `field`, of `full`. `full` 0: the field
    is a keyword (of `attributes.FIELDS`), and any value of it gives all of the weight.
    """

    field: str
    full: int = 0

    def of(self, document: Mapping[str, Any]) -> float:
        """The part of the weight that a document has, 0 to 1; 0 where the document does not tell."""
        value = document.get(self.field) or 0
        return value / self.full if self.full else float(bool(value))


def _share(name: str, full: int = 0) -> Any:
    return field(default=0.0, metadata={"share": Share(name, full)})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSignals:
    """The weight of each; 0 = it adds nothing."""

    completeness: float = _share("completeness", 100)
    certifications: float = _share("certification_level", 3)
    # The next one comes here: docs/howto/add-a-ranking-signal.md.

    def weights(self) -> dict[str, float]:
        """Signal → weight, of those that add something."""
        return {name: weight for name in SHARES if (weight := getattr(self, name))}


SHARES: Mapping[str, Share] = {one.name: one.metadata["share"] for one in fields(DocumentSignals)}
