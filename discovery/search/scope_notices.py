"""What a search asks for beyond the launch scope: said plainly, since a bare zero would look like a lack of suppliers.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import Point
from discovery.gazetteer import Gazetteer, Place
from discovery.search.interpretation import Interpretation
from discovery.search.launch import LaunchScope
from discovery.search.problems import Notice


def notices(
    scope: LaunchScope, reading: Interpretation, vocabulary: Vocabulary, gazetteer: Gazetteer, lang: str
) -> Iterator[Notice]:
    """Warn of places of which nothing is open, then of the trades that a phrase names when none of them is."""
    told = {"scope": scope.label(lang)}
    for place in dict.fromkeys(_places(reading, gazetteer)):
        if not scope.covers(place, gazetteer):
            yield Notice("place_out_of_scope", "place", {"label": gazetteer.label(place, lang), **told})
    terms = vocabulary.terms("sector")
    sectors = [slug for slug in reading.sectors if slug in terms]
    if sectors and not any(scope.opens("sector", slug) for slug in sectors):
        yield Notice("sector_out_of_scope", "q", {"label": terms[sectors[0]].label(lang), **told})


def _places(reading: Interpretation, gazetteer: Gazetteer) -> Iterator[Place]:
    """Those named, and the department of a point."""
    yield from reading.asked.places
    centre = reading.asked.centre
    if isinstance(centre, Place):
        yield centre
    elif isinstance(centre, Point) and (department := gazetteer.department_at(centre.lat, centre.lon)):
        yield Place("department", department)
