"""What an index is built from: its body with the analysts' files inlined, its analysis, and their
fingerprint.
"""

import copy
import hashlib
import json
from typing import Any

from discovery.engine.analysis import Analysis, AnalysisError, inline_paths
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Mappings, MappingsError, Problem
from discovery.mappings.files import file_of
from discovery.model import dataclass
from discovery.model.attributes import FIELDS

DOCUMENT_FORMAT = 3
"""Raised here and in `suppliers.json` (`_meta.format`) by the commit that changes what the document
builder writes.
"""

FORMAT = f"{DOCUMENT_FORMAT}-{hashlib.sha256(' '.join(FIELDS.values()).encode()).hexdigest()[:8]}"
"""Of documents, attributes included. An engine's pointer to the index that serves names it: a
version of another format finds none there, and leaves this one alone (decision 27).
"""

NAMES = ("name", "brand")
"""The text fields whose words complete what is typed."""

_ATTRIBUTES = frozenset(FIELDS.values())

VOCABULARY_SUFFIX = "_terms"
"""Fields so named are made of the vocabulary's names: few texts, held by many suppliers, worth
remembering.
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """What an index is built from.

    `body` creates the index as it is; `fingerprint` changes with whatever makes a rebuild
    necessary.
    """

    body: dict[str, Any]
    analysis: Analysis
    fingerprint: str


class ForeignFormatError(EngineUnavailable):
    """An index made by a version of another format."""

    def __init__(self, index: str) -> None:
        super().__init__(
            f"{index} is of another format than this version's ({FORMAT}): bring back the version that made it, which "
            "still finds it, or run `indexer rebuild` for one of this format"
        )


def define(mappings: Mappings) -> Definition:
    """Read the files that `suppliers.json` names. Raises MappingsError when they make no analysis."""
    file = file_of(mappings.path, "suppliers.json")
    body = copy.deepcopy(mappings.index)
    declared = body["mappings"].get("_meta", {}).get("format")
    if declared != DOCUMENT_FORMAT:
        said = f"mappings._meta.format is {declared}, this version writes documents of format {DOCUMENT_FORMAT}"
        raise MappingsError(
            [
                Problem(
                    file, 0, said, f"take over the package's file, then set it to {DOCUMENT_FORMAT}"
                )
            ]
        )

    def read(path: str) -> str:
        try:
            return file_of(mappings.path, path).read_text(encoding="utf-8")
        except OSError as error:
            raise AnalysisError(f"{path}: can't be read ({error.strerror})") from None

    try:
        body["settings"]["analysis"] = inline_paths(body["settings"]["analysis"], read)
        analysis = Analysis.from_settings(body["settings"]["analysis"])
    except AnalysisError as error:
        raise MappingsError([Problem(file, 0, str(error))]) from None
    canonical = json.dumps(
        [mappings.vocabulary_fingerprint, body], sort_keys=True, ensure_ascii=False
    )
    return Definition(body, analysis, hashlib.sha256(canonical.encode()).hexdigest()[:16])


def stored(index: str, body: dict[str, Any], fingerprint: str) -> Definition:
    """The definition that an existing index carries: it is written and queried with that, whatever
    files say. Raises ForeignFormatError.
    """
    mappings = body["mappings"]
    if (
        mappings.get("_meta", {}).get("format") != DOCUMENT_FORMAT
        or not mappings["properties"].keys() >= _ATTRIBUTES
    ):
        raise ForeignFormatError(index)
    return Definition(body, Analysis.from_settings(body["settings"]["analysis"]), fingerprint)
