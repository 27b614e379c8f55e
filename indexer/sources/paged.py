"""Pages as the platforms of the administration answer them, `{count, next, results}`, and what an entry must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from indexer.sources.connector import Keyed, Page, Record
from indexer.sources.fetch import Fetcher, Parameters, SourceError


def listed(fetcher: Fetcher, url: str, asked: Parameters, keyed: Callable[[Any], Keyed], about: str) -> Page:
    """The page that answers, each entry made by `keyed`. `about` names the source and the part in SourceError."""
    answer = fetcher.json(url, asked)
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list) or "next" not in answer:
        raise SourceError(f"{about}: the answer is no page; the contract changed")
    if not isinstance(answer.get("count"), int):
        raise SourceError(f"{about}: `count` is no number; the contract changed")
    return [keyed(one) for one in answer["results"]], answer["count"], answer["next"] is not None


def checked(entry: Any, needed: Iterable[str], about: str) -> Mapping[str, Any]:
    """The entry, an object with the `needed` fields. Raises SourceError when it is none."""
    if not isinstance(entry, Mapping):
        raise SourceError(f"{about}: an entry is no object; the contract changed")
    if lacking := [name for name in needed if name not in entry]:
        raise SourceError(f"{about}: an entry has no {', '.join(lacking)}; the contract changed, nothing was imported")
    return entry


def told(record: Record, needed: Iterable[str] = ()) -> Record:
    """The record without what is empty, which another source may know; the `needed` stay for the intake to refuse."""
    return {name: value for name, value in record.items() if value or name in needed}
