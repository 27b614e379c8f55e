"""Suggestions: what is asked, what is answered."""

from __future__ import annotations

from discovery.api.schemas.answers import OPENED, Scope, Strict, integer, many, one, string
from discovery.api.schemas.fields import Phrase, Values, Whole
from discovery.api.schemas.parameters import LangParameter, about
from discovery.search.parameters import MAX_Q
from discovery.suggest import TYPES
from discovery.suggest.service import LIMIT

MAX_SUGGESTIONS = 20


class SuggestParameters(LangParameter):
    q = Phrase(
        metadata=about(
            "The phrase so far, up to the caret: its last piece is completed. Empty: no suggestion.", maxLength=MAX_Q
        )
    )
    types = Values(metadata=about(f"Only these, separated by commas: {', '.join(TYPES)}."))
    limit = Whole(
        load_default=LIMIT, metadata=about("Suggestions at most, in all.", minimum=1, maximum=MAX_SUGGESTIONS)
    )


class Completion(Strict):
    type = string(enum=list(TYPES))
    value = string("A place code, a slug or a code, as `parameter` takes it; of a supplier its id.")
    label = string("What to show.")
    detail = string("What tells it from others: what holds the place, the sector's group, a supplier's kind and town.")
    matched = string("The other name that was met, when `label` is not what was typed.", null=True)
    parameter = string("The parameter of `/search` and the others that `value` is for; null for a supplier.", null=True)
    text = string("The phrase completed: put it in the search box.")
    start = integer("Where the piece that is replaced starts in `q`, in Unicode characters.")
    end = integer("Where it ends: that of `q`.")
    url = string("Of a supplier: its page, for people.", null=True)


class Group(Strict):
    type = string(enum=list(TYPES))
    label = string("What to write above them.")
    suggestions = many(Completion, "Likeliest first.")


class SuggestAnswer(Strict):
    q = string("The phrase as given.")
    scope = one(Scope, OPENED, null=True)
    groups = many(Group, "By type; that of the likeliest suggestion first. A type without suggestion is absent.")
