"""Codes of other classifications (CPV, NAF, ROME): read as people write them, named, and translated into sectors."""

from discovery.crosswalk.codes import Code, bare, code_label, meaning_of, read_code
from discovery.crosswalk.labels import cpv_label

__all__ = ["Code", "bare", "code_label", "cpv_label", "meaning_of", "read_code"]
