"""A query understood, resolved and checked: everything before the engine is asked to search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from discovery.config.mappings import Mappings
from discovery.config.profiles import DEFAULT_PROFILE, Profile
from discovery.engine.port import EngineStatus, Need, Searcher, SearchRequest, TextQuery, WordCounts
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent
from discovery.search import corrections, plan, scope_notices, words
from discovery.search.answer import Plan
from discovery.search.index_memory import Compiled, IndexMemory
from discovery.search.interpretation import Interpretation, read, read_codes, sectors_of
from discovery.search.launch import LaunchScope
from discovery.search.meetable import Met, checkable, met
from discovery.search.parameters import Query, check, composed
from discovery.search.problems import InvalidQuery, Problem
from discovery.search.responsiveness import Responses
from discovery.search.understanding import Understanding
from discovery.search.where import GeoFilter, resolve
from discovery.trace import stage


@dataclass(frozen=True, slots=True)
class Planner:
    """What one answer plans with: the index as it stands, looked at once, and the mappings that serve now.

    `status`: its own. `words_of`: gives its words. `memory`: what was told of that state before.
    """

    index: Searcher
    status: EngineStatus
    words_of: Callable[[], WordCounts]
    memory: IndexMemory
    understanding: Understanding
    mappings: Mappings
    gazetteer: Gazetteer
    scope: LaunchScope
    today: date
    responses: Responses

    @property
    def compiled(self) -> Compiled:
        """Equivalences and readers of words in the analysis of this index. Raises EngineUnavailable."""
        return self.memory.compiled(self.index, self.status, self.mappings)

    def understand(self, query: Query) -> Intent:
        """Read the phrase into pieces and remaining words; with `interpret` false all of it is words. Raises
        EngineUnavailable."""
        query = composed(query)
        if not query.interpret:
            return Intent(query.q, query.q, (), ((0, len(query.q), "text"),) if query.q else ())
        with stage("parse"):
            profiles = self.mappings.profiles
            profile = profiles.get(query.profile or DEFAULT_PROFILE) or self.mappings.profile()
            often = profile.frequent.documents(self.status.documents)
            return self.understanding.of(query, self.mappings, often, self.status.generation, self.words_of())

    def plan(self, query: Query, intent: Intent | None = None) -> Plan:
        """Read the phrase (unless `intent` is given), resolve places, choose the ranking. Raises InvalidQuery with
        everything wrong at once, EngineUnavailable."""
        query, mappings = composed(query), self.mappings
        query, problems = check(query, mappings.vocabulary, self.gazetteer, mappings.profiles, self.scope)
        by_code = read_codes(query, mappings.codes, mappings.vocabulary)
        query = by_code.query
        problems += by_code.problems
        if any(problem.parameter == "q" for problem in problems):  # too long to be read
            raise InvalidQuery(tuple(problems))
        meant = self._met(query, intent or self.understand(query))
        reading = read(query, meant.intent, mappings.vocabulary, self.gazetteer, by_code.sectors)
        reading = replace(reading, notices=(*meant.notices, *reading.notices))
        if self.scope:
            beyond = scope_notices.notices(self.scope, reading, mappings.vocabulary, self.gazetteer, query.lang)
            reading = replace(reading, notices=(*beyond, *reading.notices))
        where = resolve(reading.asked, self.gazetteer, query.lang)
        problems += [*reading.problems, *where.problems]
        if query.sort == "distance" and where.centre is None and not reading.problems:
            problems.append(Problem("sort", query.sort, "sort_needs_centre"))
        if problems:
            raise InvalidQuery(tuple(problems))
        profile = mappings.profile(query.profile or DEFAULT_PROFILE).without(query.without)
        asked = self.compiled.strict(reading.text, profile)
        needs = self._needs(reading, profile, where)
        request = self._request(query, reading, where, asked, profile, needs)
        return Plan(query, meant.intent, reading, where, profile, request, asked, needs, meant.intent)

    def _met(self, query: Query, intent: Intent) -> Met:
        """The phrase without filters that no record can meet; the index is asked only when it may hold one."""
        if not checkable(query, intent):
            return Met(intent)

        def literally(texts: tuple[str, ...]) -> Intent:
            return self.understand(replace(query, literal=(*query.literal, *texts)))

        return met(query, intent, self.memory.meetable(self.index, self.status), self.mappings.vocabulary, literally)

    def placed(self, made: Plan, where: GeoFilter) -> Plan:
        """The same plan, looking in other places."""
        return self._with(made, made.reading, where)

    def lenient(self, made: Plan) -> Plan | None:
        """The plan with typos mended and fewer words required; None when that searches nothing else. Trades named
        once typos are mended are needs as if they had been typed."""
        relaxed = self._build_relaxation(made)
        return self._relaxed_plan(made, relaxed) if relaxed else None

    def mended(self, made: Plan) -> Plan | None:
        """The plan of a phrase that names a trade already, with the typos mended that hide another: "plateau repas"
        in "platau repa". None where mending names no other trade."""
        asked = made.words.words if made.words else ()
        folded = (term for word in asked for term in self.compiled.analysis.terms(words.FOLDED, word.text))
        if not corrections.hold_typos(folded, self.memory.known_words, self.mappings.spelled):
            return None
        relaxed = self._build_relaxation(made)
        if relaxed is None or not relaxed.corrections:
            return None
        found = self._relaxed_plan(made, relaxed)
        trades = _named(found.meant)
        return found if trades and trades != _named(made.meant) else None

    def _build_relaxation(self, made: Plan) -> words.Relaxed | None:
        if made.words is None:
            return None
        current, profile = self.compiled, made.profile
        correct = corrections.corrector(self.words_of(), self.memory.known_words, self.mappings.spelled)
        return words.lenient(made.reading.text, made.words, current.analysis, current.equivalents, profile, correct)

    def _relaxed_plan(self, made: Plan, relaxed: words.Relaxed) -> Plan:
        reading, meant = replace(made.reading, text=relaxed.text), made.meant
        if relaxed.corrections:
            meant = self.understand(replace(made.query, q=words.replace_words(made.query.q, relaxed.corrections)))
            sectors = dict.fromkeys((*reading.sectors, *sectors_of(meant)))
            reading = replace(reading, sectors=tuple(sectors), needs=meant.needs)
        return replace(self._with(made, reading, made.where, relaxed), meant=meant, relaxed=relaxed)

    def _with(
        self, made: Plan, reading: Interpretation, where: GeoFilter, relaxed: words.Relaxed | None = None
    ) -> Plan:
        text = relaxed.query if relaxed else made.request.text
        needs = self._needs(reading, made.profile, where)
        request = self._request(made.query, reading, where, text, made.profile, needs)
        return replace(made, reading=reading, where=where, request=request)

    def _request(
        self,
        query: Query,
        reading: Interpretation,
        where: GeoFilter,
        text: TextQuery | None,
        profile: Profile,
        needs: tuple[Need, ...],
    ) -> SearchRequest:
        silent = self.responses.silent(profile.responsiveness)
        scope = self.scope.filters
        return plan.request(query, reading, where, text, profile, self.today, scope, needs, self.gazetteer, silent)

    def _needs(self, reading: Interpretation, profile: Profile, where: GeoFilter) -> tuple[Need, ...]:
        """Each with its words in the index's analysis. At a place, of a trade that plenty do, who only speaks of it
        is no answer."""
        if not reading.needs:
            return ()
        compiled, near = self.compiled, self.mappings.near
        placed = bool(where.targets) or reading.asked.automatic

        def said_in(sectors: tuple[str, ...]) -> tuple[str, ...]:
            asked = near.said_in and self.memory.doers(self.index, self.status, sectors) >= near.plenty
            return near.said_in if asked else ()

        def strict(text: str) -> TextQuery | None:
            return compiled.strict(text, profile)

        trades = words.Trades(self.mappings.close, strict, compiled.terms.called, said_in, placed)
        return tuple(map(trades.need, reading.needs))


def _named(intent: Intent) -> list[tuple[str, ...]]:
    """The trades that a phrase names, which no classifier guessed."""
    return [need.sectors for need in intent.needs if need.known_by != "classifier"]
