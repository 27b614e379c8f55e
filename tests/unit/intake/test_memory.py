"""What an import remembers of its rows: the same as if it all stood in memory, and no memory by the
row.
"""

import gc
import tracemalloc
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.intake import run
from indexer.intake.findings import Code
from indexer.intake.identity import Identities, Met, memory
from indexer.intake.precedence import Draft
from tests.examples import some
from tests.unit.intake.support import Intake, record


@dataclass
class Told:
    """The rules of identity once more, with lists: (id, whether it is a new row, line told of,
    rejected).
    """

    given: dict[str, tuple[int, str]] = field(default_factory=dict)
    of_key: dict[tuple[str, str], list[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def claim(self, id_: str, siret: str, name: str, line: int) -> tuple[str, bool, str, bool]:
        others = self.of_key[siret, "EI"] if siret else []
        if id_ and id_ in self.given:
            first, content = self.given[id_]
            return id_, content != f"{siret} {name}", str(first), content != f"{siret} {name}"
        same = [at for at, content in others if content == f"{siret} {name}"]
        if not id_ and same:
            return f"{siret}-EI", False, str(same[0]), False
        told = str(others[0][0]) if others else ""
        if id_:
            self.given[id_] = line, f"{siret} {name}"
        made = id_ or f"{siret}-EI" + (f"-{len(others) + 1}" if others else "")
        if siret:
            others.append((line, f"{siret} {name}"))
        return made, True, told, False


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b"]), st.sampled_from(["1", "2", ""]), st.sampled_from("xyz")
    ).filter(lambda row: row[0] or row[1]),
    max_size=12,
)


@settings(max_examples=some(200), deadline=None)
@given(ROWS)
def test_ids_are_given_as_the_rules_say(rows: list[tuple[str, str, str]]) -> None:
    told = Told()
    with memory() as kept:
        identities = Identities(kept)
        for line, (id_, siret, name) in enumerate(rows, 1):
            draft = Draft(
                id_ or f"{siret}-EI", bool(id_), {"siret": siret, "kind": "EI", "name": name}
            )
            new = identities.claim(draft, line)
            findings = [*draft.findings.rejections, *draft.findings.warnings]
            said = findings[0].details["line"] if findings else ""
            assert (draft.id, new, said, draft.rejected) == told.claim(id_, siret, name, line)
            if draft.rejected:
                assert findings[0].code is Code.ID_REPEATED


def test_an_id_in_use_is_no_candidate() -> None:
    with memory() as kept:
        identities = Identities(kept)
        draft = Draft("1-EI", False, {"siret": "1", "kind": "EI"})
        assert identities.claim(draft, 1)
        assert identities.match(draft, ["c1-1"], "") == "c1-1"
        identities.use("c1-1")
        assert identities.match(draft, ["c1-1"], "") == "1-EI"
        assert identities.match(draft, ["c1-1", "c1-2"], "") == "c1-2", "the only one that is left"


IDS = st.lists(
    st.sampled_from(["a", "b", "c-1", "123-EI", "123-EI-2", "456-ACI", "456"]), unique=True
)


@settings(max_examples=some(100), deadline=None)
@given(met=IDS, rejected=IDS, sirets=st.sets(st.sampled_from(["123", "456", ""])), asked=IDS)
def test_absent_is_who_no_row_told_of(
    met: list[str], rejected: list[str], sirets: set[str], asked: list[str]
) -> None:
    with memory() as kept:
        known = Met(kept)
        known.add(met)
        known.add(met)
        for each in rejected:
            known.refuse(each, "")
        for siret in sirets:
            known.refuse("", siret)
        expected = [
            each
            for each in asked
            if each not in {*met, *rejected} and each.split("-")[0] not in sirets - {""}
        ]
        assert known.absent(asked) == expected
        assert Met(kept).absent(asked) == asked, "a second walk begins anew"


def test_more_rows_than_the_cache_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.intake.identity.CACHE_KIB", 64)
    with memory() as kept:
        met = Met(kept)
        met.add(f"supplier-{number:06}" for number in range(0, 20_000, 2))
        assert met.absent([f"supplier-{number:06}" for number in range(20_000)]) == [
            f"supplier-{number:06}" for number in range(1, 20_000, 2)
        ]


@pytest.mark.slow
@pytest.mark.parametrize("complete", [None, "canonical"])
def test_memory_does_not_grow_with_the_rows(intake: Intake, complete: str | None) -> None:
    """Python's own; SQLite's caches are bounded by their pragmas. An id alone, kept by the row,
    would take 60 bytes.
    """
    held: list[int] = []

    def progress(stage: str, _done: int, _total: int) -> None:
        if stage == "plan":
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])

    file = intake.file([record(at, siret=f"{at:014}") for at in range(5_000)])
    intake(file, dry_run=True)  # what is loaded and cached once
    tracemalloc.start()
    try:
        intake(file, complete=complete, force=True, dry_run=True, progress=progress)
    finally:
        tracemalloc.stop()
    batches = 5_000 // run.BATCH
    assert len(held) >= batches
    assert held[batches - 1] - held[1] < 10 * (batches - 2) * run.BATCH
