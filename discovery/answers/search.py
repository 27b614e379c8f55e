"""An `Answer` → the JSON of `/api/v1/search`: how the phrase was read, the hits, facets, ways out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict

from discovery.answers import links
from discovery.answers.highlighter import Highlighter
from discovery.answers.supplier import (
    Card,
    Labelled,
    Names,
    SelfLink,
    Supplier,
    card,
    label,
    profile,
    slugs,
)
from discovery.engine.port import Document, EngineStatus, Hit
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import replace
from discovery.phrase.model import Intent, KnownBy, Piece
from discovery.phrase.spelling.names import close_values
from discovery.search.answer import Answer, FacetValue, Nearby, NeedFound
from discovery.search.caches import CacheInfo
from discovery.search.interpret import is_offered
from discovery.search.launch import LaunchScope
from discovery.search.query import Cursor, Notice, Problem, Query
from discovery.search.reasons import Grade
from discovery.search.service import SearchService
from discovery.texts import t


class Alternative(TypedDict):
    value: Annotated[str, "A place code."]
    label: str


class PieceBody(TypedDict):
    type: Annotated[
        str,
        "place, radius, kind, kind_group, national, sector, certification, network, service_type, siret, exclusion, "
        "cpv, naf, rome or hours; of ignored ones quantity, date, budget, surface, frequency, reference, legal, "
        "supplier_word, courtesy or address.",
    ]
    parameter: Annotated[
        str | None, "Of an exclusion: the parameter that it stands for, such as `not_kind`."
    ]
    value: Annotated[str, "A code or slug; of a radius kilometres, of hours of insertion how many."]
    label: Annotated[str, "What to show."]
    text: Annotated[str, "What stands in the phrase."]
    start: Annotated[int, "Offset in `q`, in Unicode characters."]
    end: Annotated[int, "Offset in `q`, excluded."]
    role: Annotated[
        str | None,
        "Of a place: `boundary`, `focus`, or `hint`: whose need it is, which only ranks.",
    ]
    applied: Annotated[bool, "false: proposed as a filter, its words are searched; or ignored."]
    alternatives: Annotated[list[Alternative], "Namesakes, likeliest first."]
    cut: Annotated[
        list[int],
        "Offsets in `q`, the second excluded: what to take out to drop the piece, the connectives that touch it "
        "included.",
    ]


class OfferBody(TypedDict):
    parameter: str
    value: str
    label: str
    count: Annotated[int, "The total once this filter is chosen alone."]


class SectorOfNeed(TypedDict):
    slug: Annotated[str, "Of a sector or a group."]
    label: str


class NeedBody(TypedDict):
    text: Annotated[str, "What names it."]
    start: Annotated[
        int, "Offset in `q` (in `did_you_mean` where typos were mended), in Unicode characters."
    ]
    end: Annotated[int, "Offset, excluded."]
    sectors: Annotated[list[SectorOfNeed], "The trades that it may be."]
    known_by: Annotated[KnownBy, "What told it."]
    probability: Annotated[
        float, "That the phrase asks for it, 0 to 1, by its names and all of its words."
    ]
    possible: Annotated[
        bool, "true: too unlikely to be claimed. Where all are, `recognised` is false."
    ]
    total: Annotated[int, "Suppliers found for it alone, with the same filters and places."]
    url: Annotated[str, "Page that searches for it alone."]


class WiderCircle(TypedDict):
    radius: Annotated[int, "Kilometres."]
    total: Annotated[int, "Suppliers in it."]


class CircleBody(TypedDict):
    radius: Annotated[int, "Kilometres."]
    label: Annotated[str, "What to show: “à 30 km (automatique)”."]
    total: Annotated[int, "Suppliers in it."]
    wider: Annotated[list[WiderCircle], "The next ones that hold more."]


class Understood(TypedDict):
    q: Annotated[str, "The phrase as typed."]
    text: Annotated[str, "The words that remain."]
    interpretation: list[PieceBody]
    ignored: Annotated[
        list[PieceBody],
        "Quantities, dates, budgets, courtesy…: told, never searched. `literal` makes them words.",
    ]
    needs: Annotated[
        list[NeedBody],
        "The trades recognised: who does one of them is found, the other words only rank.",
    ]
    recognised: Annotated[
        bool,
        "false: no trade was recognised and nobody holds all the words. At most ten suppliers that hold some, or do "
        "what is only possible, are shown; all of a possible trade that a word names.",
    ]
    relaxed: Annotated[
        bool, "true: too few suppliers matched all words, so the search was widened."
    ]
    searched: Annotated[
        str,
        "The words that decided: those of the needs, else those that remain, corrected when `relaxed`.",
    ]
    did_you_mean: Annotated[str | None, "The phrase with its typos corrected."]
    circle: Annotated[
        CircleBody | None, "Chosen for a centre without a distance: `radius` keeps it."
    ]
    offers: Annotated[list[OfferBody], "Filters that the phrase may have meant."]


class Opened(TypedDict):
    region: Annotated[list[str], "Codes of the regions that are open: suppliers seated there."]
    department: Annotated[list[str], "Codes of the departments that are open besides."]
    sector: Annotated[list[str], "Slugs of the sectors and groups that are open; none = all."]


class ScopeTexts(TypedDict):
    label: Annotated[str, "“Hygiène et propreté · Bretagne”."]
    sentence: Annotated[str, "To show to people."]


class Scope(ScopeTexts, Opened):
    """What a service has opened, where that is not everything."""


class Labels(TypedDict):
    fr: str
    en: str


class NamedTexts(TypedDict):
    label: Labels
    sentence: Annotated[Labels, "To show to people."]


class NamedScope(NamedTexts, Opened):
    """The same with its texts in both languages, as the vocabulary has its labels."""


OPENED = "What this service has opened so far, to which every answer keeps; null when it is open altogether."


class Total(TypedDict):
    value: int
    relation: Annotated[Literal["eq", "gte"], "`eq`: exact; `gte`: at least."]


class MatchedSector(Labelled):
    matched: Annotated[bool, "Whether the supplier is in the answer for this sector."]


class Result(Card):
    distance_km: Annotated[
        float | None, "Great-circle distance from the search's centre, when there is one."
    ]
    minutes: Annotated[
        int | None, "By car from that centre to its commune, estimated; none across water."
    ]
    coverage: Annotated[str | None, "How it matched the place: `located` or `serves`."]
    serves_by: Annotated[
        str | None,
        "How it serves the place: `seat`, `near` (a declared zone), `presumed` (no zone declared) or `national`; null "
        "without a place.",
    ]
    matched_by: Annotated[
        str | None,
        "What tells that it does what is needed: `activity`, `evidence` or `mention`; null without a need.",
    ]
    sectors: list[MatchedSector]
    highlights: Annotated[
        dict[str, list[str]],
        "Field (name, brand, offers, description) → HTML, escaped but for `<mark>`.",
    ]
    why: Annotated[list[str], "Reasons, as short phrases."]
    grades: Annotated[
        list[Grade],
        "How sure each of `why` is: `declared` by the supplier, a register or a contract; `inferred` from its code, "
        "name, job offers or words; `to_check` with it.",
    ]
    score: Annotated[
        float | None, "Only comparable within one answer; null when the order is not relevance."
    ]


class Suggestion(TypedDict):
    change: Annotated[
        dict[str, object], "Parameter → its new value, a list of values, or null to take it away."
    ]
    label: str
    count: Annotated[int, "The total once the change is made."]


class UnknownTradesLinks(TypedDict):
    self: Annotated[str, "The search that finds them."]
    page: Annotated[str, "The same as a page for people."]


class PageLinks(links.Pages):
    page: Annotated[
        str, "The same search as a page for people; a key's presets are parameters there."
    ]


class KindCount(Labelled):
    count: int


class UnknownTradesBody(TypedDict):
    total: Annotated[
        int, "Suppliers seated at the place of whom no trade is known; never in `total.value`."
    ]
    kinds: Annotated[
        list[KindCount],
        "Those first that do such things oftenest (`trades/usual.yaml`), then the most frequent.",
    ]
    heading: Annotated[str, "What to write above them."]
    links: UnknownTradesLinks


class SearchAnswer(TypedDict):
    query: Understood
    total: Total
    results: list[Result]
    nearby: Annotated[
        list[Result],
        "When nobody is at the place asked: the nearest that do it, in no count and no export.",
    ]
    nearby_heading: Annotated[str | None, "What to write above `nearby`."]
    neighbours: Annotated[
        list[Result],
        "Who does what is needed next door and declares other places for it: to be asked. In no count, no export.",
    ]
    neighbours_heading: Annotated[str | None, "What to write above `neighbours`."]
    unknown_trades: Annotated[
        UnknownTradesBody | None,
        "Where few at the place do what is needed: who sits there and tells no trade.",
    ]
    facets: Annotated[dict[str, list[FacetValue]], "Facet → its values, most frequent first."]
    suggestions: Annotated[list[Suggestion], "Ways out when filters left little, each counted."]
    warnings: "list[NoticeBody]"
    links: PageLinks
    took_ms: Annotated[float, "Time spent, engine included."]
    engine: str
    profile: Annotated[str, "The ranking profile that ordered the results."]
    index: Annotated[str, "The index that answered."]
    rebuild_needed: Annotated[
        bool, "true: the index was built from other mappings than the service's."
    ]
    scope: Annotated[Scope | None, OPENED]


class SupplierList(TypedDict):
    total: Total
    results: list[Supplier]
    scope: Annotated[Scope | None, OPENED]
    links: SelfLink


def sectors(
    hit: Hit, wanted: Collection[str], vocabulary: Vocabulary, lang: str
) -> list[MatchedSector]:
    """The supplier's sectors, each once; `matched`: those for which it is in the answer.

    `wanted`: sectors and groups asked for, by a filter or by name, which narrow the matched ones:
    every activity may serve the place, but it is for one of them that the buyer came.
    """
    found: dict[str, MatchedSector] = {}
    for activity in hit.document.get("activities") or ():
        slug = activity.get("sector")
        if slug is None:  # presumed of a supplier that declares no activity
            continue
        matched = slug in hit.matched_sectors or (not hit.matched_sectors and bool(wanted))
        if wanted and matched:
            matched = slug in wanted or activity.get("sector_group") in wanted
        found[slug] = {
            "slug": slug,
            "label": label(slug, vocabulary.sectors, lang),
            "matched": matched,
        }
    return list(found.values())


SEARCH_PATH = "/api/v1/search"
SUPPLIERS_PATH = "/api/v1/suppliers"
PAGES_PATH = "/fournisseurs/"
"""Where people read about one supplier; the slug follows."""


class Presenter:
    """Shared by the API, the pages and the command line.

    `fingerprint`: of today's mappings. `base`: what precedes every path in addresses. `sign`:
    writes a cursor as a text, empty when it can't.
    """

    def __init__(
        self,
        search: SearchService,
        fingerprint: str,
        base: str = "",
        sign: Callable[[Cursor], str] = lambda _: "",
    ) -> None:
        self.base = base
        self.names = Names(
            search.mappings.vocabulary, search.gazetteer, base + PAGES_PATH, search.scope
        )
        self._sign = sign
        self._search = search
        self._fingerprint = fingerprint
        self._highlighter: Highlighter | None = None

    def rebuild_needed(self, status: EngineStatus) -> bool:
        """Whether the index that serves was built from other mappings than today's."""
        return bool(status.fingerprint) and status.fingerprint != self._fingerprint

    def scope(self, lang: str) -> Scope | None:
        """What the service has opened, as JSON; None when that is everything."""
        scope = self._search.scope
        return (
            {"label": scope.label(lang), "sentence": sentence(scope, lang), **_named(scope)}
            if scope.named
            else None
        )

    def answer(self, answer: Answer, *, marked: bool = True) -> SearchAnswer:
        """The whole answer as JSON; `marked`: with the words met in texts, which cost most of a
        hundred results.
        """
        query = answer.plan.query
        nearby, nearby_heading = self._beside(answer, answer.nearby)
        neighbours, neighbours_heading = self._beside(answer, answer.neighbours)
        return {
            "query": understood(answer, self.names, f"{self.base}/"),
            "total": {"value": answer.page.total, "relation": "eq"},
            "results": self._results(answer.page.hits, answer, marked) if answer.page.hits else [],
            "nearby": nearby,
            "nearby_heading": nearby_heading,
            "neighbours": neighbours,
            "neighbours_heading": neighbours_heading,
            "unknown_trades": self._unknown_trades(answer),
            "facets": answer.facets,
            "suggestions": [
                {
                    "change": links.change(one.change),
                    "label": t(f"answer.{one.code}", query.lang, **one.args),
                    "count": one.count,
                }
                for one in answer.suggestions
            ],
            "warnings": [warning(one, query.lang) for one in answer.plan.notices],
            "links": {
                **self._pages(answer),
                "page": links.address(f"{self.base}/", links.for_people(query)),
            },
            "took_ms": round(answer.took_ms, 2),
            "engine": answer.status.engine,
            "profile": answer.plan.profile.name,
            "index": answer.status.index,
            "rebuild_needed": self.rebuild_needed(answer.status),
            "scope": self.scope(query.lang),
        }

    def hit(self, answer: Answer, hit: Hit) -> Result:
        return self._results([hit], answer)[0]

    def _results(self, hits: Sequence[Hit], answer: Answer, marked: bool = True) -> list[Result]:
        """The hits as the answer's results have them.

        One thing for all hits, then the next: twenty times the same work takes a third less time
        than twenty by turns.
        """
        highlighter, lang = self._highlighter, answer.plan.query.lang
        if (
            highlighter is None or highlighter.analysis is not answer.analysis
        ):  # another one after a rebuild
            highlighter = self._highlighter = Highlighter(answer.analysis)
        publics: list[Mapping[str, Any]] = [hit.document["public"] for hit in hits]
        cards = [card(public, self.names, lang) for public in publics]
        marks = highlighter.suppliers(publics, answer.plan.request.text if marked else None)
        reasons = self._search.why(answer)
        centre, seats = (
            answer.plan.where.centre,
            [(hit.document.get("commune") or "", hit.distance_km) for hit in hits],
        )
        roads = self.names.gazetteer.roads_from(centre.lat, centre.lon) if centre else None
        times = roads.minutes(seats) if roads else [None] * len(hits)
        held = [sectors(hit, reasons.wanted, self.names.vocabulary, lang) for hit in hits]
        whys = [reasons.of(hit, mark.words) for hit, mark in zip(hits, marks, strict=True)]
        return [
            {
                **shown,
                "distance_km": None if hit.distance_km is None else round(hit.distance_km, 2),
                "minutes": None if minutes is None else round(minutes),
                "coverage": hit.coverage,
                "serves_by": hit.serves_by,
                "matched_by": hit.matched_by,
                "sectors": own,
                "highlights": mark.fields,
                "why": [reason.text for reason in why],
                "grades": [reason.grade for reason in why],
                "score": None if hit.score is None else round(hit.score, 6),
            }
            for (hit, minutes), shown, mark, own, why in zip(
                zip(hits, times, strict=True), cards, marks, held, whys, strict=True
            )
        ]

    def _beside(self, answer: Answer, found: Nearby | None) -> tuple[list[Result], str | None]:
        """Who does it elsewhere, each with what is true of it there, and their heading."""
        if found is None:
            return [], None
        elsewhere = replace(
            answer, plan=replace(answer.plan, request=found.request, where=found.where)
        )
        heading = t(f"answer.{found.code}", answer.plan.query.lang, **found.args)
        return self._results(found.hits, elsewhere), heading

    def _unknown_trades(self, answer: Answer) -> UnknownTradesBody | None:
        found, lang = answer.unknown_trades, answer.plan.query.lang
        if found is None:
            return None
        kinds = self.names.vocabulary.kinds
        return {
            "total": found.total,
            "kinds": [
                {"slug": one, "label": label(one, kinds, lang), "count": count}
                for one, count in found.kinds
            ],
            "heading": t("search.unknown_trades", lang, count=found.total),
            "links": {
                "self": links.address(self.base + SEARCH_PATH, found.query),
                "page": links.address(f"{self.base}/", links.for_people(found.query)),
            },
        }

    def _pages(self, answer: Answer) -> links.Pages:
        """By cursor where the order can be walked: page by page, who changes meanwhile would move
        the others.
        """
        path, query = self.base + SEARCH_PATH, answer.plan.query
        if query.cursor is None:
            found = links.pages(path, query, answer.reach)
        else:
            found = {
                "self": links.address(path, query, 1, self._sign(query.cursor)),
                "next": None,
                "prev": None,
            }
        if answer.next and (token := self._sign(answer.next)):
            found["next"] = links.address(path, answer.plan.pinned, 1, token)
        return found

    def supplier(self, document: Document, lang: str) -> Supplier:
        """One live supplier, every public field."""
        public = document["public"]
        path = f"{self.base}{SUPPLIERS_PATH}/{links.segment(public['id'])}"
        return {**profile(public, self.names, lang), "links": {"self": path}}

    def caches(self) -> dict[str, CacheInfo]:
        """What is kept between answers, by name: phrases as understood, until the index changes;
        texts of hits as tokens, until it has another analysis.
        """
        texts = {"texts": self._highlighter.seen()} if self._highlighter else {}
        return {"phrases": self._search.understanding.seen(), **texts}


