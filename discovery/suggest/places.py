"""Places by the start of their names, by post code, by number."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from discovery.gazetteer import Commune, Gazetteer, Place, normalise
from discovery.gazetteer.names import without_article
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.suggest.area_names import AreaNames, kind_of
from discovery.suggest.model import Fit, Suggestion
from discovery.suggest.phrase import Tail

MAX_PLACES = 10
"""Communes, and post codes, of one tail."""
MAX_LOOKED_AT = 2_000
"""Communes of a beginning among which those that are open are looked for."""
_DIGITS = re.compile(r"\d{2,5}", re.ASCII)
_DEPARTMENT = re.compile(r"\d[\dab]|97\d|98\d", re.ASCII | re.IGNORECASE)
_HINTED = re.compile(r"(?P<name>.*[^\W\d]\W*?)[\s,]*[\s,(](?P<hint>\d[\dab]?\d{0,3})\)?", re.IGNORECASE)
_DECADE = 0.13
"""Of the score, for each tenfold of inhabitants above a thousand; below, taken from it."""
_NUMBERED = 0.35
"""Of a department by its number."""


class Places:
    """Immutable but for what the gazetteer builds when first asked."""

    def __init__(self, gazetteer: Gazetteer, scope: LaunchScope = EVERYTHING) -> None:
        self._gazetteer = gazetteer
        self._scope = scope
        self._most = MAX_LOOKED_AT if scope else MAX_PLACES
        self._names = AreaNames(gazetteer)

    def met(self, tail: Tail, lang: str) -> Iterator[Suggestion]:
        """Places whose name, code or number starts as the tail."""
        text = tail.text.strip()
        if _DIGITS.fullmatch(text) or _DEPARTMENT.fullmatch(text):
            yield from self._numbered(tail, text, lang)
        elif hinted := _HINTED.fullmatch(text):
            yield from self._hinted(tail, hinted["name"], hinted["hint"].upper(), lang)
            yield from self._communes(self._gazetteer.by_prefix(text, self._most), tail, Fit.START, lang)
        else:
            key = normalise(text)
            yield from self._communes(self._gazetteer.by_prefix(tail.text, self._most), tail, Fit.START, lang)
            if tail.ended:  # by_prefix then asks for more words: what is whole is meant too
                yield from self._communes(self._gazetteer.by_name(text), tail, Fit.WHOLE, lang)
            if key and not key.isdigit():
                yield from self._named_areas(tail, key, lang)

    def near(self, tail: Tail, lang: str) -> Iterator[Suggestion]:
        """Towns and areas whose name starts as the tail but for a typo."""
        yield from self._communes(self._gazetteer.by_prefix_fuzzy(tail.text, self._most), tail, Fit.NEAR, lang)
        for place, prior in self._names.near(normalise(tail.text)):
            if self._scope.covers(place, self._gazetteer):
                yield self._suggestion(tail, place, Fit.NEAR + prior, lang)

    def _communes(self, found: Iterable[Commune], tail: Tail, fit: Fit, lang: str) -> Iterator[Suggestion]:
        typed = normalise(tail.text)
        opened = (one for one in found if self._scope.opens("department", one.department))
        for commune in islice(opened, MAX_PLACES):
            key = normalise(commune.name)
            fits = Fit.WHOLE if fit is Fit.START and typed in (key, without_article(key)) else fit
            yield self._suggestion(tail, Place("commune", commune.code), fits + _size(commune), lang)

    def _named_areas(self, tail: Tail, key: str, lang: str) -> Iterator[Suggestion]:
        for place, known, prior in self._names.starting(key):
            if known == key or not tail.ended or known.startswith(key + " "):
                fit = Fit.WHOLE if known == key else Fit.START
                if self._scope.covers(place, self._gazetteer):
                    yield self._suggestion(tail, place, fit + prior, lang)

    def _numbered(self, tail: Tail, digits: str, lang: str) -> Iterator[Suggestion]:
        """A department by its number; the most populous post codes that start so."""
        department = self._gazetteer.department(digits.upper())
        if department and self._scope.opens("department", department.code):
            yield self._suggestion(tail, Place("department", department.code), Fit.WHOLE + _NUMBERED, lang)
        codes = (
            code
            for code in self._gazetteer.postcodes_with_prefix(digits)
            if not self._scope or self._scope.covers(Place("postcode", code), self._gazetteer)
        )
        sized = ((_size(self._gazetteer.communes_of_postcode(code)[0]), code) for code in codes)
        for size, code in heapq.nlargest(MAX_PLACES, sized):
            fit = Fit.WHOLE if code == digits else Fit.START
            yield self._suggestion(tail, Place("postcode", code), fit + size, lang)

    def _hinted(self, tail: Tail, name: str, hint: str, lang: str) -> Iterator[Suggestion]:
        """ "Saint-Denis 93", "Saint-Denis (974": namesakes whose department or post code starts so."""
        for commune in self._gazetteer.by_name(name) or self._gazetteer.by_prefix(name, MAX_PLACES):
            if not self._scope.opens("department", commune.department):
                continue
            if commune.department.startswith(hint) or any(code.startswith(hint) for code in commune.post_codes):
                yield self._suggestion(tail, Place("commune", commune.code), Fit.WHOLE + _size(commune), lang)

    def _suggestion(self, tail: Tail, place: Place, score: float, lang: str) -> Suggestion:
        label = self._gazetteer.label(place, lang)
        focus = tail.focus and place.type in ("commune", "postcode")
        return Suggestion(
            type="place",
            value=str(place),
            label=label,
            detail=self._detail(place, lang),
            name=label,
            start=tail.start,
            score=score,
            parameter="near" if focus else "place",
        )

    def _detail(self, place: Place, lang: str) -> str:
        """What kind of place it is, where its name doesn't tell; what holds it, or what a post code stands for."""
        known = self._gazetteer
        if place.type == "postcode":
            communes = [commune.name for commune in known.communes_of_postcode(place.code)]
            return ", ".join(communes[:3]) + (", …" if len(communes) > 3 else "")
        above = [one for one in known.ancestors(place) if one.startswith(("department:", "region:"))]
        held = ", ".join(dict.fromkeys(known.label(one).partition(" (")[0] for one in above))
        grouping = known.grouping(place)
        kind = kind_of(grouping, lang) if grouping else ""
        return " · ".join(filter(None, (kind, held)))


def _size(commune: Commune) -> float:
    return _DECADE * (math.log10(commune.population + 1) - 3)
