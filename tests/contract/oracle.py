"""A slow, plain search engine: the port's sentences written down one by one, to check the fast ones
against.

It shares nothing with the engines but the port's types, the analysis, and what a filter of the
supplier itself means (`predicate.passes`, by which no engine finds). Every facet is counted by
searching again with that one filter replaced; every distance is a haversine; every score is
Lucene's formula in float64 over field lengths rounded to Lucene's byte.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from discovery.engine import predicate
from discovery.engine.port import (
    Coverage,
    DistanceSignal,
    Document,
    Filters,
    National,
    Need,
    Order,
    Point,
    Rotation,
    SearchRequest,
    Target,
    Word,
    lot,
)
from discovery.mappings.profiles import Promise

Terms = Callable[[str, str], list[str]]
ON_DOCUMENTS = {
    "kind": "kind", "kind_group": "kind_group", "certification": "certifications", "network": "networks",
    "department": "department", "region": "region", "territory": "territories", "evidence": "evidence",
    "employees": "employees_band",
}  # fmt: skip
ON_ACTIVITIES = {
    "sector": "sector",
    "sector_group": "sector_group",
    "service_type": "service_types",
}
OF_THE_SUPPLIER = [item.name for item in fields(Filters) if item.name not in ON_ACTIVITIES]


@dataclass(frozen=True)
class Answer:
    """`hits`: (id, score) of all matches, in order."""

    total: int
    hits: list[tuple[str, float | None]]
    facets: dict[str, dict[str, int]]


def listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Haversine on a sphere of 6371.0088 km."""
    p1, p2, half = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1) / 2
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(half) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))


def away(holder: Mapping[str, Any], point: Point | None) -> float | None:
    location = holder.get("location")
    if location is None or point is None:
        return None
    return km(location["lat"], location["lon"], point.lat, point.lon)


def byte_length(length: int) -> int:
    """A length after Lucene's SmallFloat round trip: exact below 24 + 16, then 24 plus four
    significant bits.
    """
    if length < 24:
        return length
    rest = length - 24
    while_kept = max(0, rest.bit_length() - 4)
    return 24 + (rest >> while_kept << while_kept)


