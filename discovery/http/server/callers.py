"""The connections of one worker, by who holds them: nobody has all, and a new one costs its own address an old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from discovery.http.addresses import Network, counted_as, held, parsed
from discovery.http.server.connection import Connection, State

MAX_CONNECTIONS = 4_096
"""Of a worker: some 20 kB each."""
MAX_PER_ADDRESS = 100
"""Of them, of one address, or of one IPv6 household. A browser opens six; an office behind one address some dozens."""


class Callers:
    """Who holds how many connections.

    `free`: networks that may open as many as there are (this machine's own, trusted proxies).
    """

    def __init__(
        self, free: Iterable[Network] = (), most: int = MAX_CONNECTIONS, per_address: int = MAX_PER_ADDRESS
    ) -> None:
        self._free, self._most, self._per_address = tuple(free), most, per_address
        self._all: dict[Connection, None] = {}  # in the order in which they came
        self._by_owner: dict[str, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._all))

    def owner(self, peer: str) -> str:
        """Who answers for a connection from there; "" when nobody is to be counted."""
        address = parsed(peer)
        if address is None or address.is_loopback or held(address, self._free):
            return ""
        return counted_as(address)

    def crowded(self, owner: str) -> bool:
        """Whether one must go before another of this owner comes."""
        return len(self._all) >= self._most or len(self._by_owner.get(owner, ())) >= self._per_address

    def in_the_way(self, owner: str) -> Connection | None:
        """The one that goes for a new one of this owner: the oldest that nobody works for. None: the new one goes."""
        mine = self._by_owner.get(owner, {})
        among = mine if len(mine) >= self._per_address else self._all
        return next((each for each in among if each.state is not State.IN_HAND), None)

    def add(self, connection: Connection) -> None:
        """Count a connection among its owner's."""
        self._all[connection] = None
        if connection.owner:
            self._by_owner.setdefault(connection.owner, {})[connection] = None

    def remove(self, connection: Connection) -> None:
        """Forget a connection that ends."""
        self._all.pop(connection, None)
        mine = self._by_owner.get(connection.owner)
        if mine is not None:
            mine.pop(connection, None)
            if not mine:
                del self._by_owner[connection.owner]
