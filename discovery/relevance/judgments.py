"""Judged queries, read from `mappings/judgments/`: what is typed, and what a buyer who types it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.config import MappingsError, Problem, yamlfile
from discovery.config.vocabulary import Lang, Vocabulary

Split = Literal["tune", "held"]
CORPORA = ("sample", "real")
CLASSES = (
    "sector",
    "free",
    "geo",
    "kind",
    "misspelled",
    "inflected",
    "english",
    "long",
    "name",
    "trap",
    "nothing",
)
"""Kinds of query, each measured apart; `nothing` holds those that no supplier can answer."""

NAMED = re.compile(r"(?P<part>name|brand|siret):(?P<id>\S+)")


@dataclass(frozen=True, slots=True)
class Circle:
    """`of`: a commune's place code; the circle is around its point."""

    km: float
    of: str


@dataclass(frozen=True, slots=True)
class Need:
    """What answers a query. What is asked for (sectors, text, naf) gives the grade; all the rest must hold.

    `text`: regular expressions over the supplier's own words, folded. `places`: place codes, any of which the supplier
    is in or serves. `within`: it is seated in that circle. `near`: a commune's place code, the nearer the better.
    `national`: the trade is offered over all of France.
    """

    sectors: Mapping[str, int] = field(default_factory=dict)
    text: tuple[tuple[re.Pattern[str], int], ...] = ()
    naf: Mapping[str, int] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    certifications: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    within: Circle | None = None
    near: str = ""
    national: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A company looked for by a part of its record: `name`, `brand` or `siret`."""

    part: str
    id: str


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """`q` is what is typed, or empty for a `named` company, whose record tells it. `group` is one of `CLASSES`.

    `needs` is None for a named company, and for a query that nothing answers. `grades`: by reading, they overrule.
    """

    id: str
    q: str
    group: str
    split: Split
    lang: Lang
    needs: Need | None
    named: Named | None
    grades: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        return self.group == "nothing"


@dataclass(frozen=True, slots=True)
class Judgments:
    """The judged queries of one corpus. `make`: the commands that make the corpus whose `fingerprint` this is."""

    corpus: str
    fingerprint: str
    make: tuple[str, ...]
    queries: tuple[JudgedQuery, ...]


def load(folder: Path, corpus: str, vocabulary: Vocabulary) -> Judgments:
    """`judgments/<corpus>.yaml` of a mappings folder. MappingsError names each fault's line and the fix."""
    file = folder / "judgments" / f"{corpus}.yaml"
    found: Judgments = yamlfile.load(file, JudgmentsFile())
    problems = [Problem(file, 0, told, "see vocabulary/") for told in _unknown(found, vocabulary)]
    ids = [query.id for query in found.queries]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    problems += [Problem(file, 0, f"two queries have the id '{id_}'", "rename one") for id_ in twice]
    if problems:
        raise MappingsError(problems)
    return found


def _unknown(judgments: Judgments, vocabulary: Vocabulary) -> list[str]:
    """A slug that the vocabulary lacks would silently grade nothing."""
    told = []
    for query in judgments.queries:
        needs = query.needs or Need()
        for values, known in (
            (needs.sectors, vocabulary.sectors),
            (needs.kinds, vocabulary.kinds),
            (needs.certifications, vocabulary.certifications),
            (needs.networks, vocabulary.networks),
        ):
            told += [f"{query.id}: '{value}' is unknown" for value in sorted(values) if value not in known]
    return told


GRADE = validate.Range(min=0, max=3, error="a grade is 0, 1, 2 or 3")
_REQUIRED: dict[str, Any] = {"required": True, "error_messages": {"required": "is missing"}}


def _grades(keys: fields.Field[Any] | None = None) -> fields.Dict:
    return fields.Dict(
        keys=keys or fields.String(), values=fields.Integer(strict=True, validate=GRADE), load_default=dict
    )


def _place(*types: str) -> fields.String:
    form = "|".join(types)
    return fields.String(validate=validate.Regexp(f"^({form}):[0-9AB]+$", error=f"not a place code ({form}:…)"))


class Pattern(fields.String):
    """A regular expression."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return re.compile(super()._deserialize(value, *args, **kwargs))
        except re.error as error:
            raise ValidationError(f"not a regular expression: {error}") from None


class CircleSchema(Schema):
    km = fields.Float(validate=validate.Range(min=0, min_inclusive=False), **_REQUIRED)
    of = _place("commune")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Circle:
        return Circle(**data)


class NeedSchema(Schema):
    sectors = _grades()
    text = _grades(Pattern())
    naf = _grades()
    kinds = fields.List(fields.String(), load_default=list)
    certifications = fields.List(fields.String(), load_default=list)
    networks = fields.List(fields.String(), load_default=list)
    places = fields.List(_place("commune", "department", "region"), data_key="in", load_default=list)
    within = fields.Nested(CircleSchema, load_default=None)
    near = fields.String(load_default="")
    national = fields.Boolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Need:
        for name in ("kinds", "certifications", "networks"):
            data[name] = frozenset(data[name])
        return Need(**data | {"places": tuple(data["places"]), "text": tuple(data["text"].items())})


class QuerySchema(Schema):
    id = fields.String(validate=validate.Regexp(r"^[a-z0-9-]+$", error="not an id: small letters, digits, -"))
    q = fields.String(validate=validate.Length(min=1, max=300), **_REQUIRED)
    group = fields.String(data_key="class", validate=validate.OneOf(CLASSES), **_REQUIRED)
    split = fields.String(validate=validate.OneOf(["tune", "held"]), **_REQUIRED)
    lang = fields.String(validate=validate.OneOf(["fr", "en"]), load_default="fr")
    needs = fields.Nested(NeedSchema, load_default=None)
    grades = _grades()

    @validates_schema
    def has_an_answer(self, data: dict[str, Any], **_: Any) -> None:
        told = bool(data.get("needs") or data.get("grades") or NAMED.fullmatch(data.get("q", "")))
        if told == (data.get("group") == "nothing"):
            raise ValidationError("say what answers it (`needs`, `grades`, or q: name:ID); class nothing has none")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> JudgedQuery:
        named = NAMED.fullmatch(data["q"])
        if named:
            data |= {"q": "", "named": Named(named["part"], named["id"])}
        return JudgedQuery(**{"named": None} | data)


class JudgmentsFile(Schema):
    corpus = fields.String(validate=validate.OneOf(CORPORA), **_REQUIRED)
    fingerprint = fields.String(**_REQUIRED)
    make = fields.List(fields.String(), **_REQUIRED)
    queries = fields.List(fields.Nested(QuerySchema), **_REQUIRED)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Judgments:
        return Judgments(**data | {"make": tuple(data["make"]), "queries": tuple(data["queries"])})
