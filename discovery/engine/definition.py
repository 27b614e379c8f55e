"""What an index is built from: its body with the analysts' files inlined, its analysis, and their fingerprint."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from discovery.config import Mappings, MappingsError, Problem
from discovery.engine.analysis import Analysis, AnalysisError, inline_paths

DOCUMENT_FORMAT = 1
"""Bumped here and in `suppliers.json` (`_meta.format`) by the commit that changes what the document builder writes:
an index of another format is neither read nor written, only rebuilt."""


@dataclass(frozen=True, slots=True)
class Definition:
    """`body` creates the index as it is; `fingerprint` changes with whatever makes a rebuild necessary."""

    body: dict[str, Any]
    analysis: Analysis
    fingerprint: str


def define(mappings: Mappings) -> Definition:
    """Read the files that `suppliers.json` names. MappingsError when they make no analysis."""
    file = mappings.path / "suppliers.json"
    body = copy.deepcopy(mappings.index)
    if format_of(body) != DOCUMENT_FORMAT:
        said = f"mappings._meta.format is {format_of(body)}, this version writes documents of format {DOCUMENT_FORMAT}"
        raise MappingsError([Problem(file, 0, said, f"take over the package's file, then set it to {DOCUMENT_FORMAT}")])

    def read(path: str) -> str:
        try:
            return (mappings.path / path).read_text(encoding="utf-8")
        except OSError as error:
            raise AnalysisError(f"{path}: can't be read ({error.strerror})") from None

    try:
        body["settings"]["analysis"] = inline_paths(body["settings"]["analysis"], read)
        analysis = Analysis.from_settings(body["settings"]["analysis"])
    except AnalysisError as error:
        raise MappingsError([Problem(file, 0, str(error))]) from None
    canonical = json.dumps([mappings.vocabulary_fingerprint, body], sort_keys=True, ensure_ascii=False)
    return Definition(body, analysis, hashlib.sha256(canonical.encode()).hexdigest()[:16])


def stored(body: dict[str, Any], fingerprint: str) -> Definition:
    """The definition that an existing index carries: it is written and queried with that, whatever files say."""
    return Definition(body, Analysis.from_settings(body["settings"]["analysis"]), fingerprint)


def format_of(body: dict[str, Any]) -> int | None:
    """The document format that an index body declares."""
    found = body.get("mappings", {}).get("_meta", {}).get("format")
    return found if isinstance(found, int) else None
