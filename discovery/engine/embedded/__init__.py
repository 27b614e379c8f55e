"""The embedded engine: a columnar inverted index in numpy over one SQLite file. No server.

    writer = EmbeddedWriter(path, definition, analysis, fingerprint)
    writer.bulk([Action("a", 1, document)])
    EmbeddedEngine(path, analysis).search(request)

The file is the durable half (`store`, `writer`); the index is built from it in memory (`build`,
`segment`), follows its commits (`snapshot`) and answers (`evaluate`).
"""

from discovery.engine.embedded.engine import EmbeddedEngine
from discovery.engine.embedded.writer import EmbeddedWriter

__all__ = ["EmbeddedEngine", "EmbeddedWriter"]
