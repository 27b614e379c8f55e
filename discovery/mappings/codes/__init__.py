"""Codes of other classifications (CPV, NAF, ROME): read as people write them, named, and translated into sectors."""

import re
from dataclasses import dataclass

from discovery.mappings.codes.cpv import cpv_code, cpv_label
from discovery.mappings.crosswalk import NAF, ROME, Classification, Codes, Meaning
from discovery.mappings.vocabulary import Lang, Vocabulary

_NAF = re.compile(rf"(?:(?:NAF|APE)[\s:]*)?(?P<code>{NAF})", re.IGNORECASE)
_ROME = re.compile(rf"(?:ROME[\s:]*)?(?P<code>{ROME})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one classification.

    `code`: digits of a CPV code or of its beginning, without zeros of the tree cut; "8121Z"; "K2204".
    """

    classification: Classification
    code: str


def read_code(typed: str) -> Code | None:
    """The code that a text is: "90910000-9", "CPV 9091", "9091*", "81.21Z", "K2204"; None for what is no code of the
    three.

    Eight digits are a CPV code only if CPV 2008 has it, and fewer only when said to be one ("CPV", "*"): a number
    that merely looks like a code is not read as one.
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


def code_label(classification: Classification, code: str, vocabulary: Vocabulary, lang: Lang = "fr") -> str:
    """What a code is called; "" where nobody wrote it down."""
    if classification == "cpv":
        return cpv_label(code, lang)
    registered = vocabulary.naf.get(code) if classification == "naf" else None
    return registered.label(lang) if registered else ""


def meaning_of(classification: Classification, code: str, codes: Codes, vocabulary: Vocabulary) -> Meaning | None:
    """What a code that exists means, as `Codes.meaning`; eight digits that CPV 2008 does not have are a date or a
    number."""
    if classification == "cpv" and not cpv_label(code):
        return None
    return codes.meaning(classification, code, vocabulary)
