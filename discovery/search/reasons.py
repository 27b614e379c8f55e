"""Why a supplier is in the answer, in a few words. Pure: from the request and the hit, nothing is
looked up again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

from discovery.disk_cache import cached
from discovery.engine.port import (
    Coverage,
    Hit,
    MatchedBy,
    National,
    SearchRequest,
    ServesBy,
    Target,
)
from discovery.mappings.codes import bare
from discovery.mappings.vocabulary import Term, Vocabulary
from discovery.model import dataclass, field
from discovery.places import Gazetteer, Place, haversine_km
from discovery.search.where import GeoFilter, de, in_place
from discovery.texts import day, shown_km, t

_PARTS = re.compile(r"[,&/]")
Grade = Literal["declared", "inferred", "to_check"]
"""How sure a reason is: said by the supplier, a register or a contract; told by a code, name or job
offer; presumed.
"""
_INFERRED = frozenset({"naf", "name", "job"})
"""Types of evidence that a supplier did not give to tell its trade."""
MAX_NAMES = 2
"""Sectors or labels named in one reason."""


class Reason(NamedTuple):
    """Why a supplier is in the answer, in a few words."""

    text: str
    grade: Grade = "declared"


@dataclass(frozen=True, slots=True)
class Terms:
    """Tokens of all the names of each sector (with its group's) and of each registered code, in an
    index's analysis. `alone`: of each sector and group, those each of which is a whole part of its
    label ("Couture, reprisage, retouches": three).
    """

    sectors: Mapping[str, frozenset[str]]
    naf: Mapping[str, frozenset[str]]
    alone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def kept(
        cls, vocabulary: Vocabulary, analyse: Callable[[str], Iterable[str]], analysis: str
    ) -> "Terms":
        """The same as `compile`, from a file of before. `analysis`: names the one that `analyse` is
        of; "" = none.
        """
        made = partial(cls.compile, vocabulary, analyse)
        if not analysis:
            return made()
        groups, sectors, codes = vocabulary.sector_groups, vocabulary.sectors, vocabulary.naf
        texts = [analysis]
        for term, above in (
            *((one, ()) for one in groups.values()),
            *((one, (one.group,)) for one in sectors.values()),
            *((one, one.sectors) for one in codes.values()),
        ):
            texts += ["", term.value, *above, "", *term.labels.values(), "", *term.names()]
        return cached(__file__, made, texts=texts)

    @classmethod
    def compile(cls, vocabulary: Vocabulary, analyse: Callable[[str], Iterable[str]]) -> "Terms":
        """The terms that name each sector and code. `analyse`: a text to its terms."""

        def tokens(*terms: Term) -> frozenset[str]:
            return frozenset(
                token for term in terms for name in term.names() for token in analyse(name)
            )

        groups = vocabulary.sector_groups
        sectors = {one.value: tokens(one, groups[one.group]) for one in vocabulary.sectors.values()}
        naf = {
            one.value: tokens(one).union(*(sectors[slug] for slug in one.sectors))
            for one in vocabulary.naf.values()
        }
        everyone = (*groups.values(), *vocabulary.sectors.values())
        return cls(sectors, naf, {one.value: _alone(one, analyse) for one in everyone})


def _alone(term: Term, analyse: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """ "Autre (BTP)" has none: what stands in brackets is no part."""
    parts = (
        tuple(analyse(part))
        for label in term.labels.values()
        if "(" not in label
        for part in _PARTS.split(label)
    )
    return tuple(dict.fromkeys(part[0] for part in parts if len(part) == 1))


@dataclass(frozen=True)
class Reasons:
    """Why each hit is in an answer; what its hits share is worked out once.

    `sectors`: those that the phrase names, said first. `terms` tells through which of its sectors,
    or its registered code, the words found a hit when its own texts don't hold them.
    """

    request: SearchRequest
    where: GeoFilter
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    lang: str = "fr"
    sectors: Sequence[str] = ()
    terms: Terms | None = None

    def of(self, hit: Hit, words: Sequence[str] = ()) -> list[Reason]:
        """Where it is or works, what it offers, what it holds, in that order; each reason once. The
        zone and the trades told are of the same activities.

        `words`: words of the search found in it, said when nothing else tells what it does.
        """
        filters, vocabulary = self.request.filters, self.vocabulary
        zone, spoken = self._zone(hit)
        found = [*self._place(hit)]
        if zone:
            found.append(
                Reason(zone, "to_check" if hit.serves_by is ServesBy.PRESUMED else "declared")
            )
        offered = self._offered(hit, spoken)
        if offered:
            found.append(self._labelled("why.offers", offered, vocabulary.sectors))
        elif hit.matched_by is MatchedBy.EVIDENCE and (attested := self._attested(hit)):
            found.append(attested)
        elif words:
            found.append(
                Reason(
                    t(
                        "why.words",
                        self.lang,
                        labels=", ".join([*dict.fromkeys(words)][:MAX_NAMES]),
                    ),
                    "inferred",
                )
            )
        elif self.terms and self.request.text:
            found += self._through(hit, self.terms, spoken)
        if certified := hit.document.get("certifications"):
            asked_first = sorted(certified, key=lambda value: value not in filters.certification)
            found.append(self._labelled("why.certified", asked_first, vocabulary.certifications))
        if filters.network and (
            member := [one for one in hit.document.get("networks", ()) if one in filters.network]
        ):
            found.append(self._labelled("why.network", member, vocabulary.networks))
        return list(dict.fromkeys(found))

    @cached_property
    def _town(self) -> str:
        """What distances are measured from, without its department; empty for a bare point."""
        return self.where.centre_label.partition(" (")[0]

    @cached_property
    def _everywhere(self) -> str:
        return t("why.serves", self.lang, where=in_place(Place("country"), "", self.lang))

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Sectors and groups that the phrase names or a filter asks for."""
        return frozenset({*self.sectors, *self.request.filters.sector})

    @cached_property
    def _tokens(self) -> frozenset[str]:
        """All that may stand for a word of the search."""
        asked = self.request.text
        return (
            frozenset(one.token for word in asked.words for one in word.alternatives)
            if asked
            else frozenset()
        )

    def _place(self, hit: Hit) -> Iterator[Reason]:
        if hit.distance_km is not None:
            km = shown_km(hit.distance_km)
            if not self._town:
                yield Reason(t("why.distance_point", self.lang, distance=km))
            elif not km:
                where = in_place(Place("commune"), self._town, self.lang)
                yield Reason(t("why.in_town", self.lang, where=where))
            else:
                yield Reason(
                    t("why.distance", self.lang, distance=km, of=de(self._town, self.lang))
                )
        elif hit.coverage is Coverage.LOCATED and (
            seat := _seat(hit.document, self.request.targets)
        ):
            yield Reason(t("why.seated", self.lang, where=self._inside(seat)))

    def _zone(self, hit: Hit) -> tuple[str, Sequence[str]]:
        """The zone that serves a place asked for, the most precise kind first, and the sectors that
        it is told of; no text and all of its sectors where a seat or a distance tells enough. Who
        is known to do what is needed by others only has no zone for it, but one that is presumed of
        a supplier without activities.
        """
        request, held = self.request, hit.document.get("activities", ())
        everything = [one.get("sector", "") for one in held]
        if hit.serves_by is ServesBy.PRESUMED:
            return t("why.presumed", self.lang), everything
        if hit.coverage is not Coverage.SERVES and (
            request.national is not National.ONLY or request.targets
        ):
            return "", everything
        zones: dict[str, list[str]] = {}
        for activity in held:
            sector = activity.get("sector", "")
            attested = hit.matched_by not in (None, MatchedBy.ACTIVITY) and sector
            if not attested and (not hit.matched_sectors or sector in hit.matched_sectors):
                zones.setdefault(self._reach(activity), []).append(sector)
        zones.pop("", None)
        told = next((one for one in zones if one != self._everywhere), next(iter(zones), ""))
        return told, zones.get(told, everything)

    def _reach(self, activity: Mapping[str, Any]) -> str:
        """How far an activity reaches, in words; empty where it serves no place asked for."""
        if self.request.national is not National.ONLY:
            place = next((code for code in activity.get("places", ()) if self._serves(code)), None)
            if place and (parsed := self.gazetteer.parse_place(place)):
                return t("why.serves", self.lang, where=self._inside(parsed))
            if activity.get("scope") == "radius" and _reaches(activity, self.request.targets):
                return t("why.serves_radius", self.lang, radius=activity["radius_km"])
        return self._everywhere if activity.get("scope") == "country" else ""

    def _serves(self, code: str) -> bool:
        return any(
            code in target.zone_places
            or not target.zone_within.isdisjoint(self.gazetteer.ancestors(code))
            for target in self.request.targets
        )

    def _inside(self, place: Place) -> str:
        return in_place(place, self.gazetteer.label(place, self.lang).partition(" (")[0], self.lang)

    def _offered(self, hit: Hit, spoken: Sequence[str]) -> list[str]:
        """Sectors to say, of those that the zone is told of: those matched; for words alone, those
        that the phrase names.
        """
        matched, known, wanted = hit.matched_sectors, self.vocabulary.sectors, self.wanted
        if self.request.text and not wanted:
            return []
        sectors = [
            one for one in dict.fromkeys(matched or spoken) if one in known and one in spoken
        ]
        asked = [one for one in sectors if one in wanted or known[one].group in wanted]
        return asked or ([] if self.request.text else [one for one in sectors if one in matched])

    def _through(self, hit: Hit, terms: Terms, spoken: Sequence[str]) -> Iterator[Reason]:
        """The sectors spoken of whose names hold a word asked for; else its registered code, if its
        names do.
        """
        tokens = self._tokens
        offered = [
            slug
            for slug in dict.fromkeys(spoken)
            if not tokens.isdisjoint(terms.sectors.get(slug, ()))
        ]
        if offered:
            yield self._labelled("why.offers", offered, self.vocabulary.sectors)
            return
        code = self._registered(hit)
        if code and not tokens.isdisjoint(terms.naf.get(code, ())):
            yield self._by_code(code)

    def _attested(self, hit: Hit) -> Reason | None:
        """The surest evidence of what is asked for, who says so and when; None where none is told."""
        wanted, known, code = self.wanted, self.vocabulary.sectors, self._registered(hit)
        for one in hit.document.get("public", {}).get("evidence", ()):
            sector = one.get("sector", "")
            if not (sector in wanted or (sector in known and known[sector].group in wanted)):
                continue
            if one.get("type") == "naf":
                break
            term = known.get(sector) or self.vocabulary.sector_groups.get(sector)
            words = one.get("words") or (term.label(self.lang) if term else sector)
            said = source_and_date(one, self.vocabulary, self.lang)
            text = t(f"why.{one['type']}", self.lang, words=words, told=said)
            return Reason(text, "inferred" if one["type"] in _INFERRED else "declared")
        return self._by_code(code) if code else None

    def _by_code(self, code: str) -> Reason:
        label = self.vocabulary.naf[code].label(self.lang)
        plain = label[:1].lower() + label[1:] if label[1:2].islower() else label
        return Reason(t("why.registered", self.lang, label=plain), "inferred")

    def _registered(self, hit: Hit) -> str:
        """The registered code, where it is one that points to trades; else empty."""
        code = bare(str(hit.document.get("public", {}).get("naf") or ""))
        return code if code in self.vocabulary.naf else ""

    def _labelled(self, code: str, values: Sequence[str], terms: Mapping[str, Term]) -> Reason:
        labels = [
            terms[value].label(self.lang) if value in terms else value
            for value in values[:MAX_NAMES]
        ]
        return Reason(t(code, self.lang, labels=", ".join(labels)))


def source_and_date(fact: Mapping[str, Any], vocabulary: Vocabulary, lang: str) -> str:
    """Who says so and when, in brackets, behind a space; empty when neither is known."""
    source = vocabulary.sources.get(fact.get("source") or "")
    known = {
        "source": source.label(lang) if source else "",
        "date": day(fact.get("date") or "", lang),
    }
    keys = {
        (True, True): "why.told",
        (True, False): "why.told_source",
        (False, True): "why.told_date",
    }
    key = keys.get((bool(known["source"]), bool(known["date"])))
    return t(key, lang, **known) if key else ""


def _seat(document: Mapping[str, Any], targets: Iterable[Target]) -> Place | None:
    """The narrowest place asked for in which the supplier sits."""
    for target in targets:
        if document.get("commune") in target.communes:
            return Place("commune", document["commune"])
        if document.get("department") in target.departments:
            return Place("department", document["department"])
        if document.get("region") in target.regions:
            return Place("region", document["region"])
    return None


def _reaches(activity: Mapping[str, Any], targets: Iterable[Target]) -> bool:
    location = activity.get("location")
    return location is not None and any(
        haversine_km(location["lat"], location["lon"], point.lat, point.lon)
        <= activity["radius_km"]
        for target in targets
        for point in target.zone_points
    )
