"""What a packed document row holds, and which columns the index keeps: shared by the writer and the
reader.

A packed row is a flat array of little-endian int32, so that all rows together decode in a few numpy
calls: a header of fixed size, then the sections whose lengths the header gives, in the order that
`pack` writes them. Strings stand as ids of the store's `terms` table; -1 means absent. A float64
takes two slots.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from discovery.engine import definition
from discovery.engine.definition import NAMES, VOCABULARY_SUFFIX
from discovery.model import dataclass
from discovery.model.attributes import FIELDS

FORMAT = f"{definition.FORMAT}-6"
"""Of the file: its last number is raised by what changes what follows."""

KEYWORDS = (*FIELDS.values(), "commune", "evidence_sectors")
"""Document fields kept as columns of codes, in the packed order."""
_BEHIND = 10 + len(KEYWORDS)

ABSENT = -(2**31)
"""A missing number in a packed row."""

NEVER = float("-inf")
"""A missing instant: before all others."""

LIVE, LOCATED = 1, 2
"""Bits of the header's flags."""

COUNTRY, RADIUS, PRESUMED, OTHER = 1, 2, 3, 0
"""Scopes as packed; `places` and `none` need no code of their own, their places say it all."""

TF_BITS = 20
"""A posting's second slot is field << TF_BITS | term frequency; of a shared text, how often the
document has it.
"""


class Header(IntEnum):
    """Slots of the packed header; the field lengths (tokens a text field) follow the last one."""

    FLAGS = 0
    COMPLETENESS = 1
    LEVEL = 2
    UPDATED = 3
    LAT = 4
    LON = 6
    LISTED = 8
    KEYWORDS = 10
    ACTIVITIES = _BEHIND
    SERVICES = _BEHIND + 1
    PLACES = _BEHIND + 2
    WITHIN = _BEHIND + 3
    POSTINGS = _BEHIND + 4
    SHARED = _BEHIND + 5
    NAME_WORDS = _BEHIND + 6
    WORDS = _BEHIND + 7
    LENGTHS = _BEHIND + 8


class Activity(IntEnum):
    """Slots of one packed activity; `SIZE` of them."""

    SECTOR = 0
    GROUP = 1
    SCOPE = 2
    RADIUS = 3
    LAT = 4
    LON = 6
    LOCATED = 8
    SERVICES = 9
    PLACES = 10
    WITHIN = 11
    SIZE = 12


@dataclass(frozen=True, slots=True)
class TextField:
    """A text field of the mapping with its analyzer and its BM25 parameters."""

    name: str
    analyzer: str
    k1: float = 1.2
    b: float = 0.75

    @property
    def shared(self) -> bool:
        """Whether its texts are the vocabulary's: the same for thousands of documents, so that a
        row holds their numbers (see `postings`) and not their words.
        """
        return self.name.endswith(VOCABULARY_SUFFIX) and self.name not in NAMES


def text_fields(definition: Mapping[str, Any]) -> tuple[TextField, ...]:
    """The text fields of an index definition (`mappings/suppliers.json`), in its order.

    Raises ValueError when a field names a similarity that the settings lack, or one that is not
    BM25.
    """
    similarities = definition.get("settings", {}).get("similarity", {})
    fields = []
    for name, mapping in definition["mappings"]["properties"].items():
        if mapping.get("type") != "text":
            continue
        similarity = mapping.get("similarity", "BM25")
        parameters = similarities.get(
            similarity, {"type": "BM25"} if similarity == "BM25" else None
        )
        if parameters is None or parameters.get("type") != "BM25":
            raise ValueError(
                f"mapping of {name}: similarity {similarity!r} is not a BM25 of settings.similarity; "
                "name one of those, or leave it out"
            )
        fields.append(
            TextField(
                name,
                mapping.get("analyzer", "standard"),
                float(parameters.get("k1", 1.2)),
                float(parameters.get("b", 0.75)),
            )
        )
    return tuple(fields)
