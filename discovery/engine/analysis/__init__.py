"""One interpreter of Elasticsearch's `settings.analysis`, with Lucene's meaning, in Python.

    analysis = Analysis.from_settings(inline_paths(block, read)) analysis.terms("french",
    "L'entretien des vitres")    # fast: what the index and the queries use
    analysis.tokens("french", "L'entretien des vitres")   # with offsets and positions, for
    highlighting

It serves the embedded engine, highlighting and the dictionaries of both engines; tests hold it to
vectors made with Lucene's own classes.
"""

from discovery.engine.analysis.interpreter import Analysis
from discovery.engine.analysis.settings import AnalysisError, Token, inline_paths

__all__ = ["Analysis", "AnalysisError", "Token", "inline_paths"]
