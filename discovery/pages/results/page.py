"""An answer → what the search page shows: cards with ways to reach a supplier, facets as lists of
links. Nothing is searched, sent or kept here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any
from urllib.parse import quote

from discovery.answers.feed import FEEDS
from discovery.answers.links import ENCODED
from discovery.answers.search import NoticeBody, Presenter, Result, message
from discovery.answers.supplier import Names
from discovery.engine.port import Hit
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass
from discovery.model.attributes import FILTERS, FOLDED, PAGE_ORDER
from discovery.pages.frame import responding
from discovery.pages.frame.responding import search_form
from discovery.pages.frame.urls import PageUrls, Pairs
from discovery.pages.results import chips
from discovery.pages.results.chips import DISTANCES, Link, choose, chosen, switch
from discovery.places import normalise
from discovery.search.answer import BY_NAME, MAX_UNRECOGNISED, Answer, FacetValue, value_label
from discovery.search.query import MAX_MINUTES, SORTS, Problem, Query
from discovery.texts import Translate, day, section, typeset, written

REGISTER = "https://annuaire-entreprises.data.gouv.fr/etablissement/"
"""The public register of companies, by SIRET."""
DIRECTIONS = "https://www.openstreetmap.org/directions?to="
"""A map that finds the way to "latitude,longitude", from where its reader says."""
MAX_TEXT = 1_200
"""Characters of a letter's body: programs refuse addresses of some thousands."""


@dataclass(frozen=True, slots=True)
class Way:
    """`name`: phone, email, website. `text`: as people read it."""

    name: str
    label: str
    text: str
    url: str


def ways(shown: Mapping[str, Any], contact: Mapping[str, Any] | None, t: Translate) -> list[Way]:
    """The ways to reach a presented supplier: those that are public."""
    held = contact or {}
    found = []
    if phone := held.get("phone"):
        found.append(Way("phone", t("supplier.phone"), phone, f"tel:{phone.replace(' ', '')}"))
    if email := held.get("email"):
        found.append(Way("email", t("supplier.email"), email, f"mailto:{quote(email, safe='@')}"))
    if website := shown["website"]:
        found.append(Way("website", t("supplier.website"), bare(website), website))
    return found


def bare(website: str) -> str:
    return website.partition("://")[2].removeprefix("www.").rstrip("/")


def quote_request(emails: Iterable[str], need: str, t: Translate, place: str = "") -> str:
    """A letter that asks for a quote, to one or to several who do not see each other; "" without an
    address. `place`: where it is needed, as far as it is known.
    """
    to = list(dict.fromkeys(emails))
    if not to:
        return ""
    body = t("supplier.quote_body", need=need or "…", place=place or "…")
    if len(to) == 1:
        return letter(to[0], t("supplier.quote_subject"), body)
    return letter("", t("supplier.quote_subject"), body, bcc=to)


def letter(to: str, subject: str, body: str, bcc: Iterable[str] = ()) -> str:
    """A `mailto:` address; line ends as RFC 6068 has them."""
    hidden = ",".join(quote(one, safe="@") for one in bcc)
    parts = {"subject": quote(subject), "body": quote(body[:MAX_TEXT].replace("\n", "\r\n"))}
    fields = [
        *([f"bcc={hidden}"] if hidden else []),
        *(f"{name}={value}" for name, value in parts.items()),
    ]
    return f"mailto:{quote(to, safe='@')}?{'&'.join(fields)}"


def directions(location: Mapping[str, Any] | None) -> str:
    """The address of directions to a place; "" where it is not known."""
    return f"{DIRECTIONS}{location['lat']},{location['lon']}" if location else ""


def register(siret: str | None, *, invented: bool) -> str:
    """The establishment's page in the register; "" without a number, or for one that is invented."""
    return f"{REGISTER}{siret}" if siret and not invented else ""


SWITCHES = frozenset({"coverage", "national"})
"""Facets of which one value always holds."""
SHOWN = 6
"""Values of one facet before "show more"; chosen ones are shown besides."""
MIN_FOLDED = 3
"""Fewer values than that are not worth a click."""
LONG = 10
"""Values above which a list has a box to look for one."""
TAIL = 8
"""Folded values of one facet that a page holds; of more, it holds the address of a page that has
them.
"""
WHOLE = "whole"
"""The page's own parameter: the facet that has all its values, few or many."""


