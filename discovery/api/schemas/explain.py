"""Explanations: what is asked, what is answered."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields

from discovery.api.schemas.answers import Labelled, Strict, boolean, integer, number, string, strings
from discovery.api.schemas.fields import Word
from discovery.api.schemas.parameters import SearchParameters, about

NOT_EXPLAINED = ("page", "per_page", "facets", "cursor", "sort")


class ExplainParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_EXPLAINED

    id = Word(metadata=about("The supplier's id, slug or former slug."))


class Part(Schema):
    """A number, and those that make it up."""

    name = string(
        "`score`, `total`, `base`, `trade` (one a need), `place`, `text`, `word`, `field`, or the name of a signal or "
        "of a factor."
    )
    label = string("What it is, for people.")
    value = number()
    operation = fields.String(
        required=True,
        allow_none=True,
        metadata=about(
            "How `parts` make `value`: `product`, `sum`, `sum_at_most` (their sum, `weight` at most) or "
            "`best_and_others` (the best part + `weight` x the others); null for a number that stands alone. "
            "`one_plus_sum` is no longer given.",
            enum=["product", "sum", "sum_at_most", "one_plus_sum", "best_and_others", None],
        ),
    )
    weight = number("Of the other parts in `best_and_others`; of a tier or signal, the most it can be.", null=True)
    token = string("Of a field: the analysed word that was met there.", null=True)
    parts = fields.List(fields.Nested(lambda: Part()), required=True)


class ExplainAnswer(Strict):
    id = string()
    display_name = string()
    found = boolean("Whether the search finds this supplier; when not, `obstacles` say why.")
    sentence = string("Why it is there, and where, or why it is not: one sentence for people.")
    why = strings("The reasons, as its result in a search has them.")
    rank = integer("By relevance, from 1; null when it is not found, or not among the first 10,000.", null=True)
    equals = integer("How many others have this very score, and change places with it from day to day.")
    score = number("null when it is not found.", null=True)
    explanation = fields.Nested(
        Part, required=True, allow_none=True, metadata=about("The score taken apart; null when it is not found.")
    )
    obstacles = fields.List(
        fields.Nested(Labelled),
        required=True,
        metadata=about("Parts of the search that each, alone, keep it out: a parameter, `where`, `bbox`, `words`."),
    )
    profile = string("The ranking profile.")
