"""Public figures: `/stats` for people, `.json` and `.csv` for programs; and what the visitors of a
key's site search.

`/widget/figures?key=…` is there only where searches are counted (`DISCOVERY_QUERY_LOG`). A key
stands in its site's pages: what it opens is told to anybody, hence without small numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request

from discovery.answers.figures import (
    MIN_DAYS,
    MIN_SHOWN,
    MIN_TIMES,
    PHRASE,
    Cached,
    Figures,
    Month,
    SearchCounts,
    Searches,
    SearchFigures,
    kept_figures,
    told,
)
from discovery.answers.files import csv_text, safe
from discovery.http.api.search import search_counts
from discovery.http.keys import Key
from discovery.http.problems import Details, Refused
from discovery.http.responses import csv_attachment, framed_by, json_response, page_policy, shared
from discovery.mappings.vocabulary import Term
from discovery.model import dataclass
from discovery.pages.files.bundles import WIDGET_ROOT as PATH
from discovery.pages.frame import responding
from discovery.pages.frame.urls import FIGURES_PATH, PageUrls
from discovery.pages.maps import outline_map
from discovery.pages.results.page import WHOLE
from discovery.places import normalise
from discovery.search.answer import BY_NAME, Names
from discovery.texts import language, month, section, t

KEPT = "discovery.answers.figures"

blueprint = Blueprint("figures", __name__)


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions[KEPT] = kept_figures()


@blueprint.get(FIGURES_PATH)
def show() -> Response:
    """The page of public figures: suppliers by kind, trade and department, and the trades that a
    department lacks.
    """
    site = responding.site()
    urls = responding.home(site)
    here = PageUrls(urls.pairs, FIGURES_PATH)
    context = stats_context(current(), _names(), urls, site.lang)
    context |= {"whole": bool(request.args.get(WHOLE)), "all": here.set(**{WHOLE: 1})}
    counts = search_counts()
    if counts is not None:
        context |= searches_context(counts.read(), _names(), urls, site.lang)
    return responding.html(responding.drawn("stats.html", site, here, context))


@blueprint.get(f"{FIGURES_PATH}.json")
def as_json() -> Response:
    lang = language(request.args.get("lang"))
    scope = responding.services().presenter.scope(lang)
    return json_response({"scope": scope, **stats_json(current(), _names(), lang)})


@blueprint.get(f"{FIGURES_PATH}.csv")
def as_csv() -> Response:
    text = stats_csv(current(), _names(), language(request.args.get("lang")))
    return shared(csv_attachment(text, "stats"))


@blueprint.get(f"{FIGURES_PATH}/searches.json")
def searches_as_json() -> Response:
    return json_response(
        searches_json(_counts().read(), _names(), language(request.args.get("lang")))
    )


@blueprint.get(f"{FIGURES_PATH}/searches.csv")
def searches_as_csv() -> Response:
    text = searches_csv(_counts().read(), _names(), language(request.args.get("lang")))
    return shared(csv_attachment(text, "searches"))


def current() -> Figures:
    """The figures that this process keeps. Raises EngineUnavailable when it has none and can't
    gather any.
    """
    kept: Cached[Figures] = current_app.extensions[KEPT]
    return kept.of(responding.services().search)


def _counts() -> SearchCounts:
    """What is searched, counted; refused where it is not: the log keeps no words."""
    counts = search_counts()
    if counts is None:
        raise Refused(Details("not_found"))
    return counts


def _names() -> Names:
    services = responding.services()
    return Names(services.search.scope.narrowed(services.mappings.vocabulary), services.gazetteer)


STEPS = 5
"""Shades of the map above "none"."""

CATCH_ALL = "autre-"
"""How the slugs of a family's "other" trades begin."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: `share` of the longest bar, in percent."""

    value: str
    label: str
    count: int
    share: float
    url: str


def stats_context(figures: Figures, names: Names, urls: PageUrls, lang: str) -> dict[str, Any]:
    """What `stats.html` draws. Every number links to the search that finds as many."""
    departments = labelled(names, "department", [*figures.reach], lang)
    counts = figures.facets["department"]
    limits = steps(counts.values())
    return {
        "figures": figures,
        "kinds": bars(figures, "kind", names, urls, lang),
        "groups": bars(figures, "sector_group", names, urls, lang),
        "regions": bars(figures, "region", names, urls, lang),
        "departments": bars(figures, "department", names, urls, lang),
        "view": (outline_map.WIDTH, outline_map.HEIGHT),
        "map": [
            {
                "id": id,
                "shape": shape,
                "label": departments.get(shape.code, shape.code),
                "count": counts.get(shape.code, 0),
                "step": step(counts.get(shape.code, 0), limits),
                "url": urls.set(department=shape.code) if shape.code in departments else "",
                "numbered": shape.numbered and shape.code in departments,
            }
            for held in outline_map.regions().values()
            for id, shape in held.items()
        ],
        "captions": [
            {
                "text": department.name,
                "x": frame.left + frame.width / 2,
                "y": frame.top + frame.height + 8,
            }
            for code, frame in outline_map.OVERSEAS.items()
            if (department := names.gazetteer.department(code)) is not None
        ],
        "legend": ranges(limits, max(counts.values(), default=0)),
        "gaps": gaps(figures, names, urls, lang),
        "total_departments": len(figures.reach),
    }


