"""Trades and towns drawn by chance: does who is near stand above who is far, is what is typed read
so? No judgments.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from discovery.engine.port import Hit, MatchedBy
from discovery.mappings.vocabulary import LANGS
from discovery.places import Gazetteer, Place
from discovery.places.model import is_overseas
from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.texts import t

SHOWN, READ = 10, 100
NEXT_DOOR_KM, NEAR_KM, FAR_KM = 30.0, 40.0, 150.0
MORE_KM = 10.0
"""A difference in kilometres that a buyer feels; twice 2 km is none."""
LEAST_TOWN = 5_000


@dataclass(frozen=True, slots=True)
class Nearness:
    """What so many phrases of a trade and a town show: those that put somebody near below one twice
    as far; the first tens, those of them that are far, and how many of these took a nearer one's
    place; the phrases that hide a doer of the trade next door.
    """

    phrases: int
    passed_over: tuple[str, ...]
    shown: int
    far: int
    needless: int
    hiding: tuple[str, ...]

    def __str__(self) -> str:
        below = f"somebody within {NEAR_KM:g} km under one twice as far: {len(self.passed_over)} of {self.phrases}"
        far = f"of the first ten over {FAR_KM:g} km: {self.far} of {self.shown} ({self.needless} needlessly)"
        return f"{below} · {far} · a doer within {NEXT_DOOR_KM:g} km not shown: {len(self.hiding)}"


def phrases(service: SearchService, count: int, seed: int = 32) -> Iterator[str]:
    """Labels of trades, each with a town of the metropole, the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - a draw that repeats
    trades = sorted(one.label("fr") for one in service.mappings.vocabulary.sectors.values())
    towns = list(_towns(service.gazetteer))
    for _ in range(count):
        yield f"{chance.choice(trades)} {chance.choice(towns)}"


def _towns(gazetteer: Gazetteer) -> Iterator[str]:
    for one in gazetteer.departments():
        if not is_overseas(one.code):
            towns = gazetteer.main_towns(Place("department", one.code), 8)
            yield from (
                f"{town.name} ({one.code})" for town in towns if town.population >= LEAST_TOWN
            )


def measure(service: SearchService, asked: Sequence[str]) -> Nearness:
    """Ask each phrase as somebody would who types it; those that are not read as a trade and one
    town are left out.
    """
    passed_over, hiding = [], []
    count = shown = far = needless = 0
    with service.at_once() as at:
        for phrase in asked:
            answer = at.search(Query(q=phrase, per_page=READ, facets=()))
            plan = answer.plan
            if not (plan.request.needs and plan.request.centre and plan.request.targets):
                continue
            count += 1
            doing = _doing(answer.page.hits)
            shown += len(doing[:SHOWN])
            far_first, far_best = (sum(km > FAR_KM for km in some) for some in _first(doing))
            far, needless = far + far_first, needless + far_first - far_best
            if _passed_over(doing):
                passed_over.append(phrase)
            beside = Query(q=phrase, per_page=READ, facets=(), radius=NEXT_DOOR_KM)
            near = at.search(beside, proposing=False).page.hits
            told = (*answer.page.hits, *(answer.neighbours.hits if answer.neighbours else ()))
            if {hit.id for hit in _doing(near)} - {hit.id for hit in told}:
                hiding.append(phrase)
    return Nearness(count, tuple(passed_over), shown, far, needless, tuple(hiding))


BETWEEN = tuple(
    tuple(pair.split("|"))
    for pair in (
        "nettoyage|bureaux", "traiteur|mariage", "peinture|façade", "entretien|pelouses", "impression|affiches",
        "déménagement|bureaux", "blanchisserie|hôtel", "collecte|papier", "menuiserie|bois", "couture|rideaux",
        "jardinage|copropriété", "restauration|séminaire", "numérisation|archives",
        "débroussaillage|talus", "maraîchage|paniers",
    )
)  # fmt: skip
"""Words between which a town is put."""
KNOWN_TOWN, TOWNS = 20_000, 30


