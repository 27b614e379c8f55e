"""Searches offered to a service at a stated rate, whatever it does with them: an open loop, as the
public is one.

A closed loop (clients that wait for an answer before they ask again) slows down with the service,
and hides what those would have met who came meanwhile.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

PATIENCE_SECONDS = 30.0
CUT = 0
"""The status of a request that got no answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """When it was asked (seconds from the beginning), the HTTP status, and how long it took in
    milliseconds.
    """

    at: float
    status: int
    ms: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def served(answers: Sequence[Answered]) -> list[float]:
    return [one.ms for one in answers if one.status == 200]


def refused(answers: Sequence[Answered]) -> list[float]:
    return [one.ms for one in answers if one.status in (429, 503)]


async def offer(
    port: int, addresses: Sequence[str], rate: float, seconds: float, seed: int = 1
) -> list[Answered]:
    """Ask for the addresses in turn, `rate` a second on average at random moments, each on a
    connection of its own.
    """
    draw, began = random.Random(seed), time.perf_counter()
    at, asked = 0.0, list[asyncio.Task[Answered]]()
    while (at := at + draw.expovariate(rate)) < seconds:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        asked.append(asyncio.create_task(_ask(port, addresses[len(asked) % len(addresses)], began)))
    return list(await asyncio.gather(*asked))


async def saturate(port: int, addresses: Sequence[str], clients: int, seconds: float) -> float:
    """Answers a second when so many clients ask without pause: the capacity."""
    began = time.perf_counter()

    async def client(number: int) -> int:
        done = 0
        while time.perf_counter() - began < seconds:
            answer = await _ask(port, addresses[(number + done * clients) % len(addresses)], began)
            done += answer.status == 200
        return done

    return sum(await asyncio.gather(*map(client, range(clients)))) / (time.perf_counter() - began)


async def _ask(port: int, address: str, began: float) -> Answered:
    start = time.perf_counter()
    status = CUT
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(
                    f"GET {address} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode()
                )
                answer = await reader.read()
            finally:
                writer.close()
        status = int(answer[9:12]) if answer.startswith(b"HTTP/1.") else CUT
    except OSError:  # refused, reset, or out of patience
        pass
    end = time.perf_counter()
    return Answered(start - began, status, (end - start) * 1e3)
