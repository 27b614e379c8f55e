"""What an index is built from: its body with the analysts' files inlined, its analysis, and their fingerprint."""

import copy
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from discovery.engine.analysis import Analysis, AnalysisError, inline_paths
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Mappings, MappingsError, Problem
from discovery.mappings.files import file_of
from discovery.model import dataclass
from discovery.model.attributes import FIELDS

DOCUMENT_FORMAT = 3
"""Raised here and in `suppliers.json` (`_meta.format`) by the commit that changes what the document builder writes."""

FORMAT = f"{DOCUMENT_FORMAT}-{hashlib.sha256(' '.join(FIELDS.values()).encode()).hexdigest()[:8]}"
"""Of documents, attributes included. An engine's pointer to the index that serves names it: a version of another format
finds none there, and leaves this one alone (decision 27)."""

NAMES = ("name", "brand")
"""The text fields whose words complete what is typed."""

_ATTRIBUTES = frozenset(FIELDS.values())

VOCABULARY_SUFFIX = "_terms"
"""Fields so named are made of the vocabulary's names: few texts, held by many suppliers, worth remembering."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What an index is built from.

    `body` creates the index as it is; `fingerprint` changes with whatever makes a rebuild necessary.

    `base` changes with all of that but the fields of documents; empty where it is not known.
    """

    body: dict[str, Any]
    analysis: Analysis
    fingerprint: str
    base: str = ""


class ForeignFormatError(EngineUnavailable):
    """An index made by a version of another format."""

    def __init__(self, index: str) -> None:
        super().__init__(
            f"{index} is of another format than this version's ({FORMAT}): bring back the version that made it, which "
            "still finds it, or run `indexer rebuild` for one of this format"
        )


class Need(StrEnum):
    """What an index needs to become that of another definition. LIVE: only fields were added, of kinds that an index
    can take while it serves; the documents are then written again, in place."""

    NOTHING = "nothing"
    LIVE = "live"
    REBUILD = "rebuild"


def define(mappings: Mappings) -> Definition:
    """Read the files that `suppliers.json` names. Raises MappingsError when they make no analysis."""
    file = file_of(mappings.path, "suppliers.json")
    body = copy.deepcopy(mappings.index)
    declared = body["mappings"].get("_meta", {}).get("format")
    if declared != DOCUMENT_FORMAT:
        said = f"mappings._meta.format is {declared}, this version writes documents of format {DOCUMENT_FORMAT}"
        raise MappingsError([Problem(file, 0, said, f"take over the package's file, then set it to {DOCUMENT_FORMAT}")])

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
    without_fields = body | {"mappings": {key: value for key, value in body["mappings"].items() if key != "properties"}}
    vocabulary = mappings.vocabulary_fingerprint
    return Definition(body, analysis, _fingerprint([vocabulary, body]), _fingerprint([vocabulary, without_fields]))


def _fingerprint(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def stored(index: str, body: dict[str, Any], fingerprint: str, base: str = "") -> Definition:
    """The definition that an existing index carries: it is written and queried with that, whatever files say. Raises
    ForeignFormatError."""
    mappings = body["mappings"]
    if mappings.get("_meta", {}).get("format") != DOCUMENT_FORMAT or not mappings["properties"].keys() >= _ATTRIBUTES:
        raise ForeignFormatError(index)
    return Definition(body, Analysis.from_settings(body["settings"]["analysis"]), fingerprint, base)


def need(held: Definition, wanted: Definition) -> Need:
    """What an index made from `held` needs to become one of `wanted`. Pure."""
    if held.fingerprint == wanted.fingerprint:
        return Need.NOTHING
    if not held.base or held.base != wanted.base:
        return Need.REBUILD
    before, after = (one.body["mappings"]["properties"] for one in (held, wanted))
    return Need.LIVE if _only_adds(before, after) else Need.REBUILD


def _only_adds(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether every field of before is there as it was, and no new one is text: text is analysed, and its words are
    kept beside it, for the documents that are there already too."""
    if not before.keys() <= after.keys():
        return False
    if any(_is_text(after[name]) for name in after.keys() - before.keys()):
        return False
    return all(_same_or_wider(field, after[name]) for name, field in before.items())


def _same_or_wider(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    own, other = ({key: value for key, value in one.items() if key != "properties"} for one in (before, after))
    return own == other and _only_adds(before.get("properties", {}), after.get("properties", {}))


def _is_text(field: Mapping[str, Any]) -> bool:
    return field.get("type") == "text" or any(map(_is_text, field.get("properties", {}).values()))
