"""Counts of searches → what `/stats` shows of them, and the same as JSON and CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from discovery.answers.files import delimiter, safe
from discovery.config.vocabulary import Term
from discovery.facets import Names
from discovery.figures.searches import MIN_DAYS, MIN_TIMES, PHRASE, Searches, SearchFigures
from discovery.locales import section
from discovery.web.frame.urls import PageUrls

PARAMETERS = {PHRASE: "q", "sector": "sector", "kind": "kind", "place": "place"}
"""What was counted → the parameter that asks it again; in the order of presentation."""


@dataclass(frozen=True, slots=True)
class Line:
    """`share` of the longest bar of its list, in percent."""

    value: str
    label: str
    count: int
    share: float
    url: str


def context(searches: Searches, names: Names, urls: PageUrls, lang: str) -> dict[str, Any]:
    """What the page's template shows. `lists`: (what, its lines), of those that have any."""
    lists = ((what, list(_lines(searches, what, names, urls, lang))) for what in PARAMETERS)
    return {
        "searches": searches,
        "zero_rate": round(100 * searches.zero_rate, 1),
        "lists": [one for one in lists if one[1]],
        "least_times": MIN_TIMES,
        "least_days": MIN_DAYS,
    }


def as_json(searches: Searches, names: Names, lang: str) -> dict[str, Any]:
    """The counts of searches as JSON."""
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


def as_csv(searches: Searches, names: Names, lang: str) -> str:
    """The counts of searches as CSV, a row for each value; the totals first."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=delimiter(lang))
    lines.writerow(section("searches.csv", lang).values())
    lines.writerow(("total", "", "", searches.total))
    lines.writerow(("zero", "", "", searches.zero))
    for what in PARAMETERS:
        for one, label in named(searches, what, names, lang):
            lines.writerow((what, safe(one.value), safe(label), one.times))
    return out.getvalue()


def named(searches: Searches, what: str, names: Names, lang: str) -> Iterator[tuple[SearchFigures, str]]:
    """What was asked most, in words; without the trades and kinds that the vocabulary does not hold."""
    terms: Mapping[str, Term] = {} if what in {PHRASE, "place"} else names.vocabulary.terms(what)
    for one in searches.most[what]:
        if what == PHRASE:
            yield one, one.value
        elif what == "place":
            yield one, names.gazetteer.label(one.value, lang)
        elif one.value in terms:
            text = terms[one.value].label(lang)
            yield one, f"{one.value} – {text}" if what == "kind" else text


def _lines(searches: Searches, what: str, names: Names, urls: PageUrls, lang: str) -> Iterator[Line]:
    found = list(named(searches, what, names, lang))
    for one, label in found:
        share = round(100 * one.times / found[0][0].times, 2)
        yield Line(one.value, label, one.times, share, urls.set(**{PARAMETERS[what]: one.value}))
