"""CPV codes as a cell holds them. Pure, but for the table of codes."""

from __future__ import annotations

import re

from discovery.crosswalk import cpv_label

_WHOLE = re.compile(r"(?<!\d)(\d{8})(?:\s?-\s?\d)?(?!\d)")
_START = re.compile(r"(?:CPV[\s:n°]*)?(\d{2,7})\*?", re.IGNORECASE)


def cpv_codes(cell: str) -> tuple[tuple[str, ...], str]:
    """(codes of CPV 2008 as digits, each once; what looks like one and is none, "" = nothing does).

    "90910000-9 ; 77310000", "90910000 Nettoyage", "9091". A number of seven digits has lost the zero before it where
    that makes a code: spreadsheets drop it.
    """
    whole = list(dict.fromkeys(_WHOLE.findall(cell)))
    if whole:
        unknown = [code for code in whole if not cpv_label(code)]
        return tuple(code for code in whole if code not in unknown), ", ".join(unknown)
    start = _START.fullmatch(cell.strip())
    if start is None:
        return (), ""
    code = start[1]
    if len(code) == 7 and cpv_label(f"0{code}"):
        return (f"0{code}",), ""
    return ((code,), "") if cpv_label(code) else ((), code)
