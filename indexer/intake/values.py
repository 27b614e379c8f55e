"""Single values of any file, read as people write them, SIREN and SIRET numbers among them. Pure
functions.
"""

import re
from datetime import date
from typing import Any

LA_POSTE = "356000000"

_DOUBLED = {str(digit): 2 * digit - (9 if digit > 4 else 0) for digit in range(10)}


def luhn(digits: str) -> bool:
    """Whether the digits satisfy Luhn's formula (ISO/IEC 7812-1, annex B), as SIREN and SIRET do."""
    return (sum(map(int, digits[::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))) % 10 == 0


def is_siret(siret: str) -> bool:
    """Whether a text is a SIRET: 14 digits with a valid check digit. La Poste's establishments
    outgrew the formula: their digits add up to a multiple of five instead (Insee's stated exception
    for SIREN 356 000 000).
    """
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if luhn(siret):
        return True
    return siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0


def bare(text: str) -> str:
    """A number as people write it, without its spaces, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", text)


_TRUE = frozenset({"true", "1", "oui", "yes", "vrai", "o", "y"})
_FALSE = frozenset({"false", "0", "non", "no", "faux", "n"})
_NAF = re.compile(r"(\d{2})\.?(\d{2}) ?([A-Za-z])")


def empty(value: Any) -> bool:
    """Whether nothing is said: None or blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def decimal(value: Any) -> float:
    """A finite number; a text may have a decimal comma and spaces."""
    if isinstance(value, bool):
        raise ValueError("a flag is not a number")
    if isinstance(value, int | float):
        if not abs(value) <= 1e15:  # nor is NaN
            raise ValueError("not finite, or too large")
        return float(value)
    if isinstance(value, str):
        text = re.sub(r"[\s\u00a0\u202f']", "", value)
        if re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{1,30})?", text):
            return float(text.replace(",", "."))
    raise ValueError("not a number")


def whole(value: Any, least: int, most: int) -> int:
    """A whole number between the two, included; `12.0` is one, `12.5` is not."""
    number = decimal(value)
    if number != int(number) or not least <= number <= most:
        raise ValueError("not a whole number in range")
    return int(number)


def flag(value: Any) -> bool:
    """A yes or no: true/false, 1/0, oui/non, yes/no, vrai/faux. Raises ValueError for anything
    else.
    """
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("not a flag")


def day(value: Any, latest: date) -> date:
    """An ISO date (a time after it is let go) or 31/12/2025; not after `latest`."""
    text = value.strip() if isinstance(value, str) else ""
    if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", text):
        found = date(int(iso[1]), int(iso[2]), int(iso[3]))
    elif french := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text):
        found = date(int(french[3]), int(french[2]), int(french[1]))
    else:
        raise ValueError("not a date")
    if found > latest:
        raise ValueError("in the future")
    return found


def naf(value: Any) -> str:
    """A NAF class and its letter, with its point: `5621Z` → `56.21Z`."""
    match = _NAF.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("not a NAF code")
    return f"{match[1]}.{match[2]}{match[3].upper()}"
