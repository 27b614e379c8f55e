"""What is needed, on one segment: by document, whether it declares a trade, has evidence of it, mentions it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from discovery.engine.definition import NAMES
from discovery.engine.embedded.arrays import Bools
from discovery.engine.embedded.match import not_excluded
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.embedded.text import TextPlan
from discovery.engine.port import SearchRequest, TextQuery
from discovery.engine.trades import without


@dataclass(frozen=True, slots=True)
class Sought:
    """A request's words bound to a snapshot: `mentions` holds a plan for each need, None where no words meet it."""

    request: SearchRequest
    text: TextPlan | None
    mentions: tuple[TextPlan | None, ...]
    named: tuple[TextPlan, ...] = ()
    """Of each field of names, all of the words that `Signals.named` asks for."""

    @classmethod
    def of(cls, snapshot: Snapshot, request: SearchRequest) -> Sought:
        """Bind a request's words to a snapshot."""
        text = request.text
        if text is None:
            return cls(request, None, (None,) * len(request.needs))
        plans = tuple(snapshot.text_plan(need.said(text)) if need.words else None for need in request.needs)
        named = request.signals.named
        names = tuple(
            snapshot.text_plan(TextQuery(named, len(named), ((field, 1.0),), 0.0)) for field in (NAMES if named else ())
        )
        # Whoever holds any of the words scores, when these don't decide who matches.
        return cls(request, snapshot.text_plan(replace(text, required=1) if request.needs else text), plans, names)

    def matches(self, number: int, segment: Segment) -> Bools | None:
        """By document of segment `number`, whether it meets a need, or without any the text; None when neither is
        asked. Not to be written to."""
        if not self.request.needs:
            return None if self.text is None else self.text.matches(number)
        out = np.zeros(segment.size, dtype=np.bool_)
        for met in self.met(number, segment):
            out |= met
        return out

    def met(self, number: int, segment: Segment) -> Iterator[Bools]:
        """For each need, by document whether it meets it, exclusions allowing."""
        exclude = self.request.exclude
        kept = not_excluded(segment, exclude) if exclude.on_activity else None
        for need, plan in zip(self.request.needs, self.mentions, strict=True):
            having = segment.activities.in_sectors(need.sectors)
            declared = segment.owners(having if kept is None else having[kept[having]])
            other = with_evidence(segment, without(need.sectors, exclude))
            if plan is not None:
                other = other | plan.matches(number)
            if kept is not None:
                other = other & ~segment.owners(having)
            yield declared | other


def with_evidence(segment: Segment, sectors: tuple[str, ...]) -> Bools:
    """By document, whether it has evidence of one of the sectors or groups (slugs); a fresh array."""
    return segment.columns["evidence_sectors"].having(sectors)
