"""An answer → what the search page shows. Pure: addresses and texts, nothing is searched here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from discovery.answers.feed import FEEDS
from discovery.answers.search import NoticeBody, Presenter, Result, message
from discovery.answers.supplier import Names, value_label
from discovery.engine.port import Hit
from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import FILTERS
from discovery.pages.frame import contact, render
from discovery.pages.frame.responding import search_form
from discovery.pages.frame.urls import PageUrls, Pairs
from discovery.pages.results import chips
from discovery.pages.results.chips import Link
from discovery.pages.results.facet_lists import facet_lists
from discovery.search.answer import Answer
from discovery.search.query import SORTS, Problem, Query
from discovery.texts import Translate, day, section, typeset

TOWNS = ("commune:", "postcode:")
"""Places that have a centre."""
PAGE_SIZES = (10, 20, 50, 100)
EXPORT_PATH = "/api/v1/export"
EXPORTS = ("csv", "xlsx")
MAX_TAGS = 4
"""Sectors shown on a card: the matched ones first."""
DATED = {"listed": "first_listed_at", "updated": "updated_at"}
"""An order by time → the date that it goes by, which cards then tell."""
SHORT = 220
"""Characters of a description on a card where no word was marked."""

OLD = timedelta(days=731)
"""After that a list is said to be old: who it names may have moved or closed."""

CROWDED = 3
"""Chips of what was understood, from which on a filter that changes nothing is not offered: it would take a line."""


def results(
    answer: Answer, presenter: Presenter, urls: PageUrls, t: Translate, lang: str, whole: str = ""
) -> dict[str, Any]:
    """The page of an answer, found or not. `whole`: the facet that has all of its values."""
    body = presenter.answer(answer)
    names = presenter.names
    query, total = answer.plan.query, answer.page.total
    pages = ceil(answer.reach / query.per_page)
    lasting = (
        urls
        if answer.plan.circle is None
        else PageUrls(urls.changed({"radius": answer.plan.circle.radius_km}), urls.path)
    )
    title = t("page.total", count=total) if answer.plan.recognised else t("search.unrecognised")
    lists = facet_lists(answer, urls, names.vocabulary, t, whole)
    active = chips.active(answer, urls, names, t)
    understood = chips.understood(answer, urls, t)
    nearby, neighbours = (one.hits if one else () for one in (answer.nearby, answer.neighbours))

    def cards(shown: Sequence[Result], hits: Iterable[Hit], by: str) -> list[dict[str, Any]]:
        pairs = zip(shown, hits, strict=True)
        return [card(one, hit, when(hit, by, t, lang), names.vocabulary, urls, t, lang) for one, hit in pairs]

    return {
        **search_form(answer.plan.query, urls, names),
        "understood_place": place_of(answer, names) if not query.near else "",
        "understood_radius": _understood(answer, {"radius"}),
        "answer": body,
        "heading": title,
        **of_search(urls.pairs, title, total, names.vocabulary, t, lang),
        "cards": cards(body["results"], answer.page.hits, DATED.get(query.sort, "")),
        "nearby": cards(body["nearby"], nearby, ""),
        "neighbours": cards(body["neighbours"], neighbours, ""),
        "near_code": measured_from(answer),
        "first": (query.page - 1) * query.per_page + 1,
        "address": urls.keep(),
        "understood": understood,
        "searched": searched(answer),
        "ignored": chips.ignored(answer),
        "needs": chips.needs(answer, urls, lang),
        "relaxed": answer.widened,
        "as_words": chips.as_words(answer, urls, t),
        "active": active,
        "cleared": urls.address((name, value) for name, value in urls.pairs if name in {"q", "lang", "view"}),
        "offers": [
            {"label": one["label"], "count": one["count"], "url": lasting.set(**{one["parameter"]: one["value"]})}
            for one in body["query"]["offers"]
            if one["count"] < answer.page.total or len(understood) < CROWDED
        ],
        "did_you_mean": _link(body["query"]["did_you_mean"], urls),
        "suggestions": [Link(one["label"], urls.change(one["change"])) for one in body["suggestions"]],
        "warnings": [warning(one, urls, names, lang) for one in body["warnings"]],
        "facets": lists,
        "narrowing": len(understood) + len(active),
        "sorts": sorts(answer, t),
        "unsorted": urls.without("sort"),
        "exports": {name: lasting.elsewhere(f"{EXPORT_PATH}.{name}") for name in EXPORTS},
        "shown_by": t("search.show", count=total),
        "sizes": sizes(answer, urls),
        "page": query.page,
        "pages": pages,
        "previous": urls.page(min(query.page - 1, pages)) if query.page > 1 else "",
        "next": urls.page(query.page + 1) if query.page < pages else "",
        "beyond": urls.page(1) if total and query.page > pages else "",
        "sheet_url": lasting.elsewhere("/sourcing"),
        "feeds": {media: lasting.elsewhere(path, "sort") for media, path in FEEDS.items()},
        "newest_url": lasting.set(sort="listed"),
    }


def problems(found: Iterable[Problem], query: Query, urls: PageUrls, names: Names, lang: str) -> dict[str, Any]:
    """The page of a search that can't be made: what is wrong, and near choices one click away."""
    return {
        **search_form(query, urls, names),
        "problems": [
            {
                "title": section("label.facet", lang).get(one.parameter, ""),
                "message": message(one, lang),
                "choices": [_choice(one, choice, urls, names, lang) for choice in one.choices],
                "without": urls.change(dict.fromkeys(_concerned(one))),
                "removable": one.parameter != "q",
            }
            for one in found
        ],
    }


