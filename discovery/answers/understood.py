"""How a phrase was read, and what a service has opened, as answers have them."""

from __future__ import annotations

from typing import Annotated, TypedDict

from discovery.answers import links
from discovery.answers.supplier import Names
from discovery.phrase.model import Intent, KnownBy, Piece
from discovery.search.answer import Answer, NeedFound
from discovery.search.interpret import is_offered
from discovery.search.launch import LaunchScope
from discovery.texts import t


class Alternative(TypedDict):
    value: Annotated[str, "A place code."]
    label: str


class PieceBody(TypedDict):
    type: Annotated[
        str,
        "place, radius, kind, kind_group, national, sector, certification, network, service_type, siret, exclusion, "
        "cpv, naf or rome; of ignored ones quantity, date, budget, surface, frequency, reference, legal, "
        "supplier_word, courtesy or address.",
    ]
    parameter: Annotated[str | None, "Of an exclusion: the parameter that it stands for, such as `not_kind`."]
    value: Annotated[str, "A code or slug; for a radius, kilometres."]
    label: Annotated[str, "What to show."]
    text: Annotated[str, "What stands in the phrase."]
    start: Annotated[int, "Offset in `q`, in Unicode characters."]
    end: Annotated[int, "Offset in `q`, excluded."]
    role: Annotated[str | None, "Of a place: `boundary`, `focus`, or `hint`: whose need it is, which only ranks."]
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
    start: Annotated[int, "Offset in `q` (in `did_you_mean` where typos were mended), in Unicode characters."]
    end: Annotated[int, "Offset, excluded."]
    sectors: Annotated[list[SectorOfNeed], "The trades that it may be."]
    known_by: Annotated[KnownBy, "What told it."]
    probability: Annotated[float, "That the phrase asks for it, 0 to 1, by its names and all of its words."]
    total: Annotated[int, "Suppliers found for it alone, with the same filters and places."]
    url: Annotated[str, "Page that searches for it alone."]


class WiderCircle(TypedDict):
    radius: Annotated[int, "Kilometres."]
    total: Annotated[int, "Suppliers in it."]


class CircleBody(TypedDict):
    radius: Annotated[int, "Kilometres."]
    label: Annotated[str, "What to show: “à 30 km (choisi pour vous)”."]
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
    needs: Annotated[list[NeedBody], "The trades recognised: who does one of them is found, the other words only rank."]
    recognised: Annotated[
        bool,
        "false: no trade was recognised and nobody holds all the words; at most ten suppliers that hold some are "
        "shown.",
    ]
    relaxed: Annotated[bool, "true: too few suppliers matched all words, so the search was widened."]
    searched: Annotated[
        str, "The words that decided: those of the needs, else those that remain, corrected when `relaxed`."
    ]
    did_you_mean: Annotated[str | None, "The phrase with its typos corrected."]
    circle: Annotated[CircleBody | None, "Chosen for a centre without a distance: `radius` keeps it."]
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


def understood(answer: Answer, names: Names, page: str) -> Understood:
    """How the phrase was read, as JSON. `page`: where people search, which the links of needs lead to."""
    return {
        "q": answer.plan.query.q,
        "text": answer.plan.intent.text,
        "interpretation": [piece(one, answer.plan.intent) for one in answer.plan.reading.pieces],
        "ignored": [piece(one, answer.plan.intent) for one in answer.plan.reading.ignored],
        "needs": [need(one, names, page, answer.plan.query.lang) for one in answer.needs],
        "recognised": answer.plan.recognised,
        "relaxed": answer.plan.relaxed is not None,
        "searched": answer.searched,
        "did_you_mean": answer.did_you_mean,
        "circle": circle(answer),
        "offers": [
            {"parameter": one.parameter, "value": one.value, "label": one.label, "count": one.count}
            for one in answer.offers
        ],
    }


def piece(one: Piece, phrase: Intent) -> PieceBody:
    """One piece as JSON. `applied` is false for what is proposed as a filter, its words searched, and for what is
    ignored."""
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
        "alternatives": [{"value": other.value, "label": other.label} for other in one.alternatives],
        "cut": list(phrase.cut(one)),
    }


def need(found: NeedFound, names: Names, page: str, lang: str) -> NeedBody:
    """A trade asked for; `url` searches for it alone."""
    asked, terms = found.need, names.vocabulary.terms("sector")
    return {
        "text": asked.text,
        "start": asked.start,
        "end": asked.end,
        "sectors": [
            {"slug": slug, "label": terms[slug].label(lang) if slug in terms else slug} for slug in asked.sectors
        ],
        "known_by": asked.known_by,
        "probability": round(asked.probability, 2),
        "total": found.total,
        "url": links.address(page, links.for_people(found.query)),
    }


def circle(answer: Answer) -> CircleBody | None:
    """The circle chosen for a centre without a distance, and the wider ones; null when none was to be chosen."""
    found = answer.plan.circle
    if found is None:
        return None
    return {
        "radius": found.radius_km,
        "label": t("answer.circle_chosen", answer.plan.query.lang, radius=found.radius_km),
        "total": found.counts[found.radius_km],
        "wider": [{"radius": km, "total": count} for km, count in found.wider],
    }


def scope_json(scope: LaunchScope, lang: str) -> Scope | None:
    """The launch scope as JSON; None when everything is open."""
    return {"label": scope.label(lang), "sentence": sentence(scope, lang), **_named(scope)} if scope else None


def scope_json_in_both(scope: LaunchScope) -> NamedScope | None:
    """The launch scope with its texts in every language, as the vocabulary has its labels; None when everything is
    open."""
    if not scope:
        return None
    return {
        "label": {"fr": scope.label("fr"), "en": scope.label("en")},
        "sentence": {"fr": sentence(scope, "fr"), "en": sentence(scope, "en")},
        **_named(scope),
    }


def sentence(scope: LaunchScope, lang: str) -> str:
    """What is open, in a sentence."""
    return t("message.launch_scope", lang, label=scope.label(lang))


def _named(scope: LaunchScope) -> Opened:
    region, department, sector = (list(scope.named.get(name, ())) for name in ("region", "department", "sector"))
    return {"region": region, "department": department, "sector": sector}
