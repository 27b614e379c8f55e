"""Codes of other classifications (CPV, NAF, ROME): read as people write them, named, and translated
into sectors.

Of CPV eight digits, with or without check digit, are a code that CPV 2008 has; fewer, the beginning
of one, where they are said to be ("CPV 9091", "9091*", a column of codes). Seven digits have lost
the zero before them where that makes a code: spreadsheets drop it.
"""

import gzip
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from discovery.mappings.crosswalk import (
    CPV,
    CPV_CHECK,
    CPV_DIGITS,
    CPV_START,
    NAF,
    ROME,
    Classification,
    Codes,
    Meaning,
)
from discovery.mappings.vocabulary import Lang, Vocabulary
from discovery.model import dataclass


@cache
def cpv_codes() -> Mapping[str, tuple[str, str]]:
    """Code of eight digits → (French label, English label), in the order of the codes."""
    rows = (
        gzip.decompress((files("discovery.mappings.codes") / "data" / "cpv.tsv.gz").read_bytes())
        .decode()
        .splitlines()
    )
    return {
        code: (french, english) for code, french, english in (row.split("\t") for row in rows[1:])
    }


def cpv_label(digits: str, lang: str = "fr") -> str:
    """What a code, or the first digits of one, is called; "" for a code that CPV 2008 does not
    have.

    A prefix is named as the code that ends on zeros is: "9091" as 90910000.
    """
    labels = cpv_codes().get(digits.ljust(CPV_DIGITS, "0"))
    return labels[lang == "en"] if labels else ""


_SIGN = r"CPV[\s:n°]*"
_ONE = re.compile(
    rf"(?P<sign>{_SIGN})?(?:(?P<whole>{CPV})(?:{CPV_CHECK})?|(?P<start>{CPV_START})(?P<star>\*)?)",
    re.IGNORECASE,
)
_IN_CELL = re.compile(rf"(?<!\d)({CPV})(?:{CPV_CHECK})?(?!\d)")
IN_TEXT = rf"(?<![\w.,-])({CPV})(?:-\d)?(?![\w-]|\s?(?:€|euros?\b))"
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
    """Parse a CPV code: its digits, or None if `text` is not one. Whether CPV 2008 has it is left
    to `cpv_label`. `said`: that it is a code is known from where it stands, so that some digits are
    enough.
    """
    match = _ONE.fullmatch(text.strip())
    if match is None:
        return None
    if match["whole"]:
        return match["whole"]
    return regained(match["start"]) if said or match["sign"] or match["star"] else None


def cpv_codes_of_cell(cell: str) -> tuple[tuple[str, ...], str]:
    """(codes of CPV 2008, each once; what looks like one and is none, "" = nothing does):
    "90910000-9 ; 77310000", "90910000 Nettoyage", "9091".
    """
    whole = list(dict.fromkeys(_IN_CELL.findall(cell)))
    if not whole:
        code = cpv_code(cell, said=True)
        whole = [code] if code else []
    known = tuple(code for code in whole if cpv_label(code))
    return known, ", ".join(code for code in whole if code not in known)


def cut_cpv_codes(text: str) -> tuple[str, tuple[str, ...]]:
    """(a sentence without its codes, the codes, each once). After "CPV" they need not be codes of
    CPV 2008: whoever wrote so is told that there is no such code.
    """
    found: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        several, start, alone = match["several"], match["start"], match[3]
        if alone and not cpv_label(alone):
            return match[0]
        found.update(
            (code, None)
            for code in ([regained(start)] if start else re.findall(CPV, several or alone))
        )
        return " "

    left = _SAID.sub(take, text)
    return left, tuple(found)


def regained(digits: str) -> str:
    """Digits said to be a code, with the zero that seven of them may have lost."""
    with_zero = f"0{digits}"
    return with_zero if len(with_zero) == CPV_DIGITS and cpv_label(with_zero) else digits


_NAF = re.compile(rf"(?:(?:NAF|APE)[\s:]*)?(?P<code>{NAF})", re.IGNORECASE)
_ROME = re.compile(rf"(?:ROME[\s:]*)?(?P<code>{ROME})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one classification.

    `code`: digits of a CPV code or of its beginning, without zeros of the tree cut; "8121Z";
    "K2204".
    """

    classification: Classification
    code: str


def read_code(typed: str) -> Code | None:
    """The code that a text is: "90910000-9", "CPV 9091", "9091*", "81.21Z", "K2204"; None for what
    is no code of the three.

    Eight digits are a CPV code only if CPV 2008 has it, and fewer only when said to be one ("CPV",
    "*"): a number that merely looks like a code is not read as one.
    """
    text = typed.strip()
    if cpv := cpv_code(text):
        return Code("cpv", cpv) if cpv_label(cpv) else None
    if match := _NAF.fullmatch(text):
        return Code("naf", bare(match["code"]))
    if match := _ROME.fullmatch(text):
        return Code("rome", bare(match["code"]))
    return None


def bare(typed: str) -> str:
    """A code as it is kept: without its dot, in capitals."""
    return typed.replace(".", "").upper()


def code_label(
    classification: Classification, code: str, vocabulary: Vocabulary, lang: Lang = "fr"
) -> str:
    """What a code is called; "" where nobody wrote it down."""
    if classification == "cpv":
        return cpv_label(code, lang)
    registered = vocabulary.naf.get(code) if classification == "naf" else None
    return registered.label(lang) if registered else ""


def meaning_of(
    classification: Classification, code: str, codes: Codes, vocabulary: Vocabulary
) -> Meaning | None:
    """What a code that exists means, as `Codes.meaning`; eight digits that CPV 2008 does not have
    are a date or a number.
    """
    if classification == "cpv" and not cpv_label(code):
        return None
    return codes.meaning(classification, code, vocabulary)
