"""`POST /api/v1/alerts` and `GET /api/v1/matches`, described."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from discovery.alerts.signing import Every
from discovery.api.schemas.answers import Strict, integer, string, strings
from discovery.api.schemas.parameters import SearchParameters, about
from discovery.config.mailbox import MAX_LENGTH

NOT_FOLLOWED = ("sort", "page", "per_page", "cursor", "facets")
"""Parameters that tell how a list is shown: who follows a search hears of who is new."""


class FollowedParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_FOLLOWED


class AskedAlert(Schema):
    email = fields.String(
        required=True,
        validate=validate.Length(max=MAX_LENGTH),
        metadata=about("The mailbox, alone.", example="first.last@council.example"),
    )
    every = fields.String(
        required=True, validate=validate.OneOf([*Every]), metadata=about("How often new suppliers are told.")
    )


class AlertAnswer(Strict):
    said = string("What to tell whoever asked.")


class MatchesAnswer(Strict):
    total = integer("How many match.")
    ids = strings("Of the newest 10,000.")
