"""Load offered to a service: every request accounted for, at the rate that was said, whatever the
service does.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from tests.servers import free_port
from tools.bench.load import CUT, Answered, offer, percentile, refused, saturate, served

ADDRESSES = ["/a", "/b"]
T = TypeVar("T")


def done(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser that other tests opened keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@asynccontextmanager
async def answering(statuses: Sequence[int]) -> AsyncIterator[tuple[int, Counter[str]]]:
    """A server that answers with these in turn; 0 = closes without a word. Its port, and what was
    asked.
    """
    asked: Counter[str] = Counter()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        status = statuses[asked.total() % len(statuses)]
        asked[request.split()[1].decode()] += 1
        if status:
            writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


def test_every_request_is_accounted_for() -> None:
    async def run() -> tuple[list[Answered], Counter[str]]:
        async with answering([200, 503, 429, 500, 0]) as (port, asked):
            return await offer(port, ADDRESSES, rate=200, seconds=0.5), asked

    answers, asked = done(run())
    assert len(answers) == asked.total() > 50
    assert abs(asked["/a"] - asked["/b"]) <= 1, "in turn"
    assert {answer.status for answer in answers} == {200, 503, 429, 500, CUT}
    assert len(served(answers)) + len(refused(answers)) < len(answers)
    assert all(answer.at >= 0 and answer.ms > 0 for answer in answers)


def test_the_same_seed_offers_as_many() -> None:
    async def run(seed: int) -> int:
        async with answering([200]) as (port, _):
            return len(await offer(port, ADDRESSES, rate=100, seconds=0.2, seed=seed))

    assert done(run(1)) == done(run(1))


def test_nobody_there_is_cut_not_an_error() -> None:
    answers = done(offer(free_port(), ADDRESSES, rate=100, seconds=0.1))
    assert {answer.status for answer in answers} == {CUT}


def test_capacity_counts_what_is_answered() -> None:
    async def run(statuses: list[int]) -> float:
        async with answering(statuses) as (port, _):
            return await saturate(port, ADDRESSES, clients=2, seconds=0.2)

    assert done(run([503])) == 0
    assert done(run([200])) > 0


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 3), (0.95, 4), (1.0, 4)])
def test_percentiles(share: float, value: float) -> None:
    assert percentile([4, 1, 3, 2], share) == value
    assert percentile([], share) == 0
