"""A query checked, read, interpreted and located: the request that searches it, before the engine
is asked.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from discovery.engine.port import (
    FACETS,
    Alternative,
    DistanceSignal,
    EngineStatus,
    Filters,
    FreshnessSignal,
    Need,
    Order,
    Point,
    Searcher,
    SearchRequest,
    SeaSignal,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    WordCounts,
    drawn,
)
from discovery.mappings.mappings import Mappings
from discovery.mappings.profiles import DEFAULT_PROFILE, MAX_PINNED, Named, Profile
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, replace
from discovery.phrase import Intent
from discovery.phrase.model import Need as NamedTrade
from discovery.phrase.model import Piece
from discovery.phrase.spelling.names import nearest_towns
from discovery.phrase.spelling.words import corrector
from discovery.places import Gazetteer, Place, normalise
from discovery.search import words
from discovery.search.answer import Plan
from discovery.search.caches import Compiled, GenerationCache, PhraseReader
from discovery.search.interpret import (
    Interpretation,
    interpret,
    read_codes,
    sectors_of,
    without_unmatchable,
)
from discovery.search.launch import LaunchScope
from discovery.search.query import Args, InvalidQuery, Notice, Problem, Query, check, composed
from discovery.search.where import MAINLAND, GeoFilter, Measured, measured, resolve
from discovery.trace import stage


@dataclass(frozen=True)
class Planner:
    """What one answer plans with: the index as it stands, looked at once, and the mappings that
    serve now.

    `status`: its own. `words_of`: gives its words. `memory`: what was told of that state before.
    """

    index: Searcher
    status: EngineStatus
    words_of: Callable[[], WordCounts]
    memory: GenerationCache
    understanding: PhraseReader
    mappings: Mappings
    gazetteer: Gazetteer
    scope: LaunchScope
    today: date

    @cached_property
    def compiled(self) -> Compiled:
        """Equivalences and readers of words in the analysis of this index. Raises
        EngineUnavailable.
        """
        return self.memory.compiled(self.index, self.status, self.mappings)

    def understand(self, query: Query) -> Intent:
        """Read the phrase into pieces and remaining words; with `interpret` false all of it is
        words. Raises EngineUnavailable.
        """
        query = composed(query)
        if not query.interpret:
            return Intent(query.q, query.q, (), ((0, len(query.q), "text"),) if query.q else ())
        with stage("parse"):
            profiles = self.mappings.profiles
            profile = profiles.get(query.profile or DEFAULT_PROFILE) or self.mappings.profile()
            often = profile.frequent.documents(self.status.documents)
            return self.understanding.of(
                query, self.mappings, often, self.status.generation, self.words_of()
            )

    def plan(self, query: Query, intent: Intent | None = None, beside: Plan | None = None) -> Plan:
        """Read the phrase (unless `intent` is given), resolve places, choose the ranking. `beside`:
        the plan that this one, which is only counted and not ranked, stands beside: the same places
        are not resolved again. Raises InvalidQuery with everything wrong at once,
        EngineUnavailable.
        """
        query, mappings = composed(query), self.mappings
        query, problems = check(
            query, mappings.vocabulary, self.gazetteer, mappings.profiles, self.scope
        )
        by_code = read_codes(query, mappings.codes, mappings.vocabulary)
        query = by_code.query
        problems += by_code.problems
        if any(problem.parameter == "q" for problem in problems):  # too long to be read
            raise InvalidQuery(tuple(problems))
        intent, unmet = without_unmatchable(
            query,
            intent or self.understand(query),
            lambda: self.memory.meetable(self.index, self.status),
            mappings.vocabulary,
            lambda texts: self.understand(replace(query, literal=(*query.literal, *texts))),
        )
        reading = interpret(query, intent, mappings.vocabulary, self.gazetteer, by_code.sectors)
        beyond = scope_notices(self.scope, reading, mappings.vocabulary, self.gazetteer, query.lang)
        if notices := [*(beyond if self.scope.named else ()), *unmet]:
            reading = replace(reading, notices=(*notices, *reading.notices))
        if beside and beside.reading.asked == reading.asked:
            where = beside.where
        else:
            where = resolve(reading.asked, self.gazetteer, query.lang)
        problems += [*reading.problems, *where.problems]
        if query.sort == "distance" and where.centre is None and not reading.problems:
            problems.append(Problem("sort", query.sort, "sort_needs_centre"))
        if problems:
            raise InvalidQuery(tuple(problems))
        profile = mappings.profiles[query.profile or DEFAULT_PROFILE].without(query.without)
        asked = self.compiled.strict(reading.text, profile)
        needs = self.needs(reading.needs, profile, placed=is_placed(reading, where.targets))
        scope, today = self.scope.filters, self.today
        known, ranked = self.gazetteer, beside is None
        request = make_request(
            query, reading, where, asked, profile, today, scope, needs, known, ranked=ranked
        )
        unheld = self._unheld(asked, reading) if asked and query.interpret and ranked else {}
        hours = sum(float(piece.value) for piece in reading.pieces if piece.type == "hours")
        by_size = request.order is Order.RELEVANCE and hours >= mappings.figures.least_hours
        months = self._months((*reading.pieces, *reading.ignored)) if by_size else 0
        posts = hours * 12 / months / mappings.figures.post_hours if months else 0.0
        if posts:
            args: Args = {"hours": round(hours), "months": months, "posts": round(posts, 1)}
            reading = replace(
                reading, notices=(*reading.notices, Notice("hours_of_insertion", "q", args))
            )
        return Plan(
            query,
            intent,
            reading,
            where,
            profile,
            request,
            asked,
            needs,
            intent,
            unheld=unheld,
            posts=posts,
        )

    def _months(self, pieces: Iterable[Piece]) -> int:
        """In how many months hours of insertion are to be worked: told with them ("par an"), else
        how long all lasts ("sur deux ans"), a year at least.
        """
        periods, numerals = self.mappings.headings.periods, self.mappings.grammar.numbers.numerals
        lengths = [12]
        for piece in pieces:
            *_, count, unit = " ", " ", *normalise(piece.text).split()
            if piece.type == "hours" and unit in periods:
                return periods[unit]
            if piece.type == "date" and unit in periods:
                lengths.append(
                    round(int(count) if count.isdecimal() else numerals.get((count,), 0))
                    * periods[unit]
                )
        return max(lengths)

    def _unheld(self, asked: TextQuery, reading: Interpretation) -> dict[str, str]:
        """Words that no trade, supplier, vocabulary or grammar has → the nearest word or town, ""
        where none is near: for names in prose none is sought.
        """
        counts, known, analysis = self.words_of(), self.memory.known_words, self.compiled.analysis
        buyers, prose = self.mappings.grammar.places.authorities, len(asked.words) >= words.PROSE
        by_model = [need.text for need in reading.needs if not need.named]
        needed = {words.bare(word) for text in by_model for word in text.split()}
        unheld: dict[str, str] = {}
        for word in asked.words:
            surface, terms = words.bare(word.text), analysis.terms(words.FOLDED, word.text)
            if (
                surface in needed
                or not terms
                or not terms[-1].isalpha()
                or (terms[-1],) in buyers.all
            ):
                continue
            if not any(term in known.vocabulary or counts.count(term) for term in terms):
                named = words.is_a_name(surface, reading.text, prose=prose)
                unheld[surface] = "" if named else self._nearest(terms[-1], counts)
        return unheld

    def _nearest(self, term: str, counts: WordCounts) -> str:
        if meant := corrector(counts, self.memory.known_words, self.mappings.spelled)(term):
            return meant
        towns = nearest_towns(term, self.gazetteer, 1)
        return self.gazetteer.label(towns[0]).partition(" (")[0] if towns else ""

    def placed(self, made: Plan, where: GeoFilter) -> Plan:
        return self._with(made, made.reading, where)

    def lenient(self, made: Plan) -> Plan | None:
        """The plan with typos mended and fewer words required; None when that searches nothing
        else. Trades named once typos are mended are needs as if they had been typed.
        """
        relaxed = self._build_relaxation(made)
        return self._relaxed_plan(made, relaxed) if relaxed else None

    def mended(self, made: Plan) -> Plan | None:
        """The plan of a phrase that names a trade already, with the typos mended that hide another:
        "plateau repas" in "platau repa". None where mending names no other trade.
        """
        asked = made.words.words if made.words else ()
        folded = (
            term for word in asked for term in self.compiled.analysis.terms(words.FOLDED, word.text)
        )
        known, spelled = self.memory.known_words, self.mappings.spelled
        if all(known.hold(word, spelled) for word in folded if word.isalpha()):
            return None  # without asking the index
        relaxed = self._build_relaxation(made)
        if relaxed is None or not relaxed.corrections:
            return None
        found = self._relaxed_plan(made, relaxed)
        trades = _trades_named(found.meant)
        return found if trades and trades != _trades_named(made.meant) else None

    def _build_relaxation(self, made: Plan) -> words.Relaxed | None:
        if made.words is None:
            return None
        current, profile = self.compiled, made.profile
        correct = corrector(self.words_of(), self.memory.known_words, self.mappings.spelled)
        return words.lenient(
            made.reading.text, made.words, current.analysis, current.equivalents, profile, correct
        )

    def _relaxed_plan(self, made: Plan, relaxed: words.Relaxed) -> Plan:
        reading, meant = replace(made.reading, text=relaxed.text), made.meant
        if relaxed.corrections:
            meant = self.understand(
                replace(made.query, q=words.replace_words(made.query.q, relaxed.corrections))
            )
            sectors = dict.fromkeys((*reading.sectors, *sectors_of(meant)))
            reading = replace(reading, sectors=tuple(sectors), needs=meant.needs)
        return replace(self._with(made, reading, made.where, relaxed), meant=meant, relaxed=relaxed)

    def _with(
        self,
        made: Plan,
        reading: Interpretation,
        where: GeoFilter,
        relaxed: words.Relaxed | None = None,
    ) -> Plan:
        text = relaxed.query if relaxed else made.request.text
        needs = self.needs(reading.needs, made.profile, placed=is_placed(reading, where.targets))
        scope = self.scope.filters
        request = make_request(
            made.query, reading, where, text, made.profile, self.today, scope, needs, self.gazetteer
        )
        return replace(made, reading=reading, where=where, request=request)

    def needs(
        self, named: Iterable[NamedTrade], profile: Profile, *, placed: bool
    ) -> tuple[Need, ...]:
        """Each as the engine takes it, its words with a minimum of their own. One named by a code
        means its sectors and no more. At a place (`placed`), of a trade that plenty do, who only
        speaks of it is no answer: but where it is said, in which a name of the trade other than the
        one typed ("laver du linge") will do.
        """
        near, needs = self.mappings.near, []
        for asked in named:
            sectors = (
                asked.sectors
                if asked.known_by == "code"
                else self.mappings.close.with_close(asked.sectors)
            )
            text = self.compiled.strict(self._in_french(asked), profile)
            if text is None:
                needs.append(Need(sectors))
            elif (
                placed
                and near.said_in
                and self.memory.doers(self.index, self.status, sectors) >= near.plenty
            ):
                alone = self.compiled.terms.alone
                names = [
                    Alternative(token) for one in asked.sectors for token in alone.get(one, ())
                ]
                held = (
                    replace(one, alternatives=words.distinct(*one.alternatives, *names))
                    for one in text.words
                )
                needs.append(Need(sectors, tuple(held), text.required, near.said_in))
            else:
                needs.append(Need(sectors, text.words, text.required))
        return tuple(needs)

    def _in_french(self, asked: NamedTrade) -> str:
        """The words of a need; of one called by its English label those of the French one, in which
        records speak.
        """
        term = self.mappings.vocabulary.terms("sector").get(asked.sectors[0])
        english = term is not None and normalise(asked.text) == normalise(term.label("en"))
        return term.label("fr") if term and english else asked.text


def is_placed(reading: Interpretation, targets: Collection[Target]) -> bool:
    """Whether trades are sought at a place, or around one whose circle is still to be chosen."""
    return bool(targets) or reading.asked.automatic


def _trades_named(intent: Intent) -> list[tuple[str, ...]]:
    return [need.sectors for need in intent.needs if need.named]


BASE = 1.0
"""What every match scores at least, so that the factors of pins and of the sea tell."""


def make_request(
    query: Query,
    reading: Interpretation,
    where: GeoFilter,
    text: TextQuery | None,
    profile: Profile,
    today: date,
    scope: tuple[Filters, ...] = (),
    needs: tuple[Need, ...] = (),
    gazetteer: Gazetteer | None = None,
    *,
    ranked: bool = True,
) -> SearchRequest:
    """Make the engine's request. Filters have no part in its signals: they never change a score.

    `scope`: filters of the whole service, beside the query's own. `needs`: who meets one of them
    matches, and `text` only ranks. `today`: what freshness is measured from, unless the query says.
    By default hits are ordered by relevance where there are words or needs, else nearest first
    where there is a centre, else the fullest profiles. Not `ranked`: of what is only counted,
    without signals.
    """
    if query.sort != "relevance":
        by = Order(query.sort)
    elif text is not None or needs:
        by = Order.RELEVANCE
    else:
        by = Order.DISTANCE if where.centre else Order.COMPLETENESS
    ranking = Signals()
    if by is Order.RELEVANCE and ranked:
        known, today = gazetteer or Gazetteer.load(), query.as_of or today
        far = measured(reading.asked, where, known)
        own: dict[str, Any] = {}
        told = {word.text for need in needs for word in need.words}
        if (
            text is not None
            and len(text.words) > 1
            and any(word.text not in told for word in text.words)
        ):
            own["named"] = text.words  # words of which some tell no trade may be a company's name
        if profile.rotation:
            own["rotation"] = drawn(f"{today} {normalise(reading.text)}")
        if profile.pins or profile.buries:
            own["pinned"] = pinned = _ids_named(profile.pins, reading.text)[:MAX_PINNED]
            own["buried"] = tuple(
                one for one in _ids_named(profile.buries, reading.text) if one not in pinned
            )
        ranking = make_signals(profile, far, today, needed=bool(needs), overseas=known.overseas)
        ranking = replace(ranking, **own)
    return SearchRequest(
        text=text,
        filters=reading.filters,
        targets=where.targets,
        coverage=where.coverage,
        national=where.national,
        box=where.box,
        centre=where.centre,
        signals=ranking,
        order=by,
        offset=(query.page - 1) * query.per_page,
        size=query.per_page,
        facets=FACETS if query.facets is None else query.facets,
        scope=(*scope, *query.scope),
        needs=needs,
        exclude=reading.exclusions.filters,
        exclude_targets=where.excluded,
        presumed=reading.presumed,
        unknown_trades=query.trades is not None,
    )


def make_signals(
    profile: Profile, measured: Measured, as_of: date, *, needed: bool, overseas: frozenset[str]
) -> Signals:
    """A profile's numbers as the engine takes them, for these centres and this day.

    `needed`: whether a trade is recognised. `overseas`: codes of departments across the sea.
    """
    text, far, fresh = profile.text, profile.distance, profile.freshness
    worth = far.weight if needed else far.alone
    own: dict[str, Any] = {**profile.weights()}
    sea = None
    if measured.side is not None and profile.sea != 1:
        among = measured.side == MAINLAND
        sea = SeaSignal(profile.sea, overseas if among else frozenset({measured.side}), among)
    return Signals(
        base=BASE,
        trade=profile.trade,
        promise=profile.promise,
        text=TextSignal(text.weight if needed else text.alone, text.full),
        distance=DistanceSignal(
            worth,
            measured.centres,
            far.offset_km,
            far.near_km,
            far.far_km,
            far.far_share,
            measured.inside,
        )
        if worth and (measured.centres or measured.inside)
        else None,
        **own,
        freshness=FreshnessSignal(
            fresh.weight, as_of, fresh.offset_days, fresh.scale_days, fresh.decay
        )
        if fresh.weight
        else None,
        sea=sea,
    )


def _ids_named(rules: Iterable[Named], text: str) -> tuple[str, ...]:
    """The suppliers named for these words, in the order of the rules."""
    words = normalise(text)
    ids = [
        one
        for rule in rules
        for query in rule.queries
        if normalise(query) == words
        for one in rule.ids
    ]
    return tuple(dict.fromkeys(ids))


def scope_notices(
    scope: LaunchScope,
    reading: Interpretation,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    lang: str,
) -> Iterator[Notice]:
    """Warn of places of which nothing is open, then of the trades that a phrase names when none of
    them is.
    """
    told = {"scope": scope.label(lang)}
    for place in dict.fromkeys(_places_asked(reading, gazetteer)):
        if not scope.covers(place, gazetteer):
            yield Notice(
                "place_out_of_scope", "place", {"label": gazetteer.label(place, lang), **told}
            )
    terms = vocabulary.terms("sector")
    sectors = [slug for slug in reading.sectors if slug in terms]
    if sectors and not any(scope.opens("sector", slug) for slug in sectors):
        yield Notice("sector_out_of_scope", "q", {"label": terms[sectors[0]].label(lang), **told})


def _places_asked(reading: Interpretation, gazetteer: Gazetteer) -> Iterator[Place]:
    """Those named, and the department of a point."""
    yield from reading.asked.places
    centre = reading.asked.centre
    if isinstance(centre, Place):
        yield centre
    elif isinstance(centre, Point) and (
        department := gazetteer.department_at(centre.lat, centre.lon)
    ):
        yield Place("department", department)
