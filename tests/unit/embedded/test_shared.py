"""Texts kept once answer as if every document had its own copy: equal matches, scores, words,
whatever was written.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter, postings
from discovery.engine.embedded.layout import TextField
from discovery.engine.port import (
    Action,
    Alternative,
    Document,
    Order,
    SearchRequest,
    TextQuery,
    Word,
)
from tests.contract.worlds import DEFINITION, Split
from tests.examples import some

FIELDS = ("sector_terms", "naf_terms", "evidence_terms", "name")
"""b is 0 in the first two and not in the third; the last is never shared."""
TEXTS = ("tri papier", "tri tri carton", "papiers", "linge tri " + "drap " * 50, "linge")
WORDS = ("tri", "papier", "carton", "linge", "drap", "rien")

lists = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4)
documents = st.fixed_dictionaries(
    {"live": st.sampled_from([True, True, False])}, optional=dict.fromkeys(FIELDS, lists)
)
batches = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.none(), documents), max_size=5),
    min_size=1,
    max_size=4,
)


class Way:
    """One way to keep the same documents, and how it answers."""

    def __init__(self, folder: Path, sharing: bool) -> None:
        self._sharing = sharing
        with self._kept():
            self.file = folder / f"{sharing}.sqlite"
            self.writer = EmbeddedWriter(self.file, DEFINITION, Split(), "f")
        self.engine = EmbeddedEngine(self.file, Split(), background=False)  # type: ignore[arg-type]

    @contextmanager
    def _kept(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            if not self._sharing:
                patch.setattr(TextField, "shared", property(lambda field: False))
            yield

    def write(self, batch: dict[str, Document | None], version: int) -> None:
        actions = [Action(id_, version, one and {"id": id_, **one}) for id_, one in batch.items()]
        with self._kept():
            self.writer.bulk(actions)

    def answers(self) -> list[object]:
        found: list[object] = []
        for required, words in ((1, WORDS), (2, WORDS[:3]), *((1, (word,)) for word in WORDS)):
            query = TextQuery(
                tuple(Word(word, (Alternative(word), Alternative("linge", 0.8))) for word in words),
                required,
                tuple((field, 1.0 + number) for number, field in enumerate(FIELDS)),
                0.15,
            )
            page = self.engine.search(SearchRequest(text=query, order=Order.RELEVANCE, size=20))
            found += [page.total, {hit.id: hit.score for hit in page.hits}]
        own = self.engine.words()
        found += [
            (own.count(word), own.near(word + "x"), own.near(word[1:]))
            for word in (*WORDS, "papiers")
        ]
        return found

    def close(self) -> None:
        self.engine.close()
        self.writer.close()


@given(batches, st.booleans(), st.sampled_from([1, 16]))
@settings(max_examples=some(40))
def test_the_answers_are_those_of_a_copy_in_every_document(
    written: list[dict[str, Document | None]], merged: bool, chunks: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "CHUNKS", chunks)
        ways = [Way(Path(folder), sharing) for sharing in (True, False)]
        for version, batch in enumerate(written):
            for way in ways:
                way.write(batch, version)
            assert ways[0].answers() == ways[1].answers()
        if merged:
            ways[0].engine.merge()
            assert ways[0].answers() == ways[1].answers()
        for way in ways:
            way.close()


def kept(file: Path) -> list[bytes]:
    with closing(sqlite3.connect(file)) as connection:
        return [packed for (packed,) in connection.execute("SELECT packed FROM texts ORDER BY id")]


def test_a_text_is_kept_once_whoever_writes_it(
    path: Path, writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    """By two processes that number words differently, in two fields, in another order of words."""
    writer.bulk(
        [Action("a", 1, {"id": "a", "live": True, "sector_terms": ["tri papier", "carton"]})]
    )
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f1")) as other:
        document = {
            "id": "b",
            "live": True,
            "name": "carton",
            "naf_terms": ["papier tri", "carton", "carton"],
        }
        other.bulk([Action("b", 1, document)])
    assert len(kept(path)) == 2
    one = (Word("carton", (Alternative("carton"),)),)
    for field, ids in (("sector_terms", ["a"]), ("naf_terms", ["b"])):
        hits = engine.search(SearchRequest(text=TextQuery(one, 1, ((field, 1.0),), 0.0))).hits
        assert [hit.id for hit in hits] == ids
    assert (engine.words().count("tri"), engine.words().count("carton")) == (2, 2)


def test_texts_of_a_batch_that_failed_are_kept_by_the_next(
    path: Path, writer: EmbeddedWriter
) -> None:
    document = {"id": "a", "live": True, "sector_terms": ["tri papier"]}
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER no BEFORE INSERT ON texts BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        other.commit()
        with pytest.raises(Exception, match="no"):
            writer.bulk([Action("a", 1, document)])
        other.execute("DROP TRIGGER no")
        other.commit()
    assert kept(path) == []
    writer.bulk([Action("a", 1, document), Action("b", 1, {**document, "id": "b"})])
    assert len(kept(path)) == 1