class Oracle:
    """All of an index in a list. `definition` is `mappings/suppliers.json` or alike."""

    def __init__(
        self, documents: Iterable[Document], definition: Mapping[str, Any], terms: Terms
    ) -> None:
        self.documents = sorted(documents, key=lambda document: document["id"])
        self.similarity: dict[str, tuple[float, float]] = {}
        named = definition["settings"].get("similarity", {})
        self.tokens: dict[str, dict[str, list[str]]] = {
            document["id"]: {} for document in self.documents
        }
        for field, mapping in definition["mappings"]["properties"].items():
            if mapping.get("type") != "text":
                continue
            chosen = named.get(mapping.get("similarity"), {})
            self.similarity[field] = (chosen.get("k1", 1.2), chosen.get("b", 0.75))
            for document in self.documents:
                values = listed(document.get(field))
                tokens = [token for value in values for token in terms(mapping["analyzer"], value)]
                if tokens:
                    self.tokens[document["id"]][field] = tokens

        self.lists = {
            field: [held[field] for held in self.tokens.values() if field in held]
            for field in self.similarity
        }
        self.average = {
            field: sum(map(len, lists)) / len(lists) for field, lists in self.lists.items() if lists
        }

    def search(self, request: SearchRequest) -> Answer:
        matches = [document for document in self.documents if self.matches(document, request)]
        keyed = []
        for document in matches:
            score = self.score(document, request) if request.order is Order.RELEVANCE else None
            keyed.append((self.key(document, request, score), document["id"], score))
        turns = request.signals.rotation if request.order is Order.RELEVANCE else None
        keyed.sort(key=lambda one: (one[0], turn(one[1], turns), one[1]))
        facets = {name: self.facet(name, request) for name in request.facets}
        return Answer(len(matches), [(id_, score) for _, id_, score in keyed], facets)

    def total(self, request: SearchRequest) -> int:
        return sum(self.matches(document, request) for document in self.documents)

    # -- filters

    def matches(self, document: Document, request: SearchRequest) -> bool:
        if not self.passing(document, request):
            return False
        if request.needs:
            return any(self.meets(document, need, request) for need in request.needs)
        return (
            request.text is None
            or self.held(document, request, request.text.words) >= request.text.required
        )

    def passing(self, document: Document, request: SearchRequest) -> bool:
        """All that is asked but needs and words."""
        filters = request.filters
        if document.get("live") is not True:
            return False
        if not all(self.matches(document, SearchRequest(filters=one)) for one in request.scope):
            return False  # necessary; `placed` wants the same activity besides
        if not predicate.passes(document, filters):
            return False
        if request.box is not None and not self.boxed(document, request):
            return False
        if self.excluded(document, request):
            return False
        if request.unknown_trades and (
            listed(document.get("evidence_sectors"))
            or any(one.get("sector") for one in listed(document.get("activities")))
        ):
            return False
        if request.unless is not None and self.passing(document, request.unless):
            return False
        return self.placed(document, request)

    def excluded(self, document: Document, request: SearchRequest) -> bool:
        """Out for what it is, where it sits, or because all of its activities are excluded ones."""
        exclude = request.exclude
        for name in OF_THE_SUPPLIER:
            value = getattr(exclude, name)
            if value and predicate.passes(document, replace(Filters(), **{name: value})):
                return True
        if any(self.located(document, target) for target in request.exclude_targets):
            return True
        held = listed(document.get("activities"))
        return bool(held) and not any(self.left(one, exclude) for one in held)

    @staticmethod
    def left(activity: Mapping[str, Any], exclude: Filters) -> bool:
        if {activity.get("sector"), activity.get("sector_group")} & set(exclude.sector):
            return False
        ways = listed(activity.get("service_types"))
        return not ways or any(way not in exclude.service_type for way in ways)

    def meets(self, document: Document, need: Need, request: SearchRequest) -> bool:
        """An activity of the trade that is left; where none is declared at all, evidence or words."""
        trade = [one for one in listed(document.get("activities")) if self.does(one, need)]
        if trade:
            return any(self.left(one, request.exclude) for one in trade)
        wanted = set(need.sectors) - set(request.exclude.sector)
        if wanted & set(listed(document.get("evidence_sectors"))):
            return True
        return self.mentions(document, need, request)

    def mentions(self, document: Document, need: Need, request: SearchRequest) -> bool:
        if request.text is None or not need.words:
            return False
        return self.held(document, request, need.words, need.fields) >= need.required

    @staticmethod
    def does(activity: Mapping[str, Any], need: Need) -> bool:
        return bool({activity.get("sector"), activity.get("sector_group")} & set(need.sectors))

    def boxed(self, document: Document, request: SearchRequest) -> bool:
        box, location = request.box, document.get("location")
        if box is None or location is None:
            return False
        if not box.south <= location["lat"] <= box.north:
            return False
        if box.west <= box.east:
            return bool(box.west <= location["lon"] <= box.east)
        return bool(location["lon"] >= box.west or location["lon"] <= box.east)

    def placed(self, document: Document, request: SearchRequest) -> bool:
        """Activity filters and where, on the same activity."""
        filters, national = request.filters, request.national
        able = [
            a
            for a in listed(document.get("activities"))
            if self.left(a, request.exclude)
            and self.passes(a, filters, national)
            and all(self.passes(a, one, National.INCLUDE) for one in request.scope)
        ]
        needs = national is National.ONLY or any(
            one.sector or one.service_type for one in (filters, *request.scope)
        )
        trade = [
            one
            for one in listed(document.get("activities"))
            if any(self.does(one, need) for need in request.needs)
        ]
        speak = [one for one in able if one in trade] if trade else able
        having = speak if national is National.ONLY else able
        if not request.targets:
            return bool(having) or not needs
        seat = any(self.located(document, target) for target in request.targets)
        by_seat = seat and (bool(having) or not needs)
        ways = {self.serves(a, target, request) for a in speak for target in request.targets} - {
            None
        }
        return {
            Coverage.LOCATED: by_seat,
            Coverage.SERVES: bool(ways),
            Coverage.PRESUMED: "presumed" in ways,
            Coverage.ANY: by_seat or bool(ways),
        }[request.coverage]

    @staticmethod
    def passes(activity: Mapping[str, Any], filters: Filters, national: National) -> bool:
        slugs = {activity.get("sector"), activity.get("sector_group")} - {None}
        if filters.sector and not slugs & set(filters.sector):
            return False
        if filters.service_type and not set(filters.service_type) & set(
            listed(activity.get("service_types"))
        ):
            return False
        return not (national is National.ONLY and activity.get("scope") != "country")

    @staticmethod
    def located(document: Document, target: Target) -> bool:
        if target.everywhere:
            return True
        for asked, field in (
            (target.communes, "commune"),
            (target.departments, "department"),
            (target.regions, "region"),
        ):
            if any(value in asked for value in listed(document.get(field))):
                return True
        if target.circle is None:
            return False
        distance = away(document, target.circle.centre)
        return distance is not None and distance <= target.circle.radius_km

    @staticmethod
    def serves(activity: Mapping[str, Any], target: Target, request: SearchRequest) -> str | None:
        """By which zone, `coverage` aside."""
        scope = activity.get("scope")
        if scope == "country":
            return None if request.national is National.EXCLUDE else "national"
        if target.everywhere or (scope == "presumed" and not request.presumed):
            return None
        way = "presumed" if scope == "presumed" else "near"
        if any(place in target.zone_places for place in listed(activity.get("places"))):
            return way
        if any(place in target.zone_within for place in listed(activity.get("places_within"))):
            return way
        if scope not in ("radius", "presumed") or activity.get("radius_km") is None:
            return None
        distances = [away(activity, point) for point in target.zone_points]
        return (
            way if any(km is not None and km <= activity["radius_km"] for km in distances) else None
        )

    # -- facets

    def facet(self, name: str, request: SearchRequest) -> dict[str, int]:
        if name == "coverage":
            choices = {value.value: replace(request, coverage=value) for value in Coverage}
        elif name == "national":
            choices = {value.value: replace(request, national=value) for value in National}
        else:
            own = "sector" if name == "sector_group" else name
            choices = {}
            for value in self.values(name):
                alone: dict[str, Any] = {own: (value,)}
                choices[value] = replace(request, filters=replace(request.filters, **alone))
        counts = {value: self.total(again) for value, again in choices.items()}
        return {value: count for value, count in counts.items() if count}

    def values(self, name: str) -> set[str]:
        if name in ON_DOCUMENTS:
            return {
                value
                for document in self.documents
                for value in listed(document.get(ON_DOCUMENTS[name]))
            }
        return {
            value
            for document in self.documents
            for activity in listed(document.get("activities"))
            for value in listed(activity.get(ON_ACTIVITIES[name]))
        }

    # -- scores

    def held(
        self,
        document: Document,
        request: SearchRequest,
        words: Iterable[Word],
        fields: tuple[str, ...] = (),
    ) -> int:
        """How many of the words it holds, in those fields (none: the text's)."""
        assert request.text is not None
        tokens = self.tokens[document["id"]]
        there = {
            token
            for field in fields or dict(request.text.fields)
            for token in tokens.get(field, ())
        }
        return sum(any(one.token in there for one in word.alternatives) for word in words)

    def bm25(self, document: Document, field: str, token: str) -> float | None:
        """None when the field lacks the token."""
        tokens = self.tokens[document["id"]].get(field, [])
        if token not in tokens:
            return None
        lists = self.lists[field]
        average = self.average[field]
        holding = sum(token in held for held in lists)
        k1, b = self.similarity[field]
        idf = math.log(1 + (len(lists) - holding + 0.5) / (holding + 0.5))
        frequency = Counter(tokens)[token]
        norm = k1 * (1 - b + b * byte_length(len(tokens)) / average)
        return (k1 + 1) * idf * frequency / (frequency + norm)

    def text_score(self, document: Document, request: SearchRequest) -> float:
        query = request.text
        if query is None:
            return 0.0
        total = 0.0
        for word in query.words:
            scores = []
            for alternative in word.alternatives:
                for field, boost in query.fields:
                    score = self.bm25(document, field, alternative.token)
                    if score is not None:
                        scores.append(boost * alternative.weight * score)
            if scores:
                total += max(scores) + query.tie_breaker * (sum(scores) - max(scores))
        return total

    def score(self, document: Document, request: SearchRequest) -> float:
        signals = request.signals
        text = self.text_score(document, request)
        if signals.text is not None and request.text is not None:
            text = min(
                signals.text.weight,
                signals.text.weight * text / (signals.text.full * len(request.text.words)),
            )
            if self.named(document, request):
                text = signals.text.weight
        total = signals.base + text
        total += sum(self.trade(document, need, request) for need in request.needs)
        if signals.distance is not None:
            total += self.promised(document, request) * self.near(document, signals.distance)
        total += signals.completeness * (document.get("completeness") or 0) / 100
        total += signals.certifications * (document.get("certification_level") or 0) / 3
        if signals.freshness is not None and document.get("updated_at"):
            fresh = signals.freshness
            age = abs((fresh.as_of - date.fromisoformat(document["updated_at"])).days)
            total += fresh.weight * gauss(age, fresh.offset_days, fresh.scale_days, fresh.decay)
        if signals.sea is not None:
            there = any(
                one in signals.sea.departments for one in listed(document.get("department"))
            )
            total *= signals.sea.factor if there == signals.sea.among else 1.0
        return total * signals.factors().get(document["id"], 1.0)

    def trade(self, document: Document, need: Need, request: SearchRequest) -> float:
        """The first way in which the supplier meets a need, no filter and no exclusion minded."""
        tiers = request.signals.trade
        if self.named(document, request) or any(
            self.does(one, need) for one in listed(document.get("activities"))
        ):
            return tiers.declared
        if set(need.sectors) & set(listed(document.get("evidence_sectors"))):
            return tiers.evidence
        return tiers.mention if self.mentions(document, need, request) else 0.0

    def named(self, document: Document, request: SearchRequest) -> bool:
        wanted = request.signals.named
        if not wanted or request.text is None:
            return False
        tokens = self.tokens[document["id"]]
        return any(
            all(
                any(one.token in tokens.get(field, ()) for one in word.alternatives)
                for word in wanted
            )
            for field in ("name", "brand")
        )

    def promised(self, document: Document, request: SearchRequest) -> float:
        if not request.targets:
            return 1.0
        promise, plain = request.signals.promise, unfiltered(request)
        if promise == Promise() or self.seated(document, plain):
            return promise.seat
        held = listed(document.get("activities"))
        asked = [one for one in held if any(self.does(one, need) for need in request.needs)] or held
        ways = {
            way
            for one in asked
            if request.national is not National.ONLY or one.get("scope") == "country"
            for way in self.ways(one, plain)
        }
        if ways & {"near", "national"}:
            return promise.zone
        return promise.presumed if ways else promise.outside

    def seated(self, document: Document, request: SearchRequest) -> bool:
        by_seat = request.coverage in (Coverage.LOCATED, Coverage.ANY)
        return by_seat and any(self.located(document, target) for target in request.targets)

    def ways(self, activity: Mapping[str, Any], request: SearchRequest) -> set[str]:
        """By which zones it serves the targets, as coverage allows."""
        found = {
            way for target in request.targets if (way := self.serves(activity, target, request))
        }
        if request.coverage is Coverage.LOCATED:
            return set()
        return found & {"presumed"} if request.coverage is Coverage.PRESUMED else found

    def near(self, document: Document, signal: DistanceSignal) -> float:
        if not signal.centres or any(self.located(document, target) for target in signal.inside):
            return signal.weight
        known = [
            distance
            for centre in signal.centres
            if (distance := away(document, centre)) is not None
        ]
        if not known:
            return 0.0
        beyond = max(0.0, min(known) - signal.offset_km)
        return signal.weight * (
            (1 - signal.far_share) * 0.5 ** (beyond / signal.near_km)
            + signal.far_share * 0.5 ** (beyond / signal.far_km)
        )

    # -- order

    def key(
        self, document: Document, request: SearchRequest, score: float | None
    ) -> tuple[Any, ...]:
        newest_first = (
            -date.fromisoformat(document["updated_at"]).toordinal()
            if document.get("updated_at")
            else 1
        )
        if request.order is Order.RELEVANCE:
            assert score is not None
            return (-score,) if request.signals.rotation is None else (round(-score, 6),)
        if request.order is Order.ID:
            return ()
        if request.order is Order.DISTANCE:
            distance = away(document, request.centre)
            return (math.inf if distance is None else distance,)
        if request.order is Order.NAME:
            return (document.get("name_key") is None, document.get("name_key") or "")
        if request.order is Order.UPDATED:
            return (newest_first,)
        if request.order is Order.LISTED:
            listed = document.get("first_listed_at")
            return (-datetime.fromisoformat(listed).timestamp() if listed else math.inf,)
        completeness = document.get("completeness")
        return (1 if completeness is None else -completeness, newest_first)


def turn(id_: str, rotation: Rotation | None) -> tuple[bool, ...]:
    """Bit by bit, as the rotation reads them."""
    if rotation is None:
        return ()
    return tuple(
        bool(lot(id_) & 1 << bit) != bool(rotation.turned & 1 << bit) for bit in rotation.bits
    )


def unfiltered(request: SearchRequest) -> SearchRequest:
    return replace(request, filters=Filters(), scope=(), exclude=Filters())


def gauss(distance: float, offset: float, scale: float, decay: float) -> float:
    """exp(-max(0, d - offset)^2 / (2 sigma^2)), sigma^2 = -scale^2 / (2 ln decay)."""
    variance = -(scale**2) / (2 * math.log(decay))
    return math.exp(-(max(0.0, distance - offset) ** 2) / (2 * variance))
