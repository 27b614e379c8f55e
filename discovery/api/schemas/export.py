"""Exports: what is asked; what is answered is a file."""

from __future__ import annotations

from marshmallow import EXCLUDE

from discovery.api.schemas.parameters import SearchParameters

NOT_OF_A_FILE = ("page", "per_page", "facets", "cursor")
"""Parameters of a search that only cut its answer into pages."""


class ExportParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_OF_A_FILE
