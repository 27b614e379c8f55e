"""What intake has to say about a row, and gathering it: every fault of a row is found, not only the first."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from indexer.intake.limits import REPORTED_VALUE


class Code(StrEnum):
    """Each has its reason and remedy in `locales/{fr,en}/intake.yaml`."""

    # Rejections
    NOT_AN_OBJECT = "not_an_object"
    CELLS = "cells"
    MISSING = "missing"
    ID_INVALID = "id_invalid"
    ID_IMPOSSIBLE = "id_impossible"
    ID_REPEATED = "id_repeated"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_PLACE = "unknown_place"
    PLACE_MISSING = "place_missing"
    PLACE_NOT_FOUND = "place_not_found"
    NOT_A_LIST = "not_a_list"
    NOT_A_TEXT = "not_a_text"
    NOT_A_BLOCK = "not_a_block"
    ZONE_RADIUS = "zone_radius"
    ZONE_PLACES = "zone_places"
    TOO_MANY_PLACES = "too_many_places"
    # Warnings
    CAPITALS = "capitals"
    SIRET_CHECKSUM = "siret_checksum"
    SIRET_INVALID = "siret_invalid"
    SIRET_ZERO = "siret_zero"
    SIRET_REPEATED = "siret_repeated"
    ROW_REPEATED = "row_repeated"
    POST_CODE_UNKNOWN = "post_code_unknown"
    POST_CODE_CONTRADICTS = "post_code_contradicts"
    CITY_UNKNOWN = "city_unknown"
    CITY_CORRECTED = "city_corrected"
    COMMUNE_UNKNOWN = "commune_unknown"
    COMMUNE_OF_POINT = "commune_of_point"
    POINT_FAR = "point_far"
    POINT_INVALID = "point_invalid"
    VALUE_IGNORED = "value_ignored"
    WEBSITE_INVALID = "website_invalid"
    HTML_REMOVED = "html_removed"
    TEXT_CUT = "text_cut"
    LIST_CUT = "list_cut"
    SERVICE_TYPE_MISSING = "service_type_missing"
    HIDDEN_KIND = "hidden_kind"
    UNKNOWN_FIELD = "unknown_field"
    RELISTED = "relisted"


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
