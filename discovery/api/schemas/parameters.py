"""The parameters of a search, as a schema that reads a query string and describes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import EXCLUDE, Schema

from discovery.api.schemas.fields import Bands, Distance, Frame, Number, Phrase, Switch, Values, Whole, Word
from discovery.config.profiles import LAYERS
from discovery.config.vocabulary import LANGS
from discovery.engine.port import FACETS, Coverage, National
from discovery.schema.attributes import ATTRIBUTES, EXCLUSIONS, TAKEN_OUT, Exclusion
from discovery.search.query import (
    AUTO,
    EVERY_SORT,
    MAX_PER_PAGE,
    MAX_Q,
    MAX_RADIUS_KM,
    MIN_RADIUS_KM,
    NO_LIMIT,
    PRESUMED,
    WALKED,
    Query,
)

DEFAULTS = Query()


def about(description: str, **described: Any) -> dict[str, Any]:
    """What OpenAPI and `--help` say of a parameter."""
    return {"description": description, **described} if description else described


def listed(description: str) -> dict[str, Any]:
    """What is said of a parameter whose values are alternatives."""
    return about(f"{description} Repeat the parameter or separate values with commas; they are alternatives (OR).")


def taken_out(one: Exclusion) -> dict[str, Any]:
    """What is said of a parameter that takes suppliers out."""
    example = ", ".join(f"`{value}`" for value in one.example)
    return about(f"{one.about} to take out, such as {example}. Repeat the parameter or separate values with commas.")


_READ_BY = {"employees": Bands}
"""Filters whose values are not read as plain ones."""
_CODES = {
    "cpv": "CPV 2008 codes or their first digits (90910000, 9091): the sectors mapped to them.",
    "naf": "Registered activity codes (81.21Z): the sectors mapped to them.",
    "rome": "ROME job codes (K2204): the sectors mapped to them.",
}


def _filters() -> Iterator[tuple[str, Values]]:
    """A parameter an attribute; behind sectors, the codes that stand for some."""
    for one in ATTRIBUTES:
        yield one.name, _READ_BY.get(one.name, Values)(metadata=listed(one.about))
        if one.name == "sector":
            yield from ((name, Values(metadata=listed(said))) for name, said in _CODES.items())


def _exclusions() -> Iterator[tuple[str, Values]]:
    place = Values(
        commas=False,
        metadata=about("A place, as in `place`, whose seated suppliers are taken out. Repeatable."),
    )
    for name in TAKEN_OUT:
        yield name, Values(metadata=taken_out(EXCLUSIONS[name])) if name in EXCLUSIONS else place


class LangParameter(Schema):
    """The parameters that every endpoint takes."""

    class Meta:
        unknown = EXCLUDE

    lang = Word(
        choices=LANGS,
        metadata=about("Language of labels, reasons and errors.", enum=list(LANGS), default="fr"),
    )
    key = Word(
        metadata=about(
            "A widget's key, from whoever runs the service: only the suppliers of its presets are found, only pages of "
            "its origins may ask, and its own limits count."
        )
    )


class SearchParameters(LangParameter):
    """Field names are those of `discovery.search.parameters.Query`, but for `cursor`."""

    q = Phrase(
        metadata=about(
            "What is wanted, in plain words: trade, place, distance, kinds… in French or English.",
            maxLength=MAX_Q,
        )
    )
    interpret = Switch(
        load_default=True,
        metadata=about("false searches the words as they are, without recognising places, kinds or distances."),
    )
    literal = Values(commas=False, metadata=about("A recognised piece to leave as words, by its text. Repeatable."))
    vars().update(_filters())
    place = Values(
        commas=False,
        metadata=about(
            "A boundary: `commune:69123`, `postcode:01150`, `epci:200046977`, `ept:200057875`, "
            "`arrondissement:493`, `department:69`, `region:84`, `area:pays-d-auge`, `country`, or a typed name. "
            "Repeatable; places are alternatives (OR)."
        ),
    )
    near = Word(
        metadata=about(
            "A centre, typed: “Lyon”, “69003”. With a `radius` it draws a circle; without, and without a boundary, the "
            "circle is chosen (`radius=auto`)."
        )
    )
    lat = Number(metadata=about("Latitude of a centre, WGS 84 degrees; with `lon`.", minimum=-90, maximum=90))
    lon = Number(metadata=about("Longitude of a centre, WGS 84 degrees; with `lat`.", minimum=-180, maximum=180))
    radius = Distance(
        words=(AUTO, NO_LIMIT),
        metadata=about(
            "Kilometres around the centre, which it needs; `auto`: the smallest circle in which enough suppliers "
            "answer (what a centre alone means), told in `query.circle`; `none`: no circle, the centre only ranks.",
            anyOf=[
                {"type": "number", "minimum": MIN_RADIUS_KM, "maximum": MAX_RADIUS_KM},
                {"type": "string", "enum": [AUTO, NO_LIMIT]},
            ],
        ),
    )
    bbox = Frame(metadata=about("`west,south,east,north` in degrees: suppliers seated inside only."))
    coverage = Word(
        metadata=about(
            "Whether a supplier must be located in the place, serve it, or either. Default: `located` with a circle "
            "or box, else `any`.",
            enum=[str(one) for one in Coverage],
        )
    )
    national = Word(
        metadata=about(
            "What suppliers who work in all of France count for.",
            enum=[str(one) for one in National],
            default="include",
        )
    )
    presumed = Word(
        metadata=about(
            "Whether activities without a declared zone count as serving around their seat.",
            enum=list(PRESUMED),
            default=PRESUMED[0],
        )
    )
    vars().update(_exclusions())
    sort = Word(metadata=about("Order; `distance` needs a centre.", enum=list(EVERY_SORT), default=DEFAULTS.sort))
    page = Whole(load_default=DEFAULTS.page, metadata=about("From 1, up to 10,000 results deep.", minimum=1))
    per_page = Whole(load_default=DEFAULTS.per_page, metadata=about("Results a page.", minimum=1, maximum=MAX_PER_PAGE))
    facets = Values(
        metadata=about(f"Facets to count, separated by commas, or `none`; default all: {', '.join(FACETS)}.")
    )
    profile = Word(metadata=about("Name of a ranking profile."))
    without = Values(
        metadata=about(
            f"Layers of the profile to switch off, to see what each does: {', '.join(LAYERS)}. Repeat the parameter or "
            "separate values with commas."
        )
    )
    cursor = Word(
        metadata=about(
            f"Where to go on, from `links.next` of an answer sorted by {', '.join(WALKED)}; in place of `page`, and as "
            "deep as one likes. Suppliers who don't change meanwhile are met exactly once."
        )
    )


PARAMETERS = tuple(SearchParameters().fields)
