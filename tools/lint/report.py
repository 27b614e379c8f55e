"""Everything that is to be said of a mappings folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from discovery.engine.definition import Definition, define
from discovery.mappings import Mappings, MappingsError, Problem, load_mappings
from tools.judge import judgments
from tools.lint import codes, reach, rules
from tools.lint.collisions import Accepted, read_accepted, settled

FRENCH = "french"
NOT_JUDGED = ("acceptance", "baseline", "grading")
"""Files beside the judged queries: cases, and what was measured."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be said of a file.

    `fault`: the files can't be used. Otherwise they can, but say something that can't be meant.
    """

    problem: Problem
    fault: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, with what the files mean.

    `mappings` and `definition` are None when the files can't be used.
    """

    findings: tuple[Finding, ...]
    mappings: Mappings | None = None
    definition: Definition | None = None

    @property
    def faults(self) -> int:
        """How many findings must be mended."""
        return sum(finding.fault for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """The command's exit code: 0: nothing to say; 1: it serves, but something can't be meant;
        2: it can't be used.
        """
        return 2 if self.faults else int(bool(self.findings))

    def as_dict(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "exit_code": self.exit_code,
            "findings": [
                {
                    "file": str(finding.problem.file),
                    "line": finding.problem.line,
                    "message": finding.problem.message,
                    "fix": finding.problem.fix,
                    "fault": finding.fault,
                }
                for finding in self.findings
            ],
        }


def check(folder: Path | None = None) -> Report:
    """Parse the folder; when it can be used, look for what can't be meant."""
    try:
        mappings = load_mappings(folder)
        definition = define(mappings)
        terms = partial(definition.analysis.terms, FRENCH)
        mappings.equivalences.compile(terms)
    except MappingsError as error:
        return Report(tuple(Finding(problem, True) for problem in error.problems))
    faults: list[Problem] = []
    accepted = read_accepted(mappings.path, faults)
    _judged(mappings, faults)
    findings = [Finding(problem, True) for problem in faults]
    findings += [Finding(problem, False) for problem in _doubts(mappings, definition, accepted)]
    return Report(tuple(findings), mappings, definition)


def _judged(mappings: Mappings, faults: list[Problem]) -> None:
    """Judged queries name sectors, kinds and certifications of these files."""
    for file in sorted((mappings.path / "judgments").glob("*.yaml")):
        if file.stem not in judgments.CORPORA:
            if file.stem not in NOT_JUDGED:
                fix = f"one of {', '.join(f'{name}.yaml' for name in (*judgments.CORPORA, *NOT_JUDGED))}"
                faults.append(Problem(file, 0, "nothing reads a file of this name", fix))
            continue
        try:
            judgments.load(mappings.path, file.stem, mappings.vocabulary)
        except MappingsError as error:
            faults += error.problems


def _doubts(mappings: Mappings, definition: Definition, accepted: Accepted) -> Iterator[Problem]:
    analysis = definition.analysis
    yield from rules.equivalences(mappings.equivalences, partial(analysis.terms, FRENCH))
    yield from rules.stems(mappings.path, analysis)
    yield from rules.contractions(mappings.path, analysis)
    yield from reach.unreached(mappings.vocabulary, mappings.grammar, mappings.path)
    yield from reach.shadowed(mappings.vocabulary, mappings.path, accepted)
    yield from reach.without_tokens(
        mappings.vocabulary, partial(analysis.terms, FRENCH), mappings.path
    )
    yield from codes.doubts(mappings)
    yield from settled(mappings, analysis, accepted)
