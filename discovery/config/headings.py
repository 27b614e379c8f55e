"""How notices and programmes name what they tell: `mappings/needs/headings.yaml`."""

from __future__ import annotations

from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length

from discovery.declared import declared
from discovery.gazetteer.names import normalise

_Names = Annotated[frozenset[Annotated[str, Length(min=2)]], Length(min=1)]


@declared()
class Headings:
    """Folded names of each thing told; the fields of `COLUMNS` are those of a programme."""

    lot: _Names
    title: _Names
    cpv: _Names
    place: _Names
    amount: _Names
    date: _Names

    def parsed(self) -> Headings:
        """The same with names folded; refuse a name of two things."""
        folded = {column: frozenset(map(normalise, getattr(self, column))) for column in ("lot", *COLUMNS)}
        seen: dict[str, str] = {}
        faults: dict[str, list[str]] = {}
        for column, names in folded.items():
            for name in sorted(names):
                if (other := seen.setdefault(name, column)) != column:
                    faults.setdefault(column, []).append(f"'{name}' names both {other} and {column} → keep one of them")
        if faults:
            raise ValidationError(faults)
        return Headings(**folded)

    def of(self, text: str) -> str:
        """Which of `COLUMNS` a heading names: the longest name that it is, or begins with; "" = none."""
        folded = normalise(text)
        matches = [
            (len(name), column)
            for column in COLUMNS
            for name in getattr(self, column)
            if folded == name or folded.startswith(f"{name} ")
        ]
        return max(matches)[1] if matches else ""


COLUMNS = ("title", "cpv", "place", "amount", "date")
