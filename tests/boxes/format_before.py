"""Inside a worker's container: an index of the format before, kept by `scripts/keep_format`, takes the place of what
serves. Argument: the index's name. Given: the kept file, in base 64."""

import base64
import gzip
import json
import sys

from discovery.engine.elasticsearch.connection import connect
from discovery.engine.elasticsearch.indices import write_alias
from indexer.context import Context

name = sys.argv[1]
kept = json.loads(gzip.decompress(base64.b64decode(sys.stdin.read())))
context = Context()
with_engine = connect(context.settings, seconds=60)
with_engine.call(lambda client: client.indices.create(index=name, aliases={write_alias(name): {}}, **kept["body"]))
done = with_engine.call(lambda client: client.bulk(index=name, operations=[kept["bulk"]], refresh=True))
assert not done["errors"], done
context.catalog.promote(name)
