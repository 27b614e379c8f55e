"""What the trade classifier learns from besides the vocabulary, and how it decides: `mappings/trades/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config import yamlfile
from discovery.config.problems import REQUIRED, MappingsError, Problem
from discovery.config.why_schema import WhySchema, number

NUMBERS, EXAMPLES = "trades/classifier.yaml", "trades/examples.yaml"


@dataclass(frozen=True, slots=True)
class Example:
    """Texts that ask for one of `sectors` (slugs of sectors or groups); with none, for what nobody here does."""

    sectors: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """How much each source counts, beside 1 for a CPV label; `inherited`: a parent code's label for each step down;
    `pairs`: two words in a row, beside one word; `smoothing`: what an unseen word counts as seen."""

    names: float
    registered: float
    examples: float
    inherited: float
    pairs: float
    smoothing: float


@dataclass(frozen=True, slots=True)
class Deciding:
    """The thresholds (probabilities, 0 to 1) by which the classifier speaks or abstains.

    `prior`: of no inclusive trade, before a word is read. `sharpness`: of one word, 1 = as learnt; words repeat each
    other, so that n of them prove n^-`repeats` of their sum. `sure`, `margin`: what the likeliest group of trades
    must reach, and lead the next one by. `none`: from which probability no inclusive trade is recognised. `share`:
    part of its group's probability by which a sector is named alone. `corrects`: the probability of another group by
    which it stands in for single words of a long phrase; `believes`: what their groups must have to be kept;
    `certain`: the probability of a group that is named, from which they go though something else is kept.
    """

    prior: float
    sharpness: float
    repeats: float
    sure: float
    margin: float
    none: float
    share: float
    corrects: float
    believes: float
    certain: float


@dataclass(frozen=True, slots=True, eq=False)
class Trades:
    """Compared by identity: a reload makes others."""

    learning: Learning
    deciding: Deciding
    silent: frozenset[str]
    examples: tuple[Example, ...]
    shares: Mapping[str, float]
    """Group of sectors → how often it is asked for, of all that inclusive suppliers do; the others share the rest."""


class _Learning(WhySchema):
    names = number(0, 100, "A label or synonym of the vocabulary.")
    registered = number(0, 100, "A label of a registered activity.")
    examples = number(0, 100, "A text of examples.yaml.")
    inherited = number(0, 1, "What the words of a parent CPV code count, for each step down.")
    pairs = number(0, 1, "Two words in a row, beside one word.")
    smoothing = number(0.001, 10, "What a word that a trade never had counts as seen.")

    def make(self, **parts: Any) -> Learning:
        return Learning(**parts)


class _Deciding(WhySchema):
    prior = number(0, 1, "Probability of no inclusive trade before a word is read.")
    sharpness = number(0.01, 5, "How much one word proves; 1: as learnt.")
    repeats = number(0, 1, "How much words repeat each other: n prove n to the power of minus this of their sum.")
    sure = number(0, 1, "What the likeliest group of trades must reach.")
    margin = number(0, 1, "By how much it must lead the next one.")
    none = number(0, 1, "From which probability no inclusive trade is recognised.")
    share = number(0, 1, "Part of its group's probability by which a sector is named alone.")
    corrects = number(0, 1, "Probability of another group that stands in for single words of a long phrase.")
    believes = number(0, 1, "What the groups of single words of a long phrase must have to be kept.")
    certain = number(0, 1, "Probability of a group that is named, from which such words count for nothing beside it.")

    def make(self, **parts: Any) -> Deciding:
        return Deciding(**parts)


class _Demand(WhySchema):
    shares = fields.Dict(
        fields.String(),
        fields.Float(validate=validate.Range(0, 1, min_inclusive=False)),
        required=True,
        error_messages=REQUIRED,
    )

    @validates_schema
    def _shared(self, data: dict[str, Any], **_: Any) -> None:
        if sum(data["shares"].values()) >= 1:
            raise ValidationError({"shares": ["together they leave the other groups nothing: keep them below 1"]})

    def make(self, **parts: Any) -> dict[str, float]:
        return dict(parts["shares"])


class _Silent(WhySchema):
    words = fields.List(fields.String(), required=True, error_messages=REQUIRED)

    def make(self, **parts: Any) -> tuple[str, ...]:
        return tuple(parts["words"])


class _Numbers(Schema):
    learning = fields.Nested(_Learning, required=True, error_messages=REQUIRED)
    deciding = fields.Nested(_Deciding, required=True, error_messages=REQUIRED)
    demand = fields.Nested(_Demand, required=True, error_messages=REQUIRED)
    silent = fields.Nested(_Silent, required=True, error_messages=REQUIRED)


class _Example(Schema):
    sectors = fields.List(fields.String(), load_default=list)
    none = fields.Boolean(load_default=False)
    texts = fields.List(
        fields.String(validate=validate.Length(min=2)), required=True, validate=validate.Length(min=1),
        error_messages=REQUIRED,
    )  # fmt: skip

    @validates_schema
    def _decided(self, data: dict[str, Any], **_: Any) -> None:
        if data["none"] == bool(data["sectors"]):
            raise ValidationError("give `sectors`, or `none: true`: one of them, not both")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Example:
        return Example(tuple(data["sectors"]), tuple(data["texts"]))


class _Examples(Schema):
    examples = fields.List(fields.Nested(_Example), required=True, error_messages=REQUIRED)


def trades_files(folder: Path) -> list[Path]:
    """The files that `read_trades` reads."""
    return [folder / NUMBERS, folder / EXAMPLES]


def read_trades(folder: Path, problems: list[Problem]) -> Trades | None:
    """Read what the classifier goes by; None with faults, which are appended to `problems`."""
    found: list[Any] = []
    for name, form in ((NUMBERS, _Numbers()), (EXAMPLES, _Examples())):
        try:
            found.append(yamlfile.load(folder / name, form))
        except MappingsError as error:
            problems += error.problems
    if len(found) < 2:
        return None
    numbers, texts = found
    return Trades(
        learning=numbers["learning"],
        deciding=numbers["deciding"],
        silent=frozenset(numbers["silent"]),
        examples=tuple(texts["examples"]),
        shares=numbers["demand"],
    )