def away(query: Query, urls: PageUrls, names: Names) -> dict[str, Any]:
    """The page while the engine doesn't answer: the form, and the same search again."""
    return {**search_form(query, urls, names), "again": urls.keep()}


def card(
    hit: Result,
    found: Hit,
    dated: str,
    vocabulary: Vocabulary,
    urls: PageUrls,
    t: Translate,
    lang: str,
) -> dict[str, Any]:
    """A hit as the card shows it: the distance apart from the other reasons, matched sectors first, one extract.

    Its address tells the profile's page what was searched; `found`: the engine's own, `dated`: its date in words.
    """
    far = hit["distance_km"]
    measured = far is not None
    why: Sequence[str] = hit["why"]
    sectors = sorted(hit["sectors"], key=lambda one: not one["matched"])
    highlights: Mapping[str, list[str]] = hit["highlights"]
    extract = highlights.get("description") or highlights.get("offers") or ()
    description = hit["description"] or ""
    return {
        **hit,
        "url": PageUrls(urls.pairs, hit["url"]).keep(),
        "ways": contact.ways(hit, found.document["public"].get("contact"), t),
        "about": vocabulary.kinds[hit["kind"]].short[lang] if hit["kind"] in vocabulary.kinds else "",
        "distance": why[0] if measured and why else "",
        "far": "" if far is None else render.km(far, lang),
        "why": [(typeset(text, lang), grade) for text, grade in zip(why, hit["grades"], strict=True)][measured:],
        "sectors": sectors[:MAX_TAGS],
        "more_sectors": more(len(sectors) - MAX_TAGS, t),
        "title": _marked_name(hit),
        "dated": dated,
        "extract": " ".join(extract),
        "description": description if extract or len(description) <= SHORT else shortened(description),
    }


def when(hit: Hit, field: str, t: Translate, lang: str) -> str:
    """The date that the list is ordered by, in words; where it goes by none, that of the source which last confirmed
    the supplier, with a warning where that is long ago. "" when nobody knows it."""
    public = hit.document["public"]
    confirmed = max((one.get("date") or "" for one in public.get("provenance") or ()), default="")
    old = confirmed < (datetime.now(UTC) - OLD).date().isoformat()
    at, said = (public.get(field), field) if field else (confirmed, "old_list" if old else "verified_at")
    return t(f"search.{said}", day=day(str(at), lang)) if at else ""


def more(count: int, t: Translate) -> str:
    """ "and 2 more", or "" when `count` is none."""
    if count <= 0:
        return ""
    return t("search.more_sectors", count=count)


def shortened(text: str, length: int = SHORT) -> str:
    """The text's start, cut between words."""
    if len(text) <= length:
        return text
    start = text[: length + 1].rpartition(" ")[0] or text[:length]
    return start.rstrip(" ,;:.–-") + " …"


def sorts(answer: Answer, t: Translate) -> list[dict[str, Any]]:
    """Orders to choose from: by distance only when there is a centre. `value`: of `sort`, "" for the usual order."""
    usual, held = Query().sort, answer.plan.query.sort
    return [
        {"label": t(f"search.sort_{name}"), "value": "" if name == usual else name, "selected": name == held}
        for name in SORTS
        if name != "distance" or answer.plan.where.centre is not None
    ]


def sizes(answer: Answer, urls: PageUrls) -> list[dict[str, Any]]:
    """Lengths of a page to choose from; none where the shortest shows everything."""
    if answer.page.total <= PAGE_SIZES[0]:
        return []
    held, usual = answer.plan.query.per_page, Query().per_page
    return [
        {"size": size, "url": urls.set(per_page=None if size == usual else size), "selected": size == held}
        for size in PAGE_SIZES
    ]