_KNOWN = {
    name: (name,)
    for name in Query.__dataclass_fields__
    if name not in {"unknown", "as_of", "scope"}
}


class ParameterError(TypedDict):
    """A parameter at fault."""

    parameter: str
    value: Annotated[str, "As given, shortened when long."]
    code: Annotated[str, "Stable name of the fault."]
    message: Annotated[str, "What is wrong and what to do, in the language of `lang`."]
    choices: Annotated[list[str], "Valid values that come close."]


class NoticeBody(TypedDict):
    """A warning: the search was made all the same."""

    code: str
    parameter: str
    message: str
    choices: Annotated[list[str], "Values that were meant, perhaps."]


def message(problem: Problem, lang: str) -> str:
    """What is wrong, in a sentence for people."""
    return t(f"message.{problem.code}", lang, **problem.args)


def lines(problems: Iterable[Problem], lang: str) -> list[str]:
    """Each problem on a line, with the values that come close."""
    return [
        f"{one.parameter}: {message(one, lang)}"
        + (f" ({', '.join(one.choices)})" if one.choices else "")
        for one in problems
    ]


def told_problem(problem: Problem, lang: str) -> ParameterError:
    return {
        "parameter": problem.parameter,
        "value": problem.value,
        "code": problem.code,
        "message": message(problem, lang),
        "choices": list(problem.choices),
    }


