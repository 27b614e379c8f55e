"""What became of every row, and of the import as a whole."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, TextIO

from discovery.mappings.vocabulary import Lang
from discovery.model import dataclass, field
from discovery.texts import template
from indexer.intake.findings import Code, Finding

SHOWN = 20
"""Rejected rows, and warnings, that are shown on screen."""
EXAMPLES = 3
"""Warnings kept of one class, so that a frequent one does not crowd out the others."""


class Result(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """One row's end. `id` is empty when none could be made of a rejected row."""

    file: str
    line: int
    id: str
    result: Result
    rejections: Sequence[Finding] = ()
    warnings: Sequence[Finding] = ()

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """The outcome as a line of the report."""
        shown: dict[str, Any] = {
            "file": self.file,
            "line": self.line,
            "id": self.id,
            "outcome": self.result.value,
        }
        if self.rejections:
            shown["rejections"] = [_finding(each, lang) for each in self.rejections]
        if self.warnings:
            shown["warnings"] = [_finding(each, lang) for each in self.warnings]
        return shown


def _finding(finding: Finding, lang: Lang) -> dict[str, str]:
    told = say(finding, lang)._asdict()
    return {"code": finding.code.value, "field": finding.field, "value": finding.value, **told}


@dataclass(slots=True)
class ImportReport:
    """Counts of rows by result, which add up to the rows read; `delisted` counts suppliers absent
    from the files.
    """

    dry_run: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: Counter[Code] = field(default_factory=Counter)
    delisted: int = 0
    rejected_rows: list[RowOutcome] = field(default_factory=list)
    examples: dict[Code, list[tuple[RowOutcome, Finding]]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected

    @property
    def exit_code(self) -> int:
        return 1 if self.rejected else 0

    def add(self, outcome: RowOutcome) -> None:
        self.created += outcome.result is Result.CREATED
        self.updated += outcome.result is Result.UPDATED
        self.unchanged += outcome.result is Result.UNCHANGED
        self.rejected += outcome.result is Result.REJECTED
        if outcome.result is Result.REJECTED and len(self.rejected_rows) < SHOWN:
            self.rejected_rows.append(outcome)
        for finding in outcome.warnings:
            self.warnings[finding.code] += 1
            kept = self.examples.setdefault(finding.code, [])
            if len(kept) < EXAMPLES:
                kept.append((outcome, finding))

    def lines(self, lang: Lang = "fr") -> Iterator[str]:
        """The report for a screen: the first rejected rows, some warnings of each class, the
        counts.
        """
        for outcome in self.rejected_rows:
            for finding in outcome.rejections:
                yield _line(outcome, finding, lang)
        if self.rejected > len(self.rejected_rows):
            yield f"… and {self.rejected - len(self.rejected_rows)} more rejected rows; --report lists them all."
        shown = 0
        for code, count in self.warnings.most_common():
            yield f"{count} × warning {code.value}, for example:"
            for outcome, finding in self.examples[code][: max(1, min(EXAMPLES, SHOWN - shown))]:
                yield "  " + _line(outcome, finding, lang)
                shown += 1
        verb = "would be " if self.dry_run else ""
        yield (
            f"{self.rows} row{'s' * (self.rows != 1)}: {verb}created {self.created}, updated {self.updated}, "
            f"unchanged {self.unchanged}, rejected {self.rejected}."
        )
        if self.delisted:
            yield f"{self.delisted} absent suppliers {verb or 'were '}delisted."


def _line(outcome: RowOutcome, finding: Finding, lang: Lang) -> str:
    message = say(finding, lang)
    where = f"{outcome.file}:{outcome.line}" + (f" ({finding.field})" if finding.field else "")
    return f"{where}: {message.reason} → {message.remedy}"


class ReportFile:
    """Writes outcomes as JSON lines, as they come."""

    def __init__(self, file: TextIO | None, lang: Lang) -> None:
        self._file, self._lang = file, lang

    def write(self, outcome: RowOutcome | Mapping[str, str]) -> None:
        if self._file is not None:
            told = outcome.to_json(self._lang) if isinstance(outcome, RowOutcome) else outcome
            self._file.write(json.dumps(told, ensure_ascii=False) + "\n")


class Message(NamedTuple):
    """Why something is wrong with a row, and what to do."""

    reason: str
    remedy: str


def say(finding: Finding, lang: Lang = "fr") -> Message:
    """The reason and the remedy, in words; a detail that the finding lacks is left empty."""
    details = defaultdict(str, finding.details)
    if near := details["near"]:
        details["near"] = template("intake.near", lang).format(values=near)
    else:
        details["near"] = template("intake.no_near", lang)
    if expected := finding.details.get("expected"):
        details["expected"] = template(f"intake.expected.{expected}", lang)
    details |= {"value": finding.value, "field": finding.field}
    reason, remedy = (
        template(f"intake.row.{finding.code.value}.{part}", lang) for part in Message._fields
    )
    return Message(reason.format_map(details), remedy.format_map(details))