@dataclass(frozen=True, slots=True)
class Value:
    """`code`: shown before the label when people know it by heart (ESAT); `url`: what a click leads
    to; `within`: the sectors of a group; `left`: how many of them are left to the facet's whole
    page.
    """

    id: str
    code: str
    label: str
    count: str
    selected: bool
    url: str
    within: "tuple[Value, ...]" = ()
    left: int = 0

    @property
    def chosen(self) -> int:
        """How many are chosen, of this one and those within."""
        return (
            self.selected + sum([one.selected for one in self.within])
            if self.within
            else self.selected
        )


@dataclass(frozen=True, slots=True)
class FacetList:
    """`first`: shown at once; `rest`: folded away; `left`: how many more are on the page at
    `whole`. `idle`: no value would leave fewer suppliers, and some; `chosen`: how many values
    filter, of a switch none: one always holds.
    """

    name: str
    title: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]
    left: int = 0
    whole: str = ""
    idle: bool = False
    chosen: int = 0

    @property
    def switch(self) -> bool:
        return self.name in SWITCHES

    @property
    def open(self) -> bool:
        return self.chosen > 0 or not (self.name in FOLDED or self.idle)

    @property
    def long(self) -> bool:
        """Whether it has a box to look through it."""
        values = (*self.first, *self.rest)
        return len(values) + sum([len(one.within) for one in values]) > LONG or bool(self.whole)


def facet_lists(
    answer: Answer, urls: PageUrls, vocabulary: Vocabulary, t: Translate, whole: str = ""
) -> list[FacetList]:
    """The facets that have values, in the page's order; `coverage` only when the search looks
    somewhere. `whole`: the facet that has all of its values.
    """
    made, asked = [], answer.plan.request
    bounded = bool(asked.targets) or asked.box is not None
    for name in PAGE_ORDER:
        if name == "coverage" and not bounded:
            continue
        values, left, more = _values(name, answer, urls, vocabulary, t, whole=name == whole)
        if not values:
            continue
        first, rest = (values, []) if left else _folded(values, fixed=BY_NAME[name].fixed)
        title = t(f"search.{name}" if name in SWITCHES else f"label.facet.{name}")
        address = f"{urls.keep(**{WHOLE: name})}#fold-{name}" if more else ""
        counts = [one["count"] for one in answer.facets.get(name, ())]
        idle = not any(0 < count < max(answer.page.total, *counts) for count in counts)
        held = 0 if name in SWITCHES else sum([one.chosen for one in first])
        made.append(FacetList(name, title, tuple(first), tuple(rest), left, address, idle, held))
    return made


def _values(
    name: str, answer: Answer, urls: PageUrls, vocabulary: Vocabulary, t: Translate, *, whole: bool
) -> tuple[list[Value], int, bool]:
    """(values, how many folded ones are left out, whether any are, those within others too)."""
    values = _known(name, answer.facets.get(name, ()), vocabulary)
    if name in SWITCHES:
        return _switch(name, values, answer, urls, t), 0, False
    if name == "sector":
        groups = _known("sector_group", answer.facets.get("sector_group", ()), vocabulary)
        short = not whole and len(values) > TAIL
        chosen_within = {
            vocabulary.sectors[one["value"]].group for one in values if one["selected"]
        }
        shown, left = (
            _shown(groups, chosen_within)
            if short and len(groups) >= SHOWN + MIN_FOLDED
            else (groups, 0)
        )
        return _tree(shown, values, answer, urls, vocabulary, short=short), left, short
    if not whole and not BY_NAME[name].fixed and len(values) > SHOWN + TAIL:
        shown, left = _shown(values)
        return _list(name, shown, answer, urls), left, True
    return _list(name, values, answer, urls), 0, False


def _shown(values: list[FacetValue], chosen: Collection[str] = ()) -> tuple[list[FacetValue], int]:
    """(the chosen ones, then the first; how many others there are). `chosen`: besides those that
    are selected.
    """
    first = [one for one in values if one["selected"] or one["value"] in chosen]
    others = [one for one in values if not (one["selected"] or one["value"] in chosen)]
    room = max(SHOWN - len(first), 0)
    return [*first, *others[:room]], len(others[room:])


