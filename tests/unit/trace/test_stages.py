"""Stages add up to the whole, whatever lies in what, and never mix two threads' requests."""

import time
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import trace
from discovery.trace import Trace, stage

moves = st.recursive(
    st.just([]), lambda inner: st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=3)
)


class Clock:
    """Each look is a second later than the last."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(time, "perf_counter", found.perf_counter)
    return found


@given(tree=moves)
def test_stages_never_exceed_the_whole(tree: list[tuple[str, list]]) -> None:
    running = Trace()

    def run(nodes: list[tuple[str, list]]) -> None:
        for name, inner in nodes:
            with running.stage(name):
                run(inner)

    run(tree)
    *spent, total = running.seconds().values()
    assert all(one >= 0 for one in spent)
    assert sum(spent) <= total + 1e-9


def test_a_fault_ends_its_stage(clock: Clock) -> None:
    trace.running.set(Trace())
    with pytest.raises(ValueError), stage("engine"):
        raise ValueError
    running = trace.running.get()
    assert running is not None
    told = running.seconds()
    assert told["engine"] == 1.0, "what comes after the fault is not the engine's"


def test_without_a_trace_nothing_is_kept() -> None:
    def run() -> None:
        with stage("engine"):
            seen.append(trace.running.get())

    seen: list[Trace | None] = []
    thread = Thread(target=run)  # a thread begins without one
    thread.start()
    thread.join()
    assert seen == [None]


def test_threads_have_traces_of_their_own() -> None:
    def run(name: str) -> None:
        trace.running.set(Trace())
        with stage(name):
            meet.wait(5)
        running = trace.running.get()
        assert running is not None
        found[name] = list(running.seconds())

    meet, found = Barrier(2), {}
    threads = [Thread(target=run, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"one": ["one", "total"], "two": ["two", "total"]}