def bars(figures: Figures, facet: str, names: Names, urls: PageUrls, lang: str) -> list[Bar]:
    """The values of a facet, most frequent first."""
    counts = figures.facets[facet]
    labels = labelled(names, facet, counts, lang)
    longest = max(counts.values(), default=1)
    found = sorted(counts, key=lambda value: (-counts[value], normalise(labels[value])))
    parameter = BY_NAME[facet].parameter
    shares = {value: round(100 * count / longest, 2) for value, count in counts.items()}
    return [
        Bar(one, labels[one], counts[one], shares[one], urls.set(**{parameter: one}))
        for one in found
    ]


def gaps(figures: Figures, names: Names, urls: PageUrls, lang: str) -> list[dict[str, Any]]:
    """Each trade with the departments where nobody answers for it; the most widely missing first.

    "Other" trades are left out: that nobody does something else is no lack.
    """
    departments = labelled(names, "department", figures.reach, lang)
    rows = []
    for slug, term in names.vocabulary.sectors.items():
        label, missing = term.label(lang), () if slug.startswith(CATCH_ALL) else figures.gaps(slug)
        known = [code for code in departments if code not in missing]
        rare = 0 < len(known) < len(missing)
        if missing:
            rows.append(
                {
                    "value": slug,
                    "label": label,
                    "url": urls.set(q=label),
                    "count": len(missing),
                    "total": sum(figures.seated.get(slug, {}).values()),
                    "departments": ", ".join(
                        departments[code] for code in (known if rare else missing)
                    ),
                    "rare": rare,
                }
            )
    return sorted(rows, key=lambda row: (-row["count"], normalise(row["label"])))


