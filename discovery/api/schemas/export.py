"""Exports: what is asked; what is answered is a file."""

from __future__ import annotations

from marshmallow import EXCLUDE

from discovery.api.schemas.fields import Values
from discovery.api.schemas.parameters import SearchParameters, about

NOT_OF_A_FILE = ("page", "per_page", "facets", "cursor")
"""Parameters of a search that only cut its answer into pages."""


WITH_IDS = ("id", "near", "lang", "key")
"""All that may be asked beside ids."""


class ExportParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_OF_A_FILE

    id = Values(
        commas=False,
        metadata=about(
            "A supplier's id or slug: the file then holds exactly these, in this order, whatever a key presets; those "
            "no longer listed come last and are said to be so. Repeatable; of the other parameters only `near` (for "
            "distances), `lang` and `key` go with it."
        ),
    )
