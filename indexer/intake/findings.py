"""What intake has to say about a row, and gathering it: every fault of a row is found, not only the
first.
"""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from discovery.model import dataclass
from indexer.intake.limits import REPORTED_VALUE

Code = StrEnum(
    "Code",
    """
    NOT_AN_OBJECT CELLS MISSING ID_INVALID ID_IMPOSSIBLE ID_REPEATED UNKNOWN_VALUE UNKNOWN_PLACE PLACE_MISSING
    PLACE_NOT_FOUND NOT_A_LIST NOT_A_TEXT NOT_A_BLOCK ZONE_RADIUS ZONE_PLACES TOO_MANY_PLACES
    CAPITALS SIRET_CHECKSUM SIRET_INVALID SIRET_ZERO SIRET_REPEATED ROW_REPEATED POST_CODE_UNKNOWN
    POST_CODE_CONTRADICTS CITY_UNKNOWN CITY_CORRECTED COMMUNE_UNKNOWN COMMUNE_OF_POINT POINT_FAR POINT_INVALID
    VALUE_IGNORED WEBSITE_INVALID HTML_REMOVED TEXT_CUT LIST_CUT SERVICE_TYPE_MISSING HIDDEN_KIND UNKNOWN_FIELD
    RELISTED
    """,
)
"""Rejections, then warnings. Each has its reason and remedy in `locales/{fr,en}/intake.yaml`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `details` fill the message's places; `value` is as read, cut for the report."""

    code: Code
    field: str = ""
    value: str = ""
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """The remarks on one row. A row with any rejection is not written."""

    rejections: list[Finding] = dataclasses.field(default_factory=list)
    warnings: list[Finding] = dataclasses.field(default_factory=list)

    def reject(self, code: Code, name: str = "", value: Any = "", **details: str) -> None:
        """Note a fault for which the row can't be taken. `name`: the field."""
        self.rejections.append(Finding(code, name, shown(value), details))

    def miss(self, name: str, code: Code = Code.MISSING) -> None:
        """Reject for want of a field, unless what it holds was already rejected."""
        if all(each.field != name for each in self.rejections):
            self.reject(code, name)

    def warn(self, code: Code, name: str = "", value: Any = "", **details: str) -> None:
        """Note something worth saying about a row that is taken. `name`: the field."""
        self.warnings.append(Finding(code, name, shown(value), details))


def shown(value: Any) -> str:
    """A value as a report repeats it: one line, printable, cut."""
    text = value if isinstance(value, str) else str(value)
    text = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * REPORTED_VALUE])
    text = " ".join(text.split())
    return text if len(text) <= REPORTED_VALUE else text[: REPORTED_VALUE - 1] + "…"