def warning(notice: Notice, lang: str) -> NoticeBody:
    """A notice in words; an unknown parameter comes with the known one it resembles."""
    message, choices = t(f"message.{notice.code}", lang, **notice.args), notice.choices
    if notice.code == "unknown_parameter":
        choices = close_values(notice.parameter, _KNOWN, limit=1)
        if choices:
            message += " " + t("message.did_you_mean_parameter", lang, parameter=choices[0])
    return {
        "code": notice.code,
        "parameter": notice.parameter,
        "message": message,
        "choices": list(choices),
    }


def understood(answer: Answer, names: Names, page: str) -> Understood:
    """How the phrase was read, as JSON. `page`: where people search, which the links of needs lead
    to.
    """
    return {
        "q": answer.plan.query.q,
        "text": answer.plan.intent.text,
        "interpretation": [piece(one, answer.plan.intent) for one in answer.plan.reading.pieces],
        "ignored": [piece(one, answer.plan.intent) for one in answer.plan.reading.ignored],
        "needs": [_need(one, names, page, answer.plan.query.lang) for one in answer.needs],
        "recognised": answer.plan.recognised,
        "relaxed": answer.plan.relaxed is not None,
        "searched": answer.searched,
        "did_you_mean": answer.plan.did_you_mean,
        "circle": _circle(answer),
        "offers": [
            {"parameter": one.parameter, "value": one.value, "label": one.label, "count": one.count}
            for one in answer.offers
        ],
    }


