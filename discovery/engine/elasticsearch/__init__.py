"""The engine for scale: the official client over one index of a cluster, one node or many.

    connection = connect(settings)  # or Connection(["http://localhost:9200"])
    indices.create(connection, "suppliers-1", definition)
    ElasticsearchWriter(connection, "suppliers-1", definition).bulk([Action("a", 1, document)])
    ElasticsearchEngine(connection, "suppliers-1").search(request)

`query/` compiles requests to bodies, and reads what comes back: all pure. `connection` talks;
`indices` makes and reads indices; `engine` and `writer` are the port.
"""

from discovery.engine.elasticsearch.connection import Connection, connect
from discovery.engine.elasticsearch.engine import ElasticsearchEngine
from discovery.engine.elasticsearch.writer import ElasticsearchWriter

__all__ = ["Connection", "ElasticsearchEngine", "ElasticsearchWriter", "connect"]
