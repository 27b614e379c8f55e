"""What an import says of a row, in French or English: texts of `locales/{fr,en}/intake.yaml`."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from discovery.config.vocabulary import Lang
from discovery.locales.catalogue import template
from indexer.intake.findings import Finding


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
    reason, remedy = (template(f"intake.row.{finding.code.value}.{part}", lang) for part in Message._fields)
    return Message(reason.format_map(details), remedy.format_map(details))
