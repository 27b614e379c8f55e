"""NUTS codes of France (2021), by which notices say where: departments, and regions. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_DEPARTMENTS: Mapping[str, str] = {
    "FR10": "75 77 78 91 92 93 94 95",
    "FRB0": "18 28 36 37 41 45",
    "FRC1": "21 58 71 89",
    "FRC2": "25 39 70 90",
    "FRD1": "14 50 61",
    "FRD2": "27 76",
    "FRE1": "59 62",
    "FRE2": "02 60 80",
    "FRF1": "67 68",
    "FRF2": "08 10 51 52",
    "FRF3": "54 55 57 88",
    "FRG0": "44 49 53 72 85",
    "FRH0": "22 29 35 56",
    "FRI1": "24 33 40 47 64",
    "FRI2": "19 23 87",
    "FRI3": "16 17 79 86",
    "FRJ1": "11 30 34 48 66",
    "FRJ2": "09 12 31 32 46 65 81 82",
    "FRK1": "03 15 43 63",
    "FRK2": "01 07 26 38 42 69 73 74",
    "FRL0": "04 05 06 13 83 84",
    "FRM0": "2A 2B",
}
"""A former region (the second level) → its departments, which the third level numbers from 1 in this order."""

_REGIONS: Mapping[str, str] = {
    **{"FR1": "11", "FRB": "24", "FRC": "27", "FRD": "28", "FRE": "32", "FRF": "44", "FRG": "52", "FRH": "53"},
    **{"FRI": "75", "FRJ": "76", "FRK": "84", "FRL": "93", "FRM": "94"},
}

PLACES: Mapping[str, str] = {
    **{code: f"region:{region}" for code, region in _REGIONS.items()},
    **{
        f"{code}{at}": f"department:{department}"
        for code, departments in _DEPARTMENTS.items()
        for at, department in enumerate(departments.split(), 1)
    },
    **{f"FRY{at}0": f"department:97{end}" for at, end in enumerate("12346", 1)},
}
"""A code → its place."""


def place(code: str) -> str:
    """The place of a code. A former region is told as that of today, which holds it; "" = France, or no such code."""
    code = code.strip().upper()
    if code in _DEPARTMENTS:
        code = code[:3]
    if len(code) == len("FRY1") and code.startswith("FRY"):
        code = f"{code}0"
    return PLACES.get(code, "")
