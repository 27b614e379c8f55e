"""The vocabulary's fingerprint changes with documents and nothing else: an edited sentence asks for
no rebuild.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary, indexed
from discovery.places import gazetteer
from indexer.document.build import DocumentBuilder
from indexer.record import Activity, Contract, Job, Scope, Zone
from tests.unit.indexer.conftest import supplier

Edit = Callable[[Vocabulary], Vocabulary]
MAPPINGS = load_mappings()
VOCABULARY, CODES = MAPPINGS.vocabulary, MAPPINGS.codes
NAMES = {"fr": "Un autre nom", "en": "Another name"}
SUPPLIERS = [
    supplier(
        f"{kind}-{number}",
        kind=kind,
        naf="8121Z",
        activities=(Activity(sector, tuple(VOCABULARY.service_types), Zone(Scope.COUNTRY)),),
        certifications=tuple(VOCABULARY.certifications),
        networks=tuple(VOCABULARY.networks),
        employees_permanent=12,
        legal_form=next(iter(VOCABULARY.legal_forms)),
    )
    for number, (kind, sector) in enumerate(
        zip(list(VOCABULARY.kinds) * 20, list(VOCABULARY.sectors), strict=False)
    )
]


def documents(vocabulary: Vocabulary) -> list[Any]:
    builder = DocumentBuilder(vocabulary, gazetteer(), CODES)
    return [builder.build(one) for one in SUPPLIERS]


def each(name: str, **changes: Any) -> Edit:
    """Every term of a list changed."""

    def edit(vocabulary: Vocabulary) -> Vocabulary:
        terms: Mapping[str, Any] = getattr(vocabulary, name)
        changed: dict[str, Any] = {
            name: {value: replace(term, **changes) for value, term in terms.items()}
        }
        return replace(vocabulary, **changed)

    return edit


READ_LATER = {
    "what a kind is": each("kinds", short=NAMES), "what a buyer gets": each("kinds", for_buyers=NAMES),
    "plurals": each("kinds", plural=NAMES), "names of kinds": each("kinds", labels=NAMES),
    "names of groups of kinds": each("kind_groups", labels=NAMES), "names of families": each("families", labels=NAMES),
    "names of legal forms": each("legal_forms", labels=NAMES), "names of bands": each("employees", labels=NAMES),
    "names of sources": each("sources", labels=NAMES), "names of evidence": each("evidence", labels=NAMES),
    "names of territories": each("territories", labels=NAMES),
}  # fmt: skip
INDEXED = {
    "groups of kinds": each("kinds", group="another"),
    "names of sectors": each("sectors", labels=NAMES),
    "synonyms of sectors": each("sectors", synonyms={"fr": ("autre",)}),
    "names of groups of sectors": each("sector_groups", labels=NAMES),
    "names of service types": each("service_types", labels=NAMES),
    "names of certifications": each("certifications", labels=NAMES),
    "names of networks": each("networks", labels=NAMES),
    "names of registered trades": each("naf", labels=NAMES),
    "sectors of registered trades": each("naf", sectors=()),
    "what evidence is worth": each("evidence", strength=0.1),
    "bands": each("employees", minimum=0, maximum=None),
    "hidden kinds": lambda vocabulary: replace(vocabulary, hidden_kinds=frozenset({"EI"})),
}


@pytest.mark.parametrize("edit", READ_LATER.values(), ids=READ_LATER.keys())
def test_what_is_read_when_somebody_searches_asks_for_no_rebuild(edit: Edit) -> None:
    changed = edit(VOCABULARY)
    assert changed != VOCABULARY
    assert documents(changed) == documents(VOCABULARY)
    assert indexed(changed, CODES) == indexed(VOCABULARY, CODES)


@pytest.mark.parametrize("edit", INDEXED.values(), ids=INDEXED.keys())
def test_what_stands_in_documents_does(edit: Edit) -> None:
    changed = edit(VOCABULARY)
    assert documents(changed) != documents(VOCABULARY)
    assert indexed(changed, CODES) != indexed(VOCABULARY, CODES)


@pytest.mark.parametrize("classification", ["cpv", "rome"])
def test_what_codes_mean_stands_in_documents(classification: str) -> None:
    changed = replace(CODES, **{classification: {}})  # type: ignore[arg-type]
    assert indexed(VOCABULARY, changed) != indexed(VOCABULARY, CODES)
    told = supplier("told", jobs=(Job("A1203"),), contracts=(Contract("Linge", "98310000"),))
    first, other = (
        DocumentBuilder(VOCABULARY, gazetteer(), one).build(told) for one in (CODES, changed)
    )
    assert first != other
