"""Signals that come between a commit and its count wait for the count."""

import signal
import threading
from collections.abc import Iterator

import pytest

from indexer.intake.run import uninterrupted


@pytest.fixture(autouse=True)
def as_the_command_does() -> Iterator[None]:
    """SIGTERM is a Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_comes_after_the_block(by: signal.Signals) -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012
        signal.raise_signal(by)
        signal.raise_signal(by)
        done.append("all of it")
    assert done == ["all of it"]


def test_before_and_after_signals_are_as_they_were() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with uninterrupted():
        pass
    with pytest.raises(ValueError, match="its own"), uninterrupted():
        raise ValueError("its own")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_in_another_thread_nothing_changes() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
