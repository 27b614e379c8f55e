"""The same search said by parameters, which leave nothing to understand: what a phrase costs lies
between the two.

Trades become `sector`, places `place` or `near` and `radius` (the circle that was chosen, too),
words that only words can say `q` with `interpret=false`. Who is found may differ: a trade named
also finds who is known to do it.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict

from discovery.answers import links
from discovery.engine.port import National, Point
from discovery.http.api.endpoint import read_query
from discovery.model.attributes import EXCLUDED, FILTERS
from discovery.search.query import Query
from discovery.search.service import SearchService


def by_parameters(address: str, search: SearchService) -> str:
    """The address that asks for the same without a phrase to read; "" for what has none. `search`:
    reads it.
    """
    path, _, written = address.partition("?")
    query = read_query(MultiDict(parse_qsl(urlsplit(f"?{written}").query)))[0]
    return links.address(path, _said(query, search)) if query.q and path.endswith("/search") else ""


def _said(query: Query, search: SearchService) -> Query:
    made = search.settled(query)
    reading, asked = made.reading, made.reading.asked
    values: dict[str, Any] = {name: getattr(reading.filters, name) for name in FILTERS}
    values |= {f"not_{name}": getattr(reading.exclusions.filters, name) for name in EXCLUDED}
    sectors = tuple(dict.fromkeys(slug for need in reading.needs for slug in need.sectors))
    centre = asked.centre
    if isinstance(centre, Point):
        values |= {"lat": centre.lat, "lon": centre.lon}
    elif centre is not None:
        values["near"] = str(centre)
    radius = made.pinned.radius if made.circle else asked.radius_km
    if centre is not None and not (made.circle or radius or asked.minutes):
        radius = "none"
    words = reading.filters.siret or ("" if reading.needs else reading.text)
    return replace(
        query,
        **values | {"sector": values["sector"] or sectors},
        q=words,
        interpret=bool(reading.filters.siret) or not words,
        place=tuple(map(str, asked.places)),
        not_place=tuple(map(str, reading.exclusions.places)),
        minutes=asked.minutes,
        radius=radius,
        national=None if asked.national is National.INCLUDE else asked.national.value,
    )
