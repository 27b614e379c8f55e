"""Judged queries, read from `mappings/judgments/`: what is typed, and what a buyer who types it
needs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.mappings import MappingsError, Problem, yamlfile
from discovery.mappings.files import file_of
from discovery.mappings.vocabulary import Lang, Vocabulary
from tools.judge.needs import REQUIRED, Need, NeedSchema
from tools.judge.needs import grades as graded

Split = Literal["tune", "held"]
CORPORA = ("sample", "real", "buyers", "buyers-real", "blind", "titles", "notices", "titles-10000")
"""Files of judged queries; several may be about the same suppliers, and one may ask what another
does.
"""
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
    "colloquial",
    "jargon",
    "public",
    "quantity",
    "dated",
    "budget",
    "negation",
    "several",
    "near",
    "town",
    "towns",
    "department",
    "region",
    "title",
)
"""Kinds of query, each measured apart; `nothing` holds those that no supplier can answer."""

NAMED = re.compile(r"(?P<part>name|brand|siret):(?P<id>\S+)")
TITLE = re.compile(r"title:(?P<row>\d+)")


@dataclass(frozen=True, slots=True)
class Named:
    """A company looked for by a part of its record: `name`, `brand` or `siret`."""

    part: str
    id: str


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A phrase with what answers it.

    `q` is what is typed, or empty for a `named` company, whose record tells it, and for a tender's
    `title`, the row of a list that is not part of this project (0 is the first after its header).
    `group` is one of `CLASSES`.

    `needs` is None for a named company, and for a query that nothing answers. `grades`: by reading,
    they overrule.
    """

    id: str
    q: str
    group: str
    split: Split
    lang: Lang
    needs: Need | None
    named: Named | None
    grades: Mapping[str, int]
    title: int | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing should be found."""
        return self.group == "nothing"


@dataclass(frozen=True, slots=True)
class Judgments:
    """The judged queries of one corpus. `make`: the commands that make the corpus whose
    `fingerprint` this is. `queries_of`: the file whose queries are asked of these suppliers, or
    empty; the rules grade them anew.
    """

    corpus: str
    fingerprint: str
    make: tuple[str, ...]
    queries: tuple[JudgedQuery, ...]
    queries_of: str = ""


def load(folder: Path, corpus: str, vocabulary: Vocabulary) -> Judgments:
    """Read `judgments/<corpus>.yaml` of a mappings folder. Raises MappingsError with each fault's
    line and the fix.
    """
    file = file_of(folder, f"judgments/{corpus}.yaml")
    found: Judgments = yamlfile.load(file, JudgmentsFile())
    problems = [Problem(file, 0, told, "see vocabulary/") for told in _unknown(found, vocabulary)]
    ids = [query.id for query in found.queries]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    problems += [
        Problem(file, 0, f"two queries have the id '{id_}'", "rename one") for id_ in twice
    ]
    if problems:
        raise MappingsError(problems)
    if found.queries_of:
        return replace(found, queries=load(folder, found.queries_of, vocabulary).queries)
    return replace(found, queries=tuple(_whole(one, vocabulary) for one in found.queries))


def _whole(query: JudgedQuery, vocabulary: Vocabulary) -> JudgedQuery:
    return replace(query, needs=query.needs.every_sector(vocabulary)) if query.needs else query


def _unknown(judgments: Judgments, vocabulary: Vocabulary) -> list[str]:
    """A slug that the vocabulary lacks would silently grade nothing."""
    told = []
    for query in judgments.queries:
        needs = query.needs or Need()
        for values, known in (
            (needs.sectors, vocabulary.sectors),
            (needs.groups, vocabulary.sector_groups),
            (needs.kinds, vocabulary.kinds),
            (needs.refused.kinds if needs.refused else (), vocabulary.kinds),
            (needs.certifications, vocabulary.certifications),
            (needs.networks, vocabulary.networks),
        ):
            told += [
                f"{query.id}: '{value}' is unknown"
                for value in sorted(values)
                if value not in known
            ]
    return told


class QuerySchema(Schema):
    id = fields.String(
        validate=validate.Regexp(r"^[a-z0-9-]+$", error="not an id: small letters, digits, -")
    )
    q = fields.String(validate=validate.Length(min=1, max=300), **REQUIRED)
    group = fields.String(data_key="class", validate=validate.OneOf(CLASSES), **REQUIRED)
    split = fields.String(validate=validate.OneOf(["tune", "held"]), **REQUIRED)
    lang = fields.String(validate=validate.OneOf(["fr", "en"]), load_default="fr")
    needs = fields.Nested(NeedSchema, load_default=None)
    grades = graded()

    @validates_schema
    def has_an_answer(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a query without an answer, unless its class is `nothing`, and the other way round."""
        told = bool(data.get("needs") or data.get("grades") or NAMED.fullmatch(data.get("q", "")))
        if told == (data.get("group") == "nothing"):
            raise ValidationError(
                "say what answers it (`needs`, `grades`, or q: name:ID); class nothing has none"
            )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> JudgedQuery:
        named = NAMED.fullmatch(data["q"])
        if named:
            data |= {"q": "", "named": Named(named["part"], named["id"])}
        if title := TITLE.fullmatch(data["q"]):
            data |= {"q": "", "title": int(title["row"])}
        return JudgedQuery(**{"named": None} | data)


class JudgmentsFile(Schema):
    corpus = fields.String(validate=validate.OneOf(CORPORA), **REQUIRED)
    fingerprint = fields.String(**REQUIRED)
    make = fields.List(fields.String(), **REQUIRED)
    queries = fields.List(fields.Nested(QuerySchema), load_default=list)
    queries_of = fields.String(validate=validate.OneOf(CORPORA), load_default="")

    @validates_schema
    def asks_once(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a file without queries, with those of another beside its own, or that asks its own
        again.
        """
        if bool(data.get("queries")) == bool(data.get("queries_of")) or data.get(
            "queries_of"
        ) == data.get("corpus"):
            raise ValidationError("give `queries`, or `queries_of` another file")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Judgments:
        return Judgments(**data | {"make": tuple(data["make"]), "queries": tuple(data["queries"])})
