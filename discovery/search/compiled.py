"""Mappings in the tokens of one index's analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import structlog

from discovery.config import Problem as Fault
from discovery.config.equivalences import Equivalences
from discovery.config.mappings import Mappings
from discovery.config.profiles import Profile
from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineStatus, Searcher, TextQuery
from discovery.search import words
from discovery.search.why import Terms

_log = structlog.get_logger(__name__)


REMEMBERED = 1_024
"""Texts whose words are kept with a profile's weights: a search's, and those of what is counted beside it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """`rules`: the equivalences as written. `strict`: `words.strict` of a text and a profile, remembered.
    `generation`: of the index whose analysis this is, at least."""

    analysis: Analysis
    rules: Equivalences
    equivalents: words.Equivalents
    terms: Terms
    strict: Callable[[str, Profile], TextQuery | None]
    generation: str


def compiled(index: Searcher, mappings: Mappings, status: EngineStatus, before: Compiled | None) -> Compiled:
    """`before`, or what of it still holds: made again after a rebuild or a reload. The index is asked for its analysis
    once for each generation of the index. EngineUnavailable."""
    rules = mappings.equivalences
    if before and before.rules is rules and status.ready and before.generation == status.generation:
        return before
    analysis = index.analysis()
    if before is None or before.analysis is not analysis:
        terms = Terms.compile(mappings.vocabulary, partial(analysis.terms, words.FRENCH))
    elif before.rules is rules:
        return replace(before, generation=status.generation)
    else:
        terms = before.terms
    equivalents = _equivalents(rules, analysis)

    @lru_cache(REMEMBERED)
    def strict(text: str, profile: Profile) -> TextQuery | None:
        return words.strict(text, analysis, equivalents, profile)

    return Compiled(analysis, rules, equivalents, terms, strict, status.generation)


def _equivalents(rules: Equivalences, analysis: Analysis) -> words.Equivalents:
    """Without the words that an older index can't read as one: searching without them is better than not."""
    problems: list[Fault] = []
    found = rules.compile(partial(analysis.terms, words.FRENCH), problems)
    if problems:
        _log.warning("equivalences_unusable", problems=[str(problem) for problem in problems])
    return found