def _known(name: str, values: Iterable[FacetValue], vocabulary: Vocabulary) -> list[FacetValue]:
    """Those that can be asked for: an index may hold terms that the vocabulary has lost since."""
    if BY_NAME[name].source != "vocabulary":
        return list(values)
    terms = vocabulary.terms(name)
    return [one for one in values if one["value"] in terms]


def _list(name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls) -> list[Value]:
    """Each value's link adds it to those chosen, or takes it away."""
    held = chosen(answer, BY_NAME[name].parameter)
    add = _adding(name, held, answer, urls)
    return [_value(name, one, add, held, answer, urls) for one in values]


def _tree(
    groups: Iterable[FacetValue],
    sectors: Iterable[FacetValue],
    answer: Answer,
    urls: PageUrls,
    vocabulary: Vocabulary,
    *,
    short: bool,
) -> list[Value]:
    """Groups, each with its sectors. A sector chosen within a chosen group takes its place, and the
    other way round: added to one another, the narrower would change nothing.
    """
    held = chosen(answer, "sector")
    inside: dict[str, list[FacetValue]] = {}
    for one in sectors:
        inside.setdefault(vocabulary.sectors[one["value"]].group, []).append(one)
    add = _adding("sector", held, answer, urls)
    found = []
    for group in groups:
        own = [one.value for one in vocabulary.sectors_of(group["value"])]
        add_group = add_sector = add
        if group["selected"]:
            add_sector = _adding("sector", _less(held, group["value"]), answer, urls)
        if any(one in held for one in own):
            add_group = _adding("sector", _less(held, *own), answer, urls)
        leaves = inside.get(group["value"], ())
        if short and not group["selected"] and not any(one["selected"] for one in leaves):
            found.append(
                _value("sector_group", group, add_group, held, answer, urls, left=len(leaves))
            )
            continue
        within = [_value("sector", one, add_sector, held, answer, urls) for one in leaves]
        within.sort(key=lambda one: not one.selected)
        found.append(
            _value("sector_group", group, add_group, held, answer, urls, within=tuple(within))
        )
    return found


def _adding(name: str, held: tuple[str, ...], answer: Answer, urls: PageUrls) -> str:
    """The address with those values chosen, and one more whose encoded value is all that is
    missing.
    """
    parameter = BY_NAME[name].parameter
    start = urls.before(parameter, choose(answer, parameter, (*held, "")))
    return start + f"{','.join(held)},".translate(ENCODED) if held else start


def _value(
    name: str,
    one: FacetValue,
    add: str,
    held: tuple[str, ...],
    answer: Answer,
    urls: PageUrls,
    **beside: Any,
) -> Value:
    parameter = BY_NAME[name].parameter
    value, selected = one["value"], one["selected"]
    url = (
        urls.set(**choose(answer, parameter, _less(held, value)))
        if selected
        else add + value.translate(ENCODED)
    )
    count = written_count(one["count"], answer.plan.query.lang)
    code = value if name == "kind" else ""
    return Value(f"{name}-{value}", code, one["label"], count, selected, url, **beside)


def _less(held: tuple[str, ...], *gone: str) -> tuple[str, ...]:
    return tuple(value for value in held if value not in gone)


def _switch(
    name: str, values: Iterable[FacetValue], answer: Answer, urls: PageUrls, t: Translate
) -> list[Value]:
    """One of several always holds."""
    return [
        Value(
            f"{name}-{one['value']}",
            "",
            t(f"search.{name}_{one['value']}"),
            written_count(one["count"], answer.plan.query.lang),
            one["selected"],
            urls.set(**switch(answer, name, one["value"])),
        )
        for one in values
    ]


def _folded(values: list[Value], *, fixed: bool) -> tuple[list[Value], list[Value]]:
    """(shown at once: the chosen ones, then the first; folded away: the others, in the order of the
    alphabet).
    """
    if fixed:
        return values, []
    first = [one for one in values if one.chosen]
    others = [one for one in values if not one.chosen]
    if len(values) < SHOWN + MIN_FOLDED:
        return [*first, *others], []
    room = max(SHOWN - len(first), 0)
    return [*first, *others[:room]], sorted(
        others[room:], key=lambda one: normalise(one.code or one.label)
    )


