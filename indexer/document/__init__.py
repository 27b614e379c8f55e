"""A supplier as a search document: pure functions, one module per block (seat, offer, trust, zone)."""

from indexer.document.build import DocumentBuilder

__all__ = ["DocumentBuilder"]
