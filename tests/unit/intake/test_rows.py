"""Rows as analysts and registers write them: `rows.txt`, the fields in which a row differs from a
valid one, what is kept of them, and all that is said. UPDATE_GOLDEN=1 checks its rows anew; what
changes is to be read in the diff.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from indexer.intake.check import Check
from indexer.intake.precedence import Precedence, merge
from indexer.record import Supplier
from tests.unit.intake.support import TODAY, VALID

REPEATED = re.compile(r"(\w)×(\d+)")
"""A letter so many times."""
ROWS = Path(__file__).parent / "rows.txt"


def kept_of(check: Check, row: dict[str, object]) -> tuple[Supplier | None, list[str]]:
    draft = check({name: value for name, value in {**VALID, **row}.items() if value != "(absent)"})
    said = [
        f"{word} {found.code.value} {found.field} «{found.value}» {json.dumps(dict(found.details), ensure_ascii=False)}"
        for word, findings in (
            ("refused:", draft.findings.rejections),
            ("said:", draft.findings.warnings),
        )
        for found in findings
    ]
    return (
        None if draft.rejected else merge(draft, draft.id, None, "canonical", Precedence(), TODAY)
    ), said


def told(check: Check, row: str) -> Iterator[str]:
    """The row, what it leaves in the record that a valid row does not, and what is said."""
    yield row
    usual, _ = kept_of(check, {})
    kept, said = kept_of(check, json.loads(REPEATED.sub(lambda many: many[1] * int(many[2]), row)))
    if kept is not None and usual is not None:
        before = asdict(usual)
        for name, value in asdict(kept).items():
            if value != before[name]:
                text = json.dumps(value, ensure_ascii=False, default=str)
                yield f"  {name}: {text if len(text) < 300 else f'{text[:100]}… {len(value)}'}"
    yield from (f"  {line}" for line in said)


def test_rows_are_kept_and_told_as_recorded(check: Check) -> None:
    recorded = ROWS.read_text(encoding="utf-8").splitlines()
    lines = [line for row in recorded if row.startswith("{") for line in told(check, row)]
    if os.environ.get("UPDATE_GOLDEN"):
        ROWS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == ROWS.read_text(encoding="utf-8").splitlines()
