"""CPV codes as people write them → their digits: alone, in a cell, in a sentence. Pure, but for the table of codes.

Eight digits, with or without check digit, are a code that CPV 2008 has; fewer, the beginning of one, where they are
said to be ("CPV 9091", "9091*", a column of codes). Seven digits have lost the zero before them where that makes a
code: spreadsheets drop it.
"""

import gzip
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from discovery.mappings.crosswalk import CPV, CPV_CHECK, CPV_DIGITS, CPV_START


@cache
def cpv_codes() -> Mapping[str, tuple[str, str]]:
    """Code of eight digits → (French label, English label), in the order of the codes."""
    rows = (
        gzip.decompress((files("discovery.mappings.codes") / "data" / "cpv.tsv.gz").read_bytes()).decode().splitlines()
    )
    return {code: (french, english) for code, french, english in (row.split("\t") for row in rows[1:])}


def cpv_label(digits: str, lang: str = "fr") -> str:
    """What a code, or the first digits of one, is called; "" for a code that CPV 2008 does not have.

    A prefix is named as the code that ends on zeros is: "9091" as 90910000.
    """
    labels = cpv_codes().get(digits.ljust(CPV_DIGITS, "0"))
    return labels[lang == "en"] if labels else ""


_SIGN = r"CPV[\s:n°]*"
_ONE = re.compile(
    rf"(?P<sign>{_SIGN})?(?:(?P<whole>{CPV})(?:{CPV_CHECK})?|(?P<start>{CPV_START})(?P<star>\*)?)", re.IGNORECASE
)
_IN_CELL = re.compile(rf"(?<!\d)({CPV})(?:{CPV_CHECK})?(?!\d)")
IN_TEXT = rf"(?<![\w.,-])({CPV})(?:-\d)?(?![\w-])"
"""A whole code in a sentence: group 1 is its digits."""
START_IN_TEXT = rf"(?<=[\s:])({CPV_START})\*?(?![\w-])"
"""The beginning of one, where "CPV" stands before it."""
_SAID = re.compile(
    rf"(?:[(\[–—,-][ \t]*|(?<![ \t])[ \t]+)?(?:\bcodes?[ \t]+)?\bcpv\b[ \t:n°]*"
    rf"(?:(?P<several>{CPV}(?:-\d)?(?:[ \t]*(?:,|;|/|\bet\b)[ \t]*{CPV}(?:-\d)?)*)|(?P<start>{CPV_START})\*?(?![\w-]))"
    rf"[ \t]*[)\]]?|\(?{IN_TEXT}\)?",
    re.IGNORECASE,
)


def cpv_code(text: str, *, said: bool = False) -> str | None:
    """Parse a CPV code: its digits, or None if `text` is not one. Whether CPV 2008 has it is left to `cpv_label`.
    `said`: that it is a code is known from where it stands, so that some digits are enough."""
    match = _ONE.fullmatch(text.strip())
    if match is None:
        return None
    if match["whole"]:
        return match["whole"]
    return regained(match["start"]) if said or match["sign"] or match["star"] else None


def cpv_codes_of_cell(cell: str) -> tuple[tuple[str, ...], str]:
    """(codes of CPV 2008, each once; what looks like one and is none, "" = nothing does): "90910000-9 ; 77310000",
    "90910000 Nettoyage", "9091"."""
    whole = list(dict.fromkeys(_IN_CELL.findall(cell)))
    if not whole:
        code = cpv_code(cell, said=True)
        whole = [code] if code else []
    known = tuple(code for code in whole if cpv_label(code))
    return known, ", ".join(code for code in whole if code not in known)


def cut_cpv_codes(text: str) -> tuple[str, tuple[str, ...]]:
    """(a sentence without its codes, the codes, each once). After "CPV" they need not be codes of CPV 2008: whoever
    wrote so is told that there is no such code."""
    found: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        several, start, alone = match["several"], match["start"], match[3]
        if alone and not cpv_label(alone):
            return match[0]
        found.update((code, None) for code in ([regained(start)] if start else re.findall(CPV, several or alone)))
        return " "

    left = _SAID.sub(take, text)
    return left, tuple(found)


def regained(digits: str) -> str:
    """Digits said to be a code, with the zero that seven of them may have lost."""
    with_zero = f"0{digits}"
    return with_zero if len(with_zero) == CPV_DIGITS and cpv_label(with_zero) else digits
