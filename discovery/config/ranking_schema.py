"""Marshmallow schemas of a profile's tiers and signals, what scores are made of. `make` builds the typed object."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from discovery.config.profiles import DistanceDecay, FreshnessDecay, Responsiveness, TextWeight
from discovery.config.tiers import CircleTiers, PlaceTiers, TradeTiers
from discovery.config.why_schema import WeightSchema, WhySchema, about, number, whole
from discovery.schema.signals import SHARES


class _Steps(WhySchema):
    """From the best to the least."""

    @validates_schema
    def descending(self, data: dict[str, Any], **_: Any) -> None:
        steps = [name for name in self.fields if name != "why"]
        for better, worse in pairwise(steps):
            if data.get(worse, 0) > data.get(better, 100):
                raise ValidationError(f"is more than `{better}`, which is better: make it as much at most", worse)


class TradeSchema(_Steps):
    here = number(0, 100, "An activity of the trade serves the place asked for, or its supplier sits there.")
    elsewhere = number(0, 100, "It declares the trade, for other places.")
    evidence = number(0, 100, "Others tell of the trade: its registered code.")
    mention = number(0, 100, "Its record holds the words, no more.")

    def make(self, **parts: Any) -> TradeTiers:
        return TradeTiers(**parts)


class PlaceSchema(_Steps):
    seat = number(0, 100, "It sits in the place asked for.")
    near = number(0, 100, "It declares a zone that covers the place.")
    presumed = number(0, 100, "It declares no zone, and sits near enough to be presumed to come.")
    national = number(0, 100, "It serves all of France.")

    def make(self, **parts: Any) -> PlaceTiers:
        return PlaceTiers(**parts)


class CircleSchema(_Steps):
    kilometres = number(0, 100, "What the nearest have more than the farthest, instead of the distance's weight.")
    near = number(0, 100, "It declares a zone that covers the centre.")
    presumed = number(0, 100, "It declares no zone, and sits near enough to be presumed to come.")
    national = number(0, 100, "It serves all of France.")

    def make(self, **parts: Any) -> CircleTiers:
        return CircleTiers(**parts)


class SeaSchema(WhySchema):
    factor = number(0, 1, "Multiplies the score of who sits across the sea from the place asked for; 1 leaves it out.")

    def make(self, **parts: Any) -> float:
        return float(parts["factor"])


class TiersSchema(Schema):
    trade = fields.Nested(TradeSchema)
    place = fields.Nested(PlaceSchema)
    circle = fields.Nested(CircleSchema)
    sea = fields.Nested(SeaSchema)


class TextSchema(WhySchema):
    weight = number(0, 100, "What the words add at most, when a trade is recognised.")
    alone = number(0, 100, "What they add at most, when none is.")
    full = number(0.1, 1000, "The score of a word, over all words on average, that adds all of it.")

    def make(self, **parts: Any) -> TextWeight:
        return TextWeight(**parts)


class DistanceSchema(WhySchema):
    weight = number(0, 100, "What the nearest have more than the farthest, when a trade is recognised.")
    alone = number(0, 100, "The same, when none is.")
    offset_km = number(0, 500, "Up to so far, everyone is as near as can be.")
    near_km = number(0.1, 1000, "The first part is halved every so many kilometres.")
    far_km = number(0.1, 20000, "The second part is halved every so many kilometres.")
    far_share = number(0, 1, "The share of the second part.")

    def make(self, **parts: Any) -> DistanceDecay:
        return DistanceDecay(**parts)


class FreshnessSchema(WhySchema):
    weight = number(0, 100, "What a fresh record adds.")
    offset_days = whole(0, 3650, "Up to so old, a record is fresh.")
    scale_days = whole(1, 36500, "So much older, the signal has fallen to `decay`.")
    decay = number(0.01, 0.99, "What is left of the signal at offset + scale.")

    def make(self, **parts: Any) -> FreshnessDecay:
        return FreshnessDecay(**parts)


class ResponsivenessSchema(WhySchema):
    weight = number(0, 100, "What everyone has more than who leaves buyers without an answer; 0 = nothing.")
    asked = whole(1, 100_000, "Requests from which on it is told.")
    share = number(0, 1, "Who answered less than this share of them is silent.")

    def make(self, **parts: Any) -> Responsiveness:
        return Responsiveness(**parts)


class SignalsSchema(Schema):
    text = fields.Nested(TextSchema)
    distance = fields.Nested(DistanceSchema)
    vars().update((name, fields.Nested(WeightSchema)) for name in SHARES)
    freshness = fields.Nested(FreshnessSchema)
    responsiveness = fields.Nested(
        ResponsivenessSchema, metadata=about("Looked at where DISCOVERY_RESPONSES names a file; may be left out.")
    )
