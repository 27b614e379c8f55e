"""What people bring: headings of notices and programmes (`needs/headings.yaml`), columns of lists of suppliers
(`columns.yaml`), thresholds from which a buyer's means are proposed (`potential.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length, Range, Regexp

from discovery.declared import Filled, Reasoned, declared
from discovery.mappings.vocabulary import LANGS
from discovery.places.names import normalise

COLUMNS = ("title", "cpv", "place", "amount", "date")
_Names = Annotated[frozenset[Annotated[str, Length(min=2)]], Length(min=1)]


@declared()
class Headings:
    """Folded names of each thing told; the fields of `COLUMNS` are those of a programme, those of `LABELS` stand before
    a colon. `periods`: name of a length of time → months."""

    lot: _Names
    title: _Names
    cpv: _Names
    place: _Names
    amount: _Names
    date: _Names
    lasting: _Names
    buyer: _Names
    aside: _Names
    whole: _Names
    apart: _Names
    each: _Names
    taxed: _Names
    yearly: _Names
    renewed: _Names
    periods: Annotated[Mapping[Filled, Annotated[int, Range(min=1)]], Length(min=1)]

    def parsed(self) -> Headings:
        """The same with names folded; refuse a name of two things."""
        named = [one.name for one in fields(self) if one.name != "periods"]
        folded = {name: frozenset(map(normalise, getattr(self, name))) for name in named}
        seen: dict[str, str] = {}
        faults: dict[str, list[str]] = {}
        for column in ("lot", *LABELS):
            for name in sorted(folded[column]):
                if (other := seen.setdefault(name, column)) != column:
                    faults.setdefault(column, []).append(f"'{name}' names both {other} and {column} → keep one of them")
        if faults:
            raise ValidationError(faults)
        periods = {normalise(name): count for name, count in self.periods.items()}
        return Headings(**folded, periods=periods)

    def named(self, text: str, column: str) -> bool:
        """Whether a sentence begins with a name of a column: "Budget 1500"."""
        return self.of(" ".join(text.split()[:_LONGEST]), (column,)) == column

    def of(self, text: str, among: tuple[str, ...] = COLUMNS) -> str:
        """Which of `among` a heading names: the longest name that it is, or begins with; "" = none."""
        folded = normalise(text)
        matches = [
            (len(name), column)
            for column in among
            for name in getattr(self, column)
            if folded == name or folded.startswith(f"{name} ")
        ]
        return max(matches)[1] if matches else ""


LABELS = (*COLUMNS, "lasting", "buyer", "aside")
_LONGEST = 6
"""Words of the longest name."""


@declared()
class ColumnsFile:
    """Names of columns of lists of suppliers, by the column of ours that they are."""

    columns: Mapping[str, _Names]

    def parsed(self) -> Mapping[str, str]:
        """Folded name → our column; refuse a name of two columns."""
        folded: dict[str, str] = {}
        for column, names in self.columns.items():
            for name in sorted(map(normalise, names)):
                if folded.setdefault(name, column) != column:
                    raise ValidationError(f"{column}: '{name}' names {folded[name]} too → keep one of them", "columns")
        return folded


def _complete(texts: Mapping[str, str]) -> None:
    if set(texts) != set(LANGS):
        raise ValidationError(f"one text in each of {', '.join(LANGS)}")


_Texts = Annotated[Mapping[str, Filled], _complete]
_Articles = Annotated[
    tuple[Annotated[str, Regexp(r"^[LRD]\d{4}-\d{1,2}(?:-\d{1,2})?$", error="an article, as L2113-12")], ...],
    Length(min=1),
]
_Number = Annotated[int, Range(min=1), Reasoned(why=Filled)]


@declared(why=Filled)
class Step:
    """Proposed when more than `more_than` suppliers do it there and, if `independent`, none would hang on it.
    `label` and `says`: language → a name, a text."""

    name: Filled
    label: _Texts
    more_than: Annotated[int, Range(min=-1)]
    articles: _Articles
    says: _Texts
    independent: bool = False


@declared()
class Direct:
    """What is said where a purchase may be made without a tender."""

    articles: _Articles
    says: _Texts


@declared(why=Filled)
class Social:
    """What is said of trades that may be reserved to the social economy.

    `sectors`: slugs; a need of these alone may be reserved to the social economy.
    """

    sectors: Annotated[frozenset[Filled], Length(min=1)]
    articles: _Articles
    says: _Texts


def _descending(steps: tuple[Step, ...]) -> None:
    numbers = [step.more_than for step in steps]
    if not steps or sorted(set(numbers), reverse=True) != numbers:
        raise ValidationError("the most demanding first, each `more_than` once")
    if numbers[-1] != -1 or steps[-1].independent:
        raise ValidationError("the last holds always: `more_than: -1`, and not `independent`")
    if len({step.name for step in steps}) < len(steps):
        raise ValidationError("each name once")


@declared()
class Thresholds:
    """The numbers and steps by which a buyer's means are proposed.

    `dependency_percent`: of a typical yearly turnover. `turnovers`: known ones that make one typical. `steps`: the
    most demanding first; the last holds always.
    """

    dependency_percent: _Number
    direct_below_euros: _Number
    turnovers: _Number
    steps: Annotated[tuple[Step, ...], _descending]
    direct: Direct
    social: Social