written_count = lru_cache(4096)(written)


TOWNS = ("commune:", "postcode:")
"""Places that have a centre."""
PAGE_SIZES = (10, 20, 50, 100)
EXPORT_PATH = "/api/v1/export"
EXPORTS = ("csv", "xlsx")
POINT = ("lat", "lon")
"""What goes together where one of it can't be searched."""
MAX_TAGS = 4
"""Sectors shown on a card: the matched ones first."""
DATED = {"listed": "first_listed_at", "updated": "updated_at"}
"""An order by time → the date that it goes by, which cards then tell."""
SHORT = 180
"""Characters of a description on a card where no word was marked."""

OLD = timedelta(days=731)
"""After that a list is said to be old: who it names may have moved or closed."""

WITH_CARDS = 10
"""Cards of a page above which its neighbours are lines."""

CROWDED = 3
"""Chips of what was understood, from which on a filter that changes nothing is not offered: it
would take a line.
"""


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
    unread = "search.unsure" if answer.needs else "search.unrecognised"
    title = t("page.total", count=total) if answer.plan.reach > MAX_UNRECOGNISED else t(unread)
    lists = facet_lists(answer, urls, names.vocabulary, t, whole)
    active = chips.active(answer, urls, names, t)
    understood = chips.understood(answer, urls, t)
    nearby, neighbours = (one.hits if one else () for one in (answer.nearby, answer.neighbours))
    asked = PageUrls(urls.pairs, "").keep()
    room = max(WITH_CARDS - len(body["results"]), 0)

    def cards(shown: Sequence[Result], hits: Iterable[Hit], by: str) -> list[dict[str, Any]]:
        pairs = zip(shown, hits, strict=True)
        return [
            card(one, hit, dated(hit, by, t, lang), names.vocabulary, asked, t, lang)
            for one, hit in pairs
        ]

    return {
        **search_form(answer.plan.query, urls, names),
        "understood_place": place_of(answer, names) if not query.near else "",
        "understood_radius": _understood(answer, DISTANCES),
        "answer": body,
        "heading": title,
        **of_search(urls.pairs, title, total, names.vocabulary, t, lang),
        "cards": cards(body["results"], answer.page.hits, DATED.get(query.sort, "")),
        "nearby": cards(body["nearby"], nearby, ""),
        "neighbours": cards(body["neighbours"][:room], neighbours[:room], ""),
        "further": [
            {**one, "url": one["url"] + asked, "far": responding.km(one["distance_km"] or 0, lang)}
            for one in body["neighbours"][room:]
        ],
        "listed": listed((*answer.page.hits, *nearby, *neighbours), t, lang),
        "near_code": measured_from(answer),
        "first": (query.page - 1) * query.per_page + 1,
        "address": urls.keep(),
        "understood": understood,
        "trades": (trades := chips.trades(answer, urls, names.vocabulary, t)),
        "searched": "" if trades else searched(answer),
        "ignored": chips.ignored(answer),
        "needs": chips.needs(answer, urls, lang),
        "relaxed": answer.widened,
        "as_words": chips.as_words(answer, urls, t),
        "active": active,
        "cleared": urls.address(
            (name, value) for name, value in urls.pairs if name in {"q", "lang", "view"}
        ),
        "offers": [
            {
                "label": one["label"],
                "count": one["count"],
                "url": lasting.set(**{one["parameter"]: one["value"]}),
            }
            for one in body["query"]["offers"]
            if one["count"] < answer.page.total or len(understood) < CROWDED
        ],
        "did_you_mean": _link(body["query"]["did_you_mean"], urls),
        "suggestions": [
            Link(one["label"], urls.set(**one["change"])) for one in body["suggestions"]
        ],
        "warnings": [warning(one, urls, names, lang) for one in told(body["warnings"])],
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


def problems(
    found: Iterable[Problem], query: Query, urls: PageUrls, names: Names, lang: str
) -> dict[str, Any]:
    """The page of a search that can't be made: what is wrong, and near choices one click away."""
    return {
        **search_form(query, urls, names),
        "problems": [
            {
                "title": section("label.facet", lang).get(one.parameter, ""),
                "message": message(one, lang),
                "choices": [_choice(one, choice, urls, names, lang) for choice in one.choices],
                "without": urls.set(
                    **dict.fromkeys(POINT if one.parameter in POINT else (one.parameter,))
                ),
                "removable": one.parameter != "q",
            }
            for one in found
        ],
    }


def card(
    hit: Result,
    found: Hit,
    dated: str,
    vocabulary: Vocabulary,
    asked: str,
    t: Translate,
    lang: str,
) -> dict[str, Any]:
    """A hit as the card shows it: the distance apart from the other reasons, matched sectors first,
    one extract.

    `found`: the engine's own, `dated`: its date in words, `asked`: the query string that tells the
    profile's page what was searched, "" or with its question mark.
    """
    far, minutes = hit["distance_km"], hit["minutes"]
    measured, kind = far is not None, vocabulary.kinds.get(hit["kind"])
    why: Sequence[str] = hit["why"]
    sectors = sorted(hit["sectors"], key=lambda one: not one["matched"])
    highlights: Mapping[str, list[str]] = hit["highlights"]
    extract = highlights.get("description") or highlights.get("offers") or ()
    description = hit["description"] or ""
    return {
        **hit,
        "url": hit["url"] + asked,
        "ways": ways(hit, found.document["public"].get("contact"), t),
        "register": register(hit["siret"], invented=False),
        "about": kind.short[lang] if kind else "",
        "lends": bool(kind and kind.lends),
        "distance": why[0] if measured and why else "",
        "by_car": t("why.by_car", minutes=max(5, round(minutes / 5) * 5))
        if minutes and minutes <= MAX_MINUTES
        else "",
        "far": "" if far is None else responding.km(far, lang),
        "why": [
            (typeset(text, lang), grade) for text, grade in zip(why, hit["grades"], strict=True)
        ][measured:],
        "sectors": sectors[:MAX_TAGS],
        "more_sectors": more(len(sectors) - MAX_TAGS, t),
        "title": next(iter(highlights.get("brand" if hit["brand"] else "name", ())), ""),
        "dated": dated,
        "extract": " ".join(extract),
        "description": description
        if extract or len(description) <= SHORT
        else shortened(description),
    }


def dated(hit: Hit, field: str, t: Translate, lang: str) -> str:
    """The date that the list is ordered by, in words; "" where it goes by none, or nobody knows it."""
    at = hit.document["public"].get(field)
    return t(f"search.{field}", day=day(str(at), lang)) if at else ""


def listed(hits: Iterable[Hit], t: Translate, lang: str) -> str:
    """The date of the lists that last named these suppliers, with a warning where the oldest is
    long ago; "" when it is not known.
    """
    sources = (hit.document["public"].get("provenance") or () for hit in hits)
    days = sorted(
        filter(None, (max((one.get("date") or "" for one in told), default="") for told in sources))
    )
    if not days:
        return ""
    first, last = day(days[0], lang), day(days[-1], lang)
    said = (
        t("search.list_of", day=last)
        if first == last
        else t("search.lists_of", first=first, day=last)
    )
    old = days[0] < (datetime.now(UTC) - OLD).date().isoformat()
    return t("search.old_list", listed=said) if old else said


def more(count: int, t: Translate) -> str:
    """ "and 2 more", or "" when `count` is none."""
    return t("search.more_sectors", count=count) if count > 0 else ""


def shortened(text: str, length: int = SHORT) -> str:
    """The text's start, cut between words."""
    if len(text) <= length:
        return text
    start = text[: length + 1].rpartition(" ")[0] or text[:length]
    return start.rstrip(" ,;:.–-") + " …"


def sorts(answer: Answer, t: Translate) -> list[dict[str, Any]]:
    """Orders to choose from: by distance only when there is a centre. `value`: of `sort`, "" for
    the usual order.
    """
    usual, held = Query().sort, answer.plan.query.sort
    return [
        {
            "label": t(f"search.sort_{name}"),
            "value": "" if name == usual else name,
            "selected": name == held,
        }
        for name in SORTS
        if name != "distance" or answer.plan.where.centre is not None
    ]


def sizes(answer: Answer, urls: PageUrls) -> list[dict[str, Any]]:
    """Lengths of a page to choose from; none where the shortest shows everything."""
    if answer.page.total <= PAGE_SIZES[0]:
        return []
    held, usual = answer.plan.query.per_page, Query().per_page
    return [
        {
            "size": size,
            "url": urls.set(per_page=None if size == usual else size),
            "selected": size == held,
        }
        for size in PAGE_SIZES
    ]


def told(warnings: Sequence[NoticeBody]) -> list[NoticeBody]:
    """Less the words that were not understood, where the page says that nobody here does what they
    ask for.
    """
    outside = any(one["code"].startswith("phrase_outside") for one in warnings)
    return [one for one in warnings if not (outside and one["code"] == "not_understood")]


def warning(one: NoticeBody, urls: PageUrls, names: Names, lang: str) -> dict[str, Any]:
    """A warning, with the other places that a typed name may have meant, or the phrase with the
    nearest word.
    """
    if one["code"] == "not_understood":
        return {
            "message": one["message"],
            "choices": [_link(phrase, urls) for phrase in one["choices"]],
        }
    codes = one["choices"] if one["code"] == "ambiguous_place" else ()
    return {
        "message": one["message"],
        "choices": [
            Link(
                names.gazetteer.label(code, lang),
                urls.set(**chips.namesake(one["parameter"], code)),
            )
            for code in codes
        ],
    }


def searched(answer: Answer) -> str:
    """The words that decided who is found, where they are not simply the phrase; "" otherwise."""
    text = answer.searched
    return "" if text.casefold() == answer.plan.query.q.strip().casefold() else text


def measured_from(answer: Answer) -> str:
    """The town that distances are counted from, as `near=` takes it; "" when there is none, or a
    bare point.
    """
    if answer.plan.where.centre is None or answer.plan.query.lat is not None:
        return ""
    spoken = (
        one.value
        for one in answer.plan.reading.pieces
        if one.type == "place" and one.value.startswith(TOWNS)
    )
    return answer.plan.query.near or next(spoken, "") or next(iter(answer.plan.query.place), "")


def place_of(answer: Answer, names: Names) -> str:
    """Where a search looks, by its phrase or its centre; "" where it says neither."""
    return _understood(answer, {"place"}) or chips.centre(answer, names)


def _understood(answer: Answer, types: Collection[str]) -> str:
    """What the phrase says of the place or the distance: shown in the form's empty fields."""
    return ", ".join(piece.label for piece in answer.plan.reading.pieces if piece.type in types)


def _link(phrase: str | None, urls: PageUrls) -> Link | None:
    return Link(phrase, urls.set(q=phrase)) if phrase else None


def _choice(problem: Problem, choice: str, urls: PageUrls, names: Names, lang: str) -> Link:
    """A near value in the place of the faulty one; "place=region:84" changes another parameter."""
    parameter, separator, value = choice.partition("=")
    if not separator:
        parameter, value = problem.parameter, choice
    changes: dict[str, Any] = {
        problem.parameter: None,
        parameter: _with(problem, parameter, value, urls),
    }
    return Link(_label(parameter, value, names, lang), urls.set(**changes))


def _with(problem: Problem, parameter: str, value: str, urls: PageUrls) -> list[str] | str:
    """Other values of the parameter stay."""
    held = [held for name, held in urls.pairs if name == parameter]
    if parameter == "place":
        return [*(one for one in held if one != problem.value), value]
    if parameter in FILTERS:
        values = [one.strip() for text in held for one in text.split(",")]
        return list(
            dict.fromkeys([*(one for one in values if one and one != problem.value), value])
        )
    return value


def _label(parameter: str, value: str, names: Names, lang: str) -> str:
    if parameter == "kind" and value in names.vocabulary.kinds:
        return f"{value} – {names.vocabulary.kinds[value].label(lang)}"
    kind = "place" if parameter == "near" else parameter
    return value_label(kind, value, lang, names.vocabulary, names.gazetteer)


def of_search(
    pairs: Pairs, heading: str, total: int, vocabulary: Vocabulary, t: Translate, lang: str
) -> dict[str, Any]:
    """`page_title` (without the site's), `page_summary`, and `indexed`: the home page and one page
    a family of trades.

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
    return {
        "page_title": f"{q} – {heading}" if q else heading,
        "page_summary": summary,
        "indexed": False,
    }
