"""The suppliers that an index holds: walked once, told apart from others by a fingerprint."""

import hashlib
import json
from collections.abc import Mapping

from discovery.engine.port import Document, Order, SearchEngine, SearchRequest
from discovery.errors import DiscoveryError
from tools.judge.judgments import Judgments

PAGE = 500
MAX_SUPPLIERS = 10_000
"""Suppliers that can be walked: what engines let page through. Judged corpora are smaller."""
_NOT_THE_RECORD = frozenset({"slug", "first_listed_at", "provenance", "completeness", "evidence"})
"""Parts of a document that the store or the program adds: the same records may come with others."""


class WrongCorpusError(DiscoveryError):
    """The index does not hold the suppliers that were judged; the message says what it holds and
    what to do.
    """


def walk(engine: SearchEngine) -> dict[str, Document]:
    """Every live document by id. Raises WrongCorpusError when there are more than `MAX_SUPPLIERS`.
    Raises EngineUnavailable.
    """
    found: dict[str, Document] = {}
    while True:
        page = engine.search(
            SearchRequest(order=Order.NAME, offset=len(found), size=PAGE, facets=())
        )
        if page.total > MAX_SUPPLIERS:
            raise WrongCorpusError(
                f"the index holds {page.total} suppliers; a judged corpus holds {MAX_SUPPLIERS} at most"
            )
        found |= {hit.id: hit.document for hit in page.hits}
        if len(page.hits) < PAGE:
            return found


def fingerprint(documents: Mapping[str, Document]) -> str:
    """A digest of what the records tell, whatever the analysis, the vocabulary and the day they
    were loaded: a member that none of them has yet changes nothing.
    """
    digest = hashlib.blake2b(digest_size=8)
    for id_ in sorted(documents):
        public = documents[id_]["public"]
        told = ((name, value) for name, value in public.items() if name not in _NOT_THE_RECORD)
        record = {name: value for name, value in told if value not in (None, [], "")}
        digest.update(json.dumps(record, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


def require(judgments: Judgments, documents: Mapping[str, Document], index: str) -> None:
    """Raise WrongCorpusError, with the commands that make the right one, unless the documents are
    those that were judged.
    """
    held = fingerprint(documents)
    if held == judgments.fingerprint:
        return
    commands = "\n".join(f"  {command}" for command in ("indexer migrate", *judgments.make))
    raise WrongCorpusError(
        f"{index} holds {len(documents)} suppliers with the fingerprint {held}; the corpus '{judgments.corpus}' was "
        f"judged at {judgments.fingerprint}. Make it in a home folder of its own (DISCOVERY_HOME):\n{commands}\n"
        f"If the corpus was changed on purpose, read its queries again, then write {held} as `fingerprint` in "
        f"judgments/{judgments.corpus}.yaml."
    )