def piece(one: Piece, phrase: Intent) -> PieceBody:
    """One piece as JSON. `applied` is false for what is proposed as a filter, its words searched,
    and for what is ignored.
    """
    return {
        "type": one.type,
        "parameter": one.parameter or None,
        "value": one.value,
        "label": one.label,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "role": one.role,
        "applied": not (is_offered(one) or one.ignored),
        "alternatives": [
            {"value": other.value, "label": other.label} for other in one.alternatives
        ],
        "cut": list(phrase.cut(one)),
    }


def _need(found: NeedFound, names: Names, page: str, lang: str) -> NeedBody:
    """A trade asked for; `url` searches for it alone."""
    asked = found.need
    return {
        "text": asked.text,
        "start": asked.start,
        "end": asked.end,
        "sectors": slugs(asked.sectors, names.vocabulary.terms("sector"), lang),
        "known_by": asked.known_by,
        "probability": round(asked.probability, 2),
        "possible": asked.possible,
        "total": found.total,
        "url": links.address(page, links.for_people(found.query)),
    }


def _circle(answer: Answer) -> CircleBody | None:
    """The circle chosen for a centre without a distance, and the wider ones; null when none was to
    be chosen.
    """
    found = answer.plan.circle
    if found is None:
        return None
    return {
        "radius": found.radius_km,
        "label": t("answer.circle_chosen", answer.plan.query.lang, radius=found.radius_km),
        "total": found.counts[found.radius_km],
        "wider": [{"radius": km, "total": count} for km, count in found.wider],
    }


def scope_json_in_both(scope: LaunchScope) -> NamedScope | None:
    """The launch scope with its texts in every language, as the vocabulary has its labels; None
    when everything is open.
    """
    if not scope.named:
        return None
    return {
        "label": {"fr": scope.label("fr"), "en": scope.label("en")},
        "sentence": {"fr": sentence(scope, "fr"), "en": sentence(scope, "en")},
        **_named(scope),
    }


def sentence(scope: LaunchScope, lang: str) -> str:
    return t("message.launch_scope", lang, label=scope.label(lang))


def _named(scope: LaunchScope) -> Opened:
    region, department, sector = (
        list(scope.named.get(name, ())) for name in ("region", "department", "sector")
    )
    return {"region": region, "department": department, "sector": sector}
