"""The labels of CPV 2008, read when first asked for: `data/cpv.tsv.gz`, made by scripts/build_crosswalk."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from discovery.config.crosswalk import CPV_DIGITS


@cache
def cpv_codes() -> Mapping[str, tuple[str, str]]:
    """Code of eight digits → (French label, English label), in the order of the codes."""
    rows = gzip.decompress((files("discovery.crosswalk") / "data" / "cpv.tsv.gz").read_bytes()).decode().splitlines()
    return {code: (french, english) for code, french, english in (row.split("\t") for row in rows[1:])}


def cpv_label(digits: str, lang: str = "fr") -> str:
    """What a code, or the first digits of one, is called; "" for a code that CPV 2008 does not have.

    A prefix is named as the code that ends on zeros is: "9091" as 90910000.
    """
    labels = cpv_codes().get(digits.ljust(CPV_DIGITS, "0"))
    return labels[lang == "en"] if labels else ""