def warning(one: NoticeBody, urls: PageUrls, names: Names, lang: str) -> dict[str, Any]:
    """A warning, with the other places that a typed name may have meant, or the phrase with the nearest word."""
    if one["code"] == "not_understood":
        return {"message": one["message"], "choices": [_link(phrase, urls) for phrase in one["choices"]]}
    codes = one["choices"] if one["code"] == "ambiguous_place" else ()
    return {
        "message": one["message"],
        "choices": [
            Link(names.gazetteer.label(code, lang), urls.change(chips.namesake(one["parameter"], code)))
            for code in codes
        ],
    }


def searched(answer: Answer) -> str:
    """The words that decided who is found, where they are not simply the phrase; "" otherwise."""
    text = answer.searched
    return "" if text.casefold() == answer.plan.query.q.strip().casefold() else text


def measured_from(answer: Answer) -> str:
    """The town that distances are counted from, as `near=` takes it; "" when there is none, or a bare point."""
    if answer.plan.where.centre is None or answer.plan.query.lat is not None:
        return ""
    spoken = (one.value for one in answer.plan.reading.pieces if one.type == "place" and one.value.startswith(TOWNS))
    return answer.plan.query.near or next(spoken, "") or next(iter(answer.plan.query.place), "")


def place_of(answer: Answer, names: Names) -> str:
    """Where a search looks, by its phrase or its centre; "" where it says neither."""
    return _understood(answer, {"place"}) or chips.centre(answer, names)


def _understood(answer: Answer, types: set[str]) -> str:
    """What the phrase says of the place or the distance: shown in the form's empty fields."""
    return ", ".join(piece.label for piece in answer.plan.reading.pieces if piece.type in types)


def _link(phrase: str | None, urls: PageUrls) -> Link | None:
    return Link(phrase, urls.set(q=phrase)) if phrase else None


def _marked_name(hit: Result) -> str:
    """HTML of the displayed name when words of it were met; "" otherwise."""
    field = "brand" if hit["brand"] else "name"
    marked = hit["highlights"].get(field)
    return marked[0] if marked else ""


def _choice(problem: Problem, choice: str, urls: PageUrls, names: Names, lang: str) -> Link:
    """A near value in the place of the faulty one; "place=region:84" changes another parameter."""
    parameter, separator, value = choice.partition("=")
    if not separator:
        parameter, value = problem.parameter, choice
    changes: dict[str, Any] = {problem.parameter: None, parameter: _with(problem, parameter, value, urls)}
    return Link(_label(parameter, value, names, lang), urls.change(changes))


def _with(problem: Problem, parameter: str, value: str, urls: PageUrls) -> list[str] | str:
    """Other values of the parameter stay."""
    held = [held for name, held in urls.pairs if name == parameter]
    if parameter == "place":
        return [*(one for one in held if one != problem.value), value]
    if parameter in FILTERS:
        values = [one.strip() for text in held for one in text.split(",")]
        return list(dict.fromkeys([*(one for one in values if one and one != problem.value), value]))
    return value


def _label(parameter: str, value: str, names: Names, lang: str) -> str:
    if parameter == "kind" and value in names.vocabulary.kinds:
        return f"{value} – {names.vocabulary.kinds[value].label(lang)}"
    return value_label("place" if parameter == "near" else parameter, value, names, lang)


def _concerned(problem: Problem) -> tuple[str, ...]:
    """Parameters to remove for the search to be possible: both halves of a point."""
    return ("lat", "lon") if problem.parameter in {"lat", "lon"} else (problem.parameter,)


def of_search(
    pairs: Pairs, heading: str, total: int, vocabulary: Vocabulary, t: Translate, lang: str
) -> dict[str, Any]:
    """`page_title` (without the site's), `page_summary`, and `indexed`: the home page and one page a family of trades.

    Any other search is one of too many: its page asks not to be kept.
    """
    asked = tuple(pair for pair in pairs if pair[0] != "lang")
    [(name, value)] = asked if len(asked) == 1 else [("", "")]
    family = name == "sector" and value in vocabulary.sector_groups
    if total and (family or (name == "sector" and value in vocabulary.sectors)):
        sector = (vocabulary.sector_groups if family else vocabulary.sectors)[value].label(lang)
        return {
            "page_title": t("search.landing", sector=sector, count=total),
            "page_summary": t("search.landing_summary", sector=sector, heading=heading),
            "indexed": family,
        }
    if not asked:
        return {"page_title": "", "page_summary": t("page.tagline"), "indexed": True}
    q = next((value for name, value in asked if name == "q"), "")
    summary = t("search.summary", heading=heading, q=q) if q else t("page.tagline")
    return {"page_title": f"{q} – {heading}" if q else heading, "page_summary": summary, "indexed": False}