@dataclass(frozen=True, slots=True)
class Reading:
    """Each a number and of how many: `towns` kept between two words; `labels` of sectors read as
    themselves, in either language; `alike`, sectors of which both labels find as many; `joined`
    cards, that tell the zone of one activity and the trade of another.
    """

    towns: tuple[int, int]
    labels: tuple[int, int]
    alike: tuple[int, int]
    joined: tuple[int, int]

    def __str__(self) -> str:
        shown = ("towns kept between words", self.towns), ("labels read as themselves", self.labels)
        more = ("as many in English", self.alike), ("cards that join two activities", self.joined)
        return " · ".join(f"{what}: {part} of {whole}" for what, (part, whole) in (*shown, *more))


def read(service: SearchService, asked: Sequence[str], seed: int = 32) -> Reading:
    """Read towns, labels and the cards of the phrases as a search does."""
    chance, terms = random.Random(seed), service.mappings.vocabulary.sectors.values()  # noqa: S311
    towns = chance.sample(
        [one for one in service.gazetteer.communes(KNOWN_TOWN) if not one.parent], TOWNS
    )
    with service.at_once() as at:
        placed = [
            f"commune:{town.code}"
            in {str(place) for place in _places(at, f"{before} {town.name} {after}")}
            for before, after in BETWEEN
            for town in towns
        ]
        plans = [
            (one.value, at.plan(Query(q=one.label(lang), lang=lang)))
            for one in terms
            for lang in LANGS
        ]
        own = [
            bool(plan.intent.needs) and slug in plan.intent.needs[0].sectors[:1]
            for slug, plan in plans
        ]
        asks = (
            Query(q=plan.query.q, lang=plan.query.lang, per_page=1, facets=()) for _, plan in plans
        )
        totals = [at.search(one, proposing=False).page.total for one in asks]
        cards = [joins for phrase in asked for joins in _joined(at, phrase)]
    alike = [one == other for one, other in zip(totals[::2], totals[1::2], strict=True)]
    return Reading(*((sum(some), len(some)) for some in (placed, own, alike, cards)))


def _places(service: SearchService, phrase: str) -> Sequence[Place]:
    asked = service.plan(Query(q=phrase)).reading.asked
    return (*asked.places, *([asked.centre] if isinstance(asked.centre, Place) else []))


def _joined(service: SearchService, phrase: str) -> Iterator[bool]:
    """Of each card that tells a zone and trades, whether no activity has both."""
    answer = service.search(Query(q=phrase, per_page=SHOWN, facets=()), proposing=False)
    why, terms = service.why(answer), service.mappings.vocabulary.sectors
    everywhere = t("why.serves", "fr", where="dans toute la France")
    offered = t("why.offers", "fr", labels="")
    for hit in answer.page.hits:
        said = [reason.text for reason in why.of(hit)]
        offers = next((one for one in said if one.startswith(offered)), "")
        held = hit.document.get("activities", ())
        told = {slug for slug, term in terms.items() if term.label("fr") in offers}
        trades = [one for one in held if one.get("sector") in told]
        if everywhere in said and trades:
            yield all(one["scope"] != "country" for one in trades)
        for km in {one.get("radius_km") for one in held} - {None}:
            if t("why.serves_radius", "fr", radius=km) in said and trades:
                yield all(one.get("radius_km") != km for one in trades)


def _doing(hits: Sequence[Hit]) -> list[Hit]:
    """Those who declare the trade; where nobody does, as on public lists, those of whom others tell
    it.
    """
    known = (
        [hit for hit in hits if hit.matched_by is by]
        for by in (MatchedBy.ACTIVITY, MatchedBy.EVIDENCE)
    )
    return next(filter(None, known), [])


def _first(doing: Sequence[Hit]) -> tuple[list[float], list[float]]:
    """Kilometres of the first ten as they stand, and of the ten nearest."""
    far = [hit.distance_km or 0.0 for hit in doing]
    return far[:SHOWN], sorted(far)[:SHOWN]


def _passed_over(doing: Sequence[Hit]) -> bool:
    """Whether one of the first ten stands above somebody near, and is twice as far."""
    return any(
        above.distance_km >= max(2 * below.distance_km, below.distance_km + MORE_KM)
        for at, below in enumerate(doing)
        if below.distance_km is not None and below.distance_km <= NEAR_KM
        for above in doing[: min(at, SHOWN)]
        if above.distance_km is not None
    )
