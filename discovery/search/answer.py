"""What a search gives back, before anyone turns it into JSON, a page or a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from discovery.config.profiles import Profile
from discovery.engine.port import EngineStatus, SearchPage, SearchRequest
from discovery.facets import FacetValue
from discovery.intent.model import Intent, Piece
from discovery.search.cursor import Cursor
from discovery.search.parameters import Query
from discovery.search.problems import Notice
from discovery.search.reading import Reading
from discovery.search.suggestions import Suggestion
from discovery.search.where import Where
from discovery.search.words import Relaxed


@dataclass(frozen=True, slots=True)
class Plan:
    """A query understood and resolved. `request` searches strictly; nothing has been asked of the engine yet."""

    query: Query
    intent: Intent
    reading: Reading
    where: Where
    profile: Profile
    request: SearchRequest

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is worth saying about the reading."""
        left = self.reading.text.strip()
        common = left and self.request.text is None
        said = [Notice("only_common_words", "q", {"text": left})] if common else []
        return (*self.reading.notices, *self.where.notices, *said)


@dataclass(frozen=True, slots=True)
class Offer:
    """A filter that the phrase may have meant; `count` = the total once it is chosen alone."""

    parameter: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`query` as asked, values spelt as the lists spell them. `request` is what was searched: leniently when
    `relaxed` is not None. `pieces`: those of the phrase that no parameter replaced, offered ones included.
    `did_you_mean`: the phrase with its typos corrected, or None. `took_ms`: the whole use case, engine included.
    `next`: where the walk goes on; None at its end and in sorts that can't be walked.
    """

    query: Query
    intent: Intent
    pieces: tuple[Piece, ...]
    where: Where
    request: SearchRequest
    page: SearchPage
    facets: Mapping[str, list[FacetValue]]
    offers: tuple[Offer, ...]
    suggestions: tuple[Suggestion, ...]
    notices: tuple[Notice, ...]
    relaxed: Relaxed | None
    did_you_mean: str | None
    profile: str
    status: EngineStatus
    took_ms: float
    next: Cursor | None = None

    @property
    def searched(self) -> str:
        """The words that were searched: those typed, or their corrections."""
        return self.relaxed.text if self.relaxed else self.intent.text
