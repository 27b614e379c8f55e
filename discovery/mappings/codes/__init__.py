"""Codes of other classifications (CPV, NAF, ROME): read as people write them, named, and translated into sectors."""

from discovery.mappings.codes.codes import Code, bare, code_label, meaning_of, read_code
from discovery.mappings.codes.cpv import cpv_code, cpv_codes_of_cell, cpv_label, cut_cpv_codes

__all__ = [
    "Code",
    "bare",
    "code_label",
    "cpv_code",
    "cpv_codes_of_cell",
    "cpv_label",
    "cut_cpv_codes",
    "meaning_of",
    "read_code",
]
