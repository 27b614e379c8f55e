"""Acceptance cases: what must stand near the top, and suggestions that must come while a word is
being typed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from discovery.engine.port import Document
from discovery.mappings import yamlfile
from discovery.mappings.files import file_of
from tools.judge.answers import Ranker
from tools.judge.judge import BEST, Judge, typed
from tools.judge.judgments import NAMED, JudgedQuery, Named
from tools.judge.needs import NeedSchema

CORPUS = "sample"
"""The corpus that the cases are about."""

Suggester = Callable[[str], Sequence[str]]
"""What has been typed so far → suggestions, best first, as `type:value`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that must hold.

    `query` searched: `at_least` of the first `top` hits have the best grade. Or `prefixes` typed
    letter by letter from `start` letters on: `suggests` is among the first `top` each time. `known`
    says that it is known to fail.
    """

    id: str
    top: int
    known: bool
    note: str = ""
    query: JudgedQuery | None = None
    at_least: int = 1
    prefixes: str = ""
    start: int = 1
    suggests: str = ""


@dataclass(frozen=True, slots=True)
class QueryVerdict:
    """Whether a case holds.

    `said`: what came instead, for people.
    """

    case: Case
    passed: bool
    said: str = ""

    @property
    def status(self) -> str:
        """passed, improved (was known to fail), known (fails as before) or FAILED."""
        if self.passed:
            return "improved" if self.case.known else "passed"
        return "known" if self.case.known else "FAILED"


def load(mappings: Path) -> tuple[Case, ...]:
    """Read `judgments/acceptance.yaml` of a mappings folder. Raises MappingsError with each fault's
    line.
    """
    found: tuple[Case, ...] = yamlfile.load(
        file_of(mappings, "judgments/acceptance.yaml"), _CasesSchema()
    )
    return found


def run(
    cases: Iterable[Case],
    rank: Ranker,
    suggest: Suggester,
    documents: Mapping[str, Document],
    judge: Judge,
) -> Iterator[QueryVerdict]:
    """Ask each case, and say what came of it."""
    for case in cases:
        yield (
            _searched(case, case.query, rank, documents, judge)
            if case.query
            else _typed_out(case, suggest)
        )


def _searched(
    case: Case, query: JudgedQuery, rank: Ranker, documents: Mapping[str, Document], judge: Judge
) -> QueryVerdict:
    text = typed(query, documents)
    if text is None:
        return QueryVerdict(case, False, "that company is not in the corpus")
    ids = rank(query, text).ids[: case.top]
    grades = [judge.grade(query, documents[id_], documents) for id_ in ids]
    good = sum(grade == BEST for grade in grades)
    shown = (
        ", ".join(f"{id_} ({grade})" for id_, grade in zip(ids, grades, strict=True)) or "nothing"
    )
    return QueryVerdict(case, good >= case.at_least, f"{good} of {case.at_least}: {shown}")


def _typed_out(case: Case, suggest: Suggester) -> QueryVerdict:
    for length in range(case.start, len(case.prefixes) + 1):
        prefix = case.prefixes[:length]
        found = suggest(prefix)[: case.top]
        if case.suggests not in found:
            return QueryVerdict(case, False, f"after « {prefix} »: {', '.join(found) or 'nothing'}")
    return QueryVerdict(case, True)


class _CaseSchema(Schema):
    id = fields.String(required=True)
    q = fields.String(validate=validate.Length(min=1, max=300))
    lang = fields.String(validate=validate.OneOf(["fr", "en"]), load_default="fr")
    needs = fields.Nested(NeedSchema, load_default=None)
    at_least = fields.Integer(strict=True, load_default=1)
    prefixes = fields.String(load_default="")
    start = fields.Integer(
        strict=True, data_key="from", validate=validate.Range(min=1), load_default=1
    )
    suggests = fields.String(load_default="")
    top = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=50))
    status = fields.String(required=True, validate=validate.OneOf(["pass", "fail"]))
    note = fields.String(load_default="")

    @validates_schema
    def one_of_two(self, data: dict[str, Any], **_: Any) -> None:
        q = data.get("q", "")
        searched = bool(q) and bool(data.get("needs") or NAMED.fullmatch(q))
        if searched == bool(data.get("prefixes") and data.get("suggests")):
            raise ValidationError(
                "needs `q` with `needs` (or q: name:ID), or else `prefixes` with `suggests`"
            )
        if data.get("status") == "fail" and not data.get("note"):
            raise ValidationError("a known failure needs a `note` that says why")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Case:
        q, needs, lang = data.pop("q", ""), data.pop("needs"), data.pop("lang")
        named = NAMED.fullmatch(q)
        company = Named(named["part"], named["id"]) if named else None
        query = (
            JudgedQuery(data["id"], "" if named else q, "free", "held", lang, needs, company, {})
            if q
            else None
        )
        known = data.pop("status") == "fail"
        return Case(**data, known=known, query=query)


class _CasesSchema(Schema):
    cases = fields.List(fields.Nested(_CaseSchema), required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> tuple[Case, ...]:
        return tuple(data["cases"])
