"""Invented suppliers as `indexer generate` writes them, checked and built as an import and a
rebuild would.
"""

from datetime import date
from functools import lru_cache

from discovery.engine.port import Document
from discovery.mappings import load_mappings
from discovery.places import gazetteer
from indexer.document.build import DocumentBuilder
from indexer.intake.check import Check
from indexer.intake.precedence import Precedence, merge
from indexer.record import Supplier
from tools.sample.supplier import generate

TODAY = date(2026, 3, 1)


def suppliers(count: int) -> list[Supplier]:
    check = Check(load_mappings().vocabulary, gazetteer(), TODAY)
    drafts = [check(record) for record in generate(count)]
    assert not any(draft.rejected for draft in drafts)
    return [merge(draft, draft.id, None, "sample", Precedence(), TODAY) for draft in drafts]


@lru_cache(maxsize=2)
def documents(count: int) -> tuple[Document, ...]:
    builder = DocumentBuilder((mappings := load_mappings()).vocabulary, gazetteer(), mappings.codes)
    return tuple(
        document for document in map(builder.build, suppliers(count)) if document is not None
    )
