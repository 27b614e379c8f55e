"""Ranking profiles, `mappings/profiles/`: numbers that analysts own, each with its reason; one file
may extend another.

A section's class is what its file may say, what editors tell of it, and what serves.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, Literal, TypedDict

from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from discovery.declared import Filled, Options, Reasoned, Share, Slug, Weight, Why, about, declared
from discovery.mappings.vocabulary import Labels
from discovery.model import dataclass, field, fields, replace
from discovery.model.signals import SHARES, DocumentSignals

DEFAULT_PROFILE = "balanced"
MAX_PINNED = 5
"""Suppliers pinned for one query: what one screen shows, and what a score can hold
(`engine.port.PIN_STEP`).
"""

Weighted = Annotated[Weight, Reasoned("weight", "Multiplies what this part adds; 0 leaves it out.")]


# What scores begin with: how a supplier does the trade asked for


class _Descending:
    """Steps from the best to the least."""

    __slots__ = ()

    def parsed(self) -> Any:
        """Refuse a step that is worth more than a better one."""
        for better, worse in pairwise(item.name for item in fields(self)):  # type: ignore[arg-type]
            if getattr(self, worse) > getattr(self, better):
                raise ValidationError(
                    f"is more than `{better}`, which is better: make it as much at most", worse
                )
        return self


@declared(why=Why, complete=True)
class TradeTiers(_Descending):
    """For each need of a request, of the ways in which a supplier meets it the first alone. Each at
    least the next.
    """

    declared: Weight = about("It declares an activity of the trade.", default=0.0)
    evidence: Weight = about("Others tell of the trade: its registered code.", default=0.0)
    mention: Weight = about("Its record holds the words, no more.", default=0.0)


class _Tiers(TypedDict, total=False):
    trade: TradeTiers
    sea: Annotated[
        Share,
        Reasoned(
            "factor",
            "Multiplies the score of who sits across the sea from the place asked for; 1 leaves it out.",
        ),
    ]


# Signals: what is added to the tiers


@declared(why=Why)
class TextWeight:
    """What the words add at most, with a need (`weight`) and where no trade is recognised
    (`alone`); a word that scores `full` on average adds all of it.
    """

    weight: Weight = about("What the words add at most, when a trade is recognised.")
    alone: Weight = about("What they add at most, when none is.")
    full: Annotated[float, Range(0.1, 1000)] = about(
        "The score of a word, over all words on average, that adds all of it."
    )


@declared(why=Why, complete=True)
class Promise(_Descending):
    """How likely a supplier is to come, by how it serves the place asked for: multiplies what its
    distance is worth, so that one curve weighs both. Each at least the next.
    """

    seat: Share = about("It sits in the place or the circle asked for.", default=1.0)
    zone: Share = about(
        "It declares a zone that covers the place, all of France included.", default=1.0
    )
    presumed: Share = about(
        "It declares no zone, and sits near enough to be presumed to come.", default=1.0
    )
    outside: Share = about("It does the trade, but declares other places for it.", default=1.0)


@declared(why=Why)
class DistanceDecay:
    """What the nearest have, with a need (`weight`) and where no trade is recognised (`alone`). One
    part is halved every `near_km`, the other (`far_share` of it) every `far_km`.
    """

    weight: Weight = about(
        "What the nearest have more than the farthest, when a trade is recognised."
    )
    alone: Weight = about("The same, when none is.")
    offset_km: Annotated[float, Range(0, 500)] = about(
        "Up to so far, everyone is as near as can be."
    )
    near_km: Annotated[float, Range(0.1, 1000)] = about(
        "The first part is halved every so many kilometres."
    )
    far_km: Annotated[float, Range(0.1, 20000)] = about(
        "The second part is halved every so many kilometres."
    )
    far_share: Share = about("The share of the second part.")


@declared(why=Why)
class FreshnessDecay:
    """What a fresh record adds, and how it falls with age: as a Gaussian, to `decay` at offset +
    scale.
    """

    weight: Weight = about("What a fresh record adds.")
    offset_days: Annotated[int, Range(0, 3650)] = about("Up to so old, a record is fresh.")
    scale_days: Annotated[int, Range(1, 36500)] = about(
        "So much older, the signal has fallen to `decay`."
    )
    decay: Annotated[float, Range(0.01, 0.99)] = about(
        "What is left of the signal at offset + scale."
    )


_Signals = TypedDict(
    "_Signals",
    {
        "text": TextWeight,
        "promise": Promise,
        "distance": DistanceDecay,
        **dict.fromkeys(SHARES, Weighted),  # type: ignore[misc]
        "freshness": FreshnessDecay,
    },
    total=False,
)


# How words are matched


@declared(why=Why)
class Match:
    """How many of a query's words must match: all of them up to `all_up_to`, then at least `share`
    of them.
    """

    all_up_to: Annotated[int, Range(0, 20)] = about("Up to so many words, all of them must match.")
    share: Annotated[float, Range(0.01, 1)] = about("Of more words, the share that must match.")

    def required(self, words: int) -> int:
        """Number of words required out of `words` (at least 1 when there is one)."""
        if words <= self.all_up_to:
            return words
        return min(words, max(self.all_up_to, 1, math.ceil(round(words * self.share, 9))))


class _MinimumMatch(TypedDict, total=False):
    strict: Match
    lenient: Match


@declared(why=Why)
class _MatchMode:
    mode: Literal["best_field", "all_fields"] = about(
        "A word counts in its best field, or in all of its fields added up."
    )
    tie_breaker: Share | None = about(
        "With best_field: the share of their score that the other fields add.", default=None
    )

    def parsed(self) -> float:
        """The tie breaker, 1 for `all_fields`; refuse one without `best_field`, and the other way
        round.
        """
        if (self.mode == "best_field") != (self.tie_breaker is not None):
            raise ValidationError("goes with `mode: best_field`, and only with it", "tie_breaker")
        return 1.0 if self.tie_breaker is None else self.tie_breaker


@declared(why=Why)
class Typos:
    """Words shorter than `minimum_length` are never corrected; a correction's clause is multiplied
    by `weight` (0 = nothing is corrected).
    """

    minimum_length: Annotated[int, Range(3, 20)] = about("Shorter words are never corrected.")
    weight: Share = about(
        "A corrected word counts so much of a word typed; 0 = nothing is corrected."
    )


@declared(why=Why, complete=True)
class Frequent:
    """A word is frequent in an index when `share` of its suppliers hold it, and no fewer than
    `at_least`.
    """

    share: Annotated[float, Range(0.0001, 1)] = about(
        "Share of the suppliers that hold a frequent word.", default=0.01
    )
    at_least: Annotated[int, Range(1, 100_000)] = about(
        "Suppliers that hold a frequent word, in any index.", default=5
    )

    def documents(self, total: int) -> int:
        """How many of `total` suppliers hold a frequent word, at least."""
        return max(self.at_least, round(total * self.share))


@declared(why=Why)
class Named:
    """Suppliers named for some queries: the words that a phrase leaves, case and accents aside."""

    queries: Annotated[tuple[Filled, ...], Length(min=1)] = about(
        "Words as typed, case and accents aside; places and kinds are read out of them first."
    )
    ids: Annotated[tuple[Filled, ...], Length(min=1, max=MAX_PINNED)] = about(
        "Suppliers' ids, in order. Those that the search does not find are not added."
    )


# The profile, and its file


@dataclass(frozen=True, slots=True)
class Profile(DocumentSignals):
    """A ranking: every number of a file of `mappings/profiles/`.

    `fields` maps text fields to boosts. `relax_below`: words that find fewer, over the whole index,
    are relaxed.

    `trade`: what a score begins with. `promise`: multiplies what `distance` gives. `sea`: what is
    left of the score of who sits across the sea from the place asked for. `rotation`: equals change
    places from day to day. `pins` put matches first, in their order, and `buries` last; neither
    ever adds a supplier.
    """

    name: str
    labels: Mapping[str, str] = field(hash=False)
    fields: tuple[tuple[str, float], ...]
    tie_breaker: float
    strict: Match
    lenient: Match
    relax_below: int
    equivalence_weight: float
    typos: Typos
    trade: TradeTiers
    sea: float
    text: TextWeight
    promise: Promise
    distance: DistanceDecay
    freshness: FreshnessDecay
    frequent: Frequent = Frequent()
    rotation: bool = False
    pins: tuple[Named, ...] = ()
    buries: tuple[Named, ...] = ()

    def without(self, layers: Iterable[str]) -> "Profile":
        """The profile with some of `LAYERS` switched off. Raises KeyError for an unknown one."""
        bare = self
        for layer in layers:
            bare = LAYERS[layer](bare)
        return bare


@declared()
class ProfileFile:
    """A ranking profile as written: a section is None where the file leaves it out; `extends` names
    the profile that has the rest.
    """

    name: Slug = about("What `profile=` takes, and the file's own name.")
    label: Labels
    extends: Slug | None = about(
        "The profile that gives what this file leaves out; it extends none itself.", default=None
    )
    fields: Annotated[Mapping[str, Weighted], Length(min=1)] | None = about(
        "Text fields of suppliers.json; one that is not named is not searched.", default=None
    )
    match: _MatchMode | None = None
    minimum_match: _MinimumMatch | None = None
    relax_below: (
        Annotated[
            int,
            Range(0, 1000),
            Reasoned(
                "value",
                "Words that find fewer suppliers, over the whole index, are read leniently; 0 = never.",
            ),
        ]
        | None
    ) = None
    frequent: Frequent | None = None
    equivalences: Weighted | None = None
    typos: Typos | None = None
    tiers: _Tiers | None = None
    signals: _Signals | None = None
    rotation: (
        Annotated[
            bool,
            Options({"truthy": {True}, "falsy": {False}}),
            Reasoned(
                "by_day", "Whether suppliers of the same score change places by day and search."
            ),
        ]
        | None
    ) = about("May be left out: equals then stay in the order of ids.", default=None)
    pins: tuple[Named, ...] | None = about("Suppliers put first for some queries.", default=None)
    buries: tuple[Named, ...] | None = about("Suppliers put last for some queries.", default=None)

    def parsed(self) -> "ProfileFile":
        """Refuse a profile that lacks a section and extends no other."""
        if self.extends is not None:
            return self
        said = "is missing (or `extends:` a profile that has it)"
        missing: dict[str, Any] = {
            section: [said] for section in SECTIONS if getattr(self, section) in (None, {})
        }
        for section, parts in PARTS.items():
            if section not in missing and (
                lacking := [part for part in parts if part not in getattr(self, section)]
            ):
                missing[section] = {part: [said] for part in lacking}
        if missing:
            raise ValidationError(missing)
        return self

    def complete(self, base: "ProfileFile | None" = None) -> Profile:
        """The profile, with what the file leaves out taken from `base`."""

        def given(section: str) -> Any:
            own, others = getattr(self, section), getattr(base, section, None)
            if section in (*PARTS, "fields"):  # made of parts, which are taken over one by one
                return {**(others or {}), **(own or {})}
            return others if own is None else own

        return Profile(
            name=self.name,
            labels=self.label,
            fields=tuple((name, weight) for name, weight in given("fields").items() if weight),
            tie_breaker=given("match"),
            relax_below=given("relax_below"),
            frequent=given("frequent"),
            equivalence_weight=given("equivalences"),
            typos=given("typos"),
            rotation=given("rotation") or False,
            pins=given("pins") or (),
            buries=given("buries") or (),
            **given("minimum_match"),
            **given("tiers"),
            **given("signals"),
        )


SECTIONS = (
    "fields",
    "match",
    "minimum_match",
    "relax_below",
    "frequent",
    "equivalences",
    "typos",
    "tiers",
    "signals",
)
"""What makes a profile, besides its name and label; a profile that extends another gives only what
differs.
"""
PARTS = {
    "minimum_match": ("strict", "lenient"),
    "tiers": ("trade", "sea"),
    "signals": ("text", "promise", "distance", *SHARES, "freshness"),
}
"""Sections whose parts are taken over one by one; so are the fields of `fields`."""


# Layers that `without=` switches off


_TIERS: dict[str, Callable[[Profile], Profile]] = {
    "trade": partial(replace, trade=TradeTiers()),
    "place": partial(replace, promise=Promise()),
    "sea": partial(replace, sea=1.0),
}
_SIGNALS: dict[str, Callable[[Profile], Profile]] = {
    "distance": lambda profile: replace(
        profile, distance=replace(profile.distance, weight=0.0, alone=0.0)
    ),
    **{name: partial(replace, **{name: 0.0}) for name in SHARES},
    "freshness": lambda profile: replace(profile, freshness=replace(profile.freshness, weight=0.0)),
}

LAYERS: Mapping[str, Callable[[Profile], Profile]] = {
    "tiers": lambda profile: profile.without(_TIERS),
    **_TIERS,
    "signals": lambda profile: profile.without(_SIGNALS),
    **_SIGNALS,
    "equivalences": partial(replace, equivalence_weight=0.0),
    "typos": lambda profile: replace(profile, typos=replace(profile.typos, weight=0.0)),
    "relaxation": partial(replace, relax_below=0),
    "rotation": partial(replace, rotation=False),
    "pins": partial(replace, pins=(), buries=()),
}
"""What `without=` can switch off, one at a time: each turns a profile into one that lacks the
layer.
"""


# What "near" is, where people give no distance: `mappings/places/near.yaml`


_REASONED = Reasoned(why=Filled)
_Number = Annotated[int, Range(min=1, max=100), _REASONED]


def _ascending(radii: tuple[int, ...]) -> None:
    if not radii or sorted(set(radii)) != [*radii] or radii[0] < 1 or radii[-1] > 500:
        raise ValidationError("whole kilometres from 1 to 500, each once, smallest first")


@declared()
class Near:
    """The numbers by which "near" is chosen.

    `radii_km`: the circles to try, smallest first. `enough`: suppliers in the circle chosen, if any
    holds as many. `offered`: wider circles shown with their counts. `nearest`: suppliers shown when
    nobody is at the place asked. `plenty`: suppliers that do a trade, from which on who only speaks
    of it is no answer at a place, unless in a field of `said_in`. `few`: suppliers seated at a
    place that do a trade, below which those are offered too of whom no trade is known.
    `next_door_km`: who does the trade so near and declares other places for it is shown apart.
    """

    radii_km: Annotated[tuple[int, ...], _ascending, _REASONED]
    enough: _Number
    offered: _Number
    nearest: _Number
    plenty: _Number
    few: _Number
    next_door_km: _Number
    said_in: Annotated[tuple[str, ...], Length(min=1), _REASONED]
