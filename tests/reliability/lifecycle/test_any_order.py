"""Any permutation and repetition of a change log ends in the same index, on both engines."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.catalog import Writer
from discovery.engine.port import Action, Document
from indexer.context import Context
from indexer.lock import utc
from tests.unit.indexer.conftest import supplier

IDS = ("a", "b", "c", "d")
_examples = count()


@pytest.fixture
def writer(context: Context) -> Iterator[Writer]:
    """Of one index for all examples, each of which has ids of its own."""
    name = context.catalog.create(context.definition, utc())
    with closing(context.catalog.writer_of(name)) as opened:
        yield opened


Change = tuple[str, bool]
"""An id, and whether it was deleted. Its place in the log, from 1, is its version, as the ledger
gives them.
"""

logs = st.lists(st.tuples(st.sampled_from(IDS), st.booleans()), min_size=1, max_size=10)


def document_of(context: Context, id_: str, version: int) -> Document:
    built = context.builder.build(supplier(id_, name=f"Version {version}"))
    assert built is not None
    return built


def ends_the_same(
    context: Context, writer: Writer, log: list[Change], told: list[int], cuts: set[int]
) -> None:
    """`told`: places of the log in the order in which the writer is told of them, each at least
    once; `cuts`: after which of these a batch ends.
    """
    example = f"{next(_examples):06}-"
    actions = [
        Action(
            example + id_,
            version,
            None if deleted else document_of(context, example + id_, version),
        )
        for version, (id_, deleted) in enumerate(log, start=1)
    ]
    batch: list[Action] = []
    for number, at in enumerate(told):
        batch.append(actions[at])
        if number in cuts:
            writer.bulk(batch)
            batch = []
    writer.bulk(batch)
    last = {action.id: action for action in actions}
    expected = {
        id_: (action.version, action.document["fingerprint"])
        for id_, action in last.items()
        if action.document
    }
    held = writer.held([example + id_ for id_ in IDS])
    assert {one.id: (one.version, one.document["fingerprint"]) for one in held} == expected


def test_any_order_and_repetition(context: Context, writer: Writer) -> None:
    @settings(
        max_examples=600 if context.settings.embedded else 150,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(logs, st.data())
    def run(log: list[Change], data: st.DataObject) -> None:
        places = st.integers(0, len(log) - 1)
        told = data.draw(st.lists(places, max_size=2 * len(log)), label="told")
        cuts = data.draw(st.sets(st.integers(0, 3 * len(log)), max_size=6), label="ends of batches")
        rest = data.draw(
            st.permutations([at for at in range(len(log)) if at not in told]), label="then"
        )
        ends_the_same(context, writer, log, [*told, *rest], cuts)

    run()
