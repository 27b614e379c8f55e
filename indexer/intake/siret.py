"""SIREN and SIRET numbers: their check digit."""

from __future__ import annotations

import re

LA_POSTE = "356000000"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_SPACES = re.compile(r"[\s.\-]")


def luhn(digits: str) -> bool:
    """Whether the digits satisfy Luhn's formula (ISO/IEC 7812-1, annex B), as SIREN and SIRET do."""
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[number] for number in numbers[1::2])) % 10 == 0


def luhn_digit(digits: str) -> str:
    """The digit that, put behind `digits`, makes them valid."""
    return next(last for last in "0123456789" if luhn(digits + last))


def is_siret(siret: str) -> bool:
    """14 digits with a valid check digit. La Poste's establishments outgrew the formula: their digits add up to a
    multiple of five instead (Insee's stated exception for SIREN 356 000 000)."""
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if luhn(siret):
        return True
    return siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0


def bare(text: str) -> str:
    """A number as people write it, without its spaces, dots and hyphens."""
    return _SPACES.sub("", text)
