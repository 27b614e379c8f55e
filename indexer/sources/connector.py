"""What a source is to the rest of the program: where it is, how fast it may be asked, how its pages
become records; and pages as the platforms of the administration answer them, `{count, next,
results}`.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from discovery.mappings import Mappings
from discovery.model import dataclass
from indexer.sources.fetch import Fetcher, Parameters, SourceError

YEARS = 5
Record = dict[str, Any]
Keyed = tuple[str, Record]
Page = tuple[list[Keyed], int, bool | str]
"""Records by the source's own ids; how many the part has as far as it tells, 0 = it does not;
whether more follow, or the address of what follows.
"""


class Parts(StrEnum):
    """What a source is asked for piece by piece."""

    DEPARTMENTS = "departments"
    WHOLE = "whole"
    SIRETS = "sirets"
    """Those that the store has: the source lists no suppliers, it knows facts about them."""
    WEBSITES = "websites"
    """Those of the SIRETs that have a site, each asked at its own."""
    LISTED = "listed"
    """Whole, as the numbers of all who hold a label: records are `{"number": SIREN or SIRET}`."""
    NOTICES = "notices"
    """Whole, of lots to be answered: records are `discovery.desk.notices.Lot`, no suppliers."""


PageOf = Callable[[Fetcher, str, str, int], Page]


@dataclass(frozen=True, slots=True)
class Connector:
    """One public source. `page` (fetcher, url, part, number from 1) raises SourceError when the
    contract is broken; `url` is that which the page before said to follow, if it did. `made_of`:
    gives `page`, where mappings read it. `url` of a connector "" = who enables it gives it.

    `gives`: what it is good for, in a line. With `token_scheme` it takes a token, in the header
    Authorization; `needs_token`: it answers nobody without one. `id_prefix`: its records bear ids
    of their own, which start so; a supplier known by SIRET and kind keeps its older id.
    `per_minute_with_token` 0 = the same. `secret_url`: its address holds a password, and is given
    as a secret. `hosts`: to which others, and those below them, its own may lead.
    """

    name: str
    url: str
    gives: str
    per_minute: float
    parts: Parts
    page: PageOf | None = None
    made_of: Callable[[Mappings], PageOf] | None = None
    token_scheme: str = ""
    needs_token: bool = False
    id_prefix: str = ""
    per_minute_with_token: float = 0.0
    secret_url: bool = False
    hosts: tuple[str, ...] = ()

    def asks(self, mappings: Mappings) -> PageOf:
        page = self.made_of(mappings) if self.made_of else self.page
        assert page is not None, "one of both is given"
        return page

    @property
    def of_facts(self) -> bool:
        """Whether it tells about suppliers that the store has, and of no others."""
        return self.parts in (Parts.SIRETS, Parts.WEBSITES, Parts.LISTED, Parts.NOTICES)

    @property
    def form(self) -> str:
        """A digest of the code that reads it: records kept by other code are not mixed with its
        own.
        """
        made = self.page or self.made_of
        file = sys.modules[made.__module__].__file__ or "" if made else ""
        return hashlib.blake2b(Path(file).read_bytes(), digest_size=8).hexdigest()


def listed(
    fetcher: Fetcher, url: str, asked: Parameters, keyed: Callable[[Any], Keyed], about: str
) -> Page:
    """The page that answers, each entry made by `keyed`. `about` names the source and the part in
    SourceError.
    """
    answer = fetcher.json(url, asked)
    if (
        not isinstance(answer, Mapping)
        or not isinstance(answer.get("results"), list)
        or "next" not in answer
    ):
        raise SourceError(f"{about}: the answer is no page; the contract changed")
    if not isinstance(answer.get("count"), int):
        raise SourceError(f"{about}: `count` is no number; the contract changed")
    return [keyed(one) for one in answer["results"]], answer["count"], answer["next"] is not None


def checked(entry: Any, needed: Iterable[str], about: str) -> Mapping[str, Any]:
    """The entry, an object with the `needed` fields. Raises SourceError when it is none."""
    if not isinstance(entry, Mapping):
        raise SourceError(f"{about}: an entry is no object; the contract changed")
    if lacking := [name for name in needed if name not in entry]:
        raise SourceError(
            f"{about}: an entry has no {', '.join(lacking)}; the contract changed, nothing was imported"
        )
    return entry


def since() -> str:
    """The first day, ISO, of which contracts count: older ones say little of what a supplier does
    now.
    """
    today = datetime.now(UTC).date()
    return date(today.year - YEARS, today.month, min(today.day, 28)).isoformat()


def told(record: Record, needed: Iterable[str] = ()) -> Record:
    """The record without what is empty, which another source may know; the `needed` stay for the
    intake to refuse.
    """
    return {name: value for name, value in record.items() if value or name in needed}
