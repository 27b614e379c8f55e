"""SIREN and SIRET numbers: their check digit."""

from __future__ import annotations

import re

LA_POSTE = "356000000"
_PLAIN = {str(digit): digit for digit in range(10)}
_DOUBLED = {str(digit): 2 * digit - (9 if digit > 4 else 0) for digit in range(10)}
_SPACES = re.compile(r"[\s.\-]")


def luhn(digits: str) -> bool:
    """Whether the digits satisfy Luhn's formula (ISO/IEC 7812-1, annex B), as SIREN and SIRET do."""
    return _weighted_sum(digits) % 10 == 0


def luhn_digit(digits: str) -> str:
    """The digit that, put behind `digits`, makes them valid."""
    return str(-_weighted_sum(digits + "0") % 10)


def _weighted_sum(digits: str) -> int:
    return sum(map(_PLAIN.__getitem__, digits[::-2])) + sum(map(_DOUBLED.__getitem__, digits[-2::-2]))


def is_siret(siret: str) -> bool:
    """Whether a text is a SIRET: 14 digits with a valid check digit. La Poste's establishments outgrew the formula:
    their digits add up to a multiple of five instead (Insee's stated exception for SIREN 356 000 000)."""
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if luhn(siret):
        return True
    return siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0


def bare(text: str) -> str:
    """A number as people write it, without its spaces, dots and hyphens."""
    return _SPACES.sub("", text)