def steps(counts: Iterable[int]) -> tuple[int, ...]:
    """Least count of each shade but "none": quantiles of the departments that have suppliers, each
    shade as large.
    """
    held = sorted(count for count in counts if count)
    if not held:
        return ()
    return tuple(sorted({held[len(held) * part // STEPS] for part in range(STEPS)} | {held[0]}))


def step(count: int, limits: Sequence[int]) -> int:
    """The shade of a count on the map: 0 = none, else from 1."""
    return sum(count >= limit for limit in limits) if count else 0


def ranges(limits: Sequence[int], most: int) -> list[tuple[int, int, int]]:
    """(shade, least, most) of each shade, "none" first."""
    ends = [*(limit - 1 for limit in limits[1:]), most] if limits else []
    return [
        (0, 0, 0),
        *((number, *ends_of) for number, ends_of in enumerate(zip(limits, ends, strict=True), 1)),
    ]


def labelled(names: Names, facet: str, values: Iterable[str], lang: str) -> Mapping[str, str]:
    known = names.listed(BY_NAME[facet], lang)
    return {
        value: known.get(value, value) for value in values
    }  # a term dropped since the index was built


def stats_json(figures: Figures, names: Names, lang: str) -> dict[str, Any]:
    """Counts with their labels; `gaps`: codes of departments by sector."""
    return {
        "day": figures.day.isoformat(),
        "total": figures.total,
        **{
            facet: [
                {"value": value, "label": label, "count": counts[value]}
                for value, label in labelled(names, facet, counts, lang).items()
            ]
            for facet, counts in figures.facets.items()
        },
        "reach": {code: dict(counts) for code, counts in figures.reach.items()},
        "gaps": {
            slug: missing
            for slug in names.vocabulary.sectors
            if (missing := list(figures.gaps(slug)))
        },
    }


def stats_csv(figures: Figures, names: Names, lang: str) -> str:
    """One row a trade and department: how many answer for it, none included; for a spreadsheet's
    pivot table.
    """
    departments = labelled(names, "department", figures.reach, lang)
    rows = [
        (slug, term.label(lang), code, departments[code], counts.get(slug, 0))
        for slug, term in names.vocabulary.sectors.items()
        for code, counts in figures.reach.items()
    ]
    return csv_text([section("figures.csv", lang).values(), *rows], lang)


PARAMETERS = {PHRASE: "q", "sector": "sector", "kind": "kind", "place": "place"}
"""What was counted → the parameter that asks it again; in the order of presentation."""


def searches_context(searches: Searches, names: Names, urls: PageUrls, lang: str) -> dict[str, Any]:
    """What the page's template shows. `lists`: (what, its lines), of those that have any."""
    lists = (
        (what, list(_searched_lines(searches, what, names, urls, lang))) for what in PARAMETERS
    )
    return {
        "searches": searches,
        "zero_rate": round(100 * searches.zero_rate, 1),
        "lists": [one for one in lists if one[1]],
        "least_times": MIN_TIMES,
        "least_days": MIN_DAYS,
    }


def searches_json(searches: Searches, names: Names, lang: str) -> dict[str, Any]:
    return {
        "days": searches.days,
        "total": searches.total,
        "zero": searches.zero,
        "zero_rate": round(searches.zero_rate, 4),
        **{
            what: [
                {"value": one.value, "label": label, "count": one.times}
                for one, label in named(searches, what, names, lang)
            ]
            for what in PARAMETERS
        },
    }


def searches_csv(searches: Searches, names: Names, lang: str) -> str:
    """The counts of searches as CSV, a row for each value; the totals first."""
    totals = (("total", "", "", searches.total), ("zero", "", "", searches.zero))
    rows = [
        (what, safe(one.value), safe(label), one.times)
        for what in PARAMETERS
        for one, label in named(searches, what, names, lang)
    ]
    return csv_text([section("searches.csv", lang).values(), *totals, *rows], lang)


def named(
    searches: Searches, what: str, names: Names, lang: str
) -> Iterator[tuple[SearchFigures, str]]:
    """What was asked most, in words; without the trades and kinds that the vocabulary does not
    hold.
    """
    terms: Mapping[str, Term] = {} if what in {PHRASE, "place"} else names.vocabulary.terms(what)
    for one in searches.most[what]:
        if what == PHRASE:
            yield one, one.value
        elif what == "place":
            yield one, names.gazetteer.label(one.value, lang)
        elif one.value in terms:
            text = terms[one.value].label(lang)
            yield one, f"{one.value} – {text}" if what == "kind" else text


def _searched_lines(
    searches: Searches, what: str, names: Names, urls: PageUrls, lang: str
) -> Iterator[Bar]:
    found = list(named(searches, what, names, lang))
    for one, label in found:
        share = round(100 * one.times / found[0][0].times, 2)
        yield Bar(one.value, label, one.times, share, urls.set(**{PARAMETERS[what]: one.value}))


COLUMNS = ("month", "department", "trade", "searches", "zero")


def written_csv(months: Iterable[Month], names: Names, lang: str) -> str:
    """One row a month, then one a department of it, then one a trade that no member offers there."""
    rows = (
        [one.month, *map(safe, row), *counts]
        for one in months
        for row, counts in _rows(one, names, lang)
    )
    return csv_text([[t(f"key_figures.{name}", lang) for name in COLUMNS], *rows], lang)


def _rows(one: Month, names: Names, lang: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    yield ("", ""), (_number(one.count.searches), _number(one.count.zero))
    for code, count in one.departments.items():
        yield (code, ""), (_number(count.searches), _number(count.zero))
    for code, trade, times in one.gaps:
        yield (code, _trade(trade, names, lang)), ("", str(times))


def _number(count: int | None) -> str:
    """As a file holds it."""
    return f"<{MIN_SHOWN}" if count is None else str(count)


def _trade(value: str, names: Names, lang: str) -> str:
    term = names.vocabulary.terms("sector").get(value)
    return term.label(lang) if term else value


KEY_FIGURES = f"{PATH}figures"
MAX_AGE = 3_600
"""Seconds: they change once a day."""


@blueprint.get(KEY_FIGURES)
def show_key_figures() -> Response:
    """The page of figures of a key, which pages of the key's origins may show in a frame."""
    site, names, (key, months) = responding.site(), _names(), _counted_of_key()
    anywhere = t("key_figures.anywhere", site.lang)
    urls = PageUrls(request.args.items(multi=True), KEY_FIGURES)
    file = PageUrls(request.args.items(multi=True), f"{KEY_FIGURES}.csv").keep()
    context = {
        "name": key.name,
        "months": months,
        "month_name": lambda one: month(one, site.lang),
        "place": lambda code: (
            names.gazetteer.label(f"department:{code}", site.lang) if code else anywhere
        ),
        "trade": lambda value: _trade(value, names, site.lang),
        "file": file,
        "least": MIN_SHOWN,
    }
    response = responding.html(responding.drawn("key_figures.html", site, urls, context))
    policy = page_policy(responding.services().settings.tiles_from[0])
    response.headers["Content-Security-Policy"] = framed_by(policy, key.origins)
    return shared(response, MAX_AGE)


@blueprint.get(f"{KEY_FIGURES}.csv")
def key_figures_csv() -> Response:
    text = written_csv(_counted_of_key()[1], _names(), language(request.args.get("lang")))
    return shared(csv_attachment(text, "figures"), MAX_AGE)


def _counted_of_key() -> tuple[Key, tuple[Month, ...]]:
    """Refused without a key that is known, and where nothing is counted."""
    key = current_app.extensions["discovery-keys"].find(request.args.get("key", "").strip())
    if key is None:
        raise Refused(Details("unknown_key"))
    return key, told(_counts().of_key(key.hash))
