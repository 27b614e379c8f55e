"""What people bring: headings of notices and programmes (`needs/headings.yaml`), columns of lists
of suppliers (`columns.yaml`), what the law asks and allows (`law.yaml`), open lots told to
suppliers (`needs/notices.yaml`).
"""

from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import date
from typing import Annotated, Literal, get_args

from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp

from discovery.declared import Filled, Reasoned, Share, Why, declared
from discovery.mappings.vocabulary import LANGS
from discovery.places.names import normalise

COLUMNS = ("title", "cpv", "place", "amount", "date")
_Names = Annotated[frozenset[Annotated[str, Length(min=2)]], Length(min=1)]
_Counts = Annotated[Mapping[Filled, Annotated[int, Range(min=1)]], Length(min=1)]


@declared()
class Headings:
    """Folded names of each thing told; the fields of `COLUMNS` are those of a programme, those of
    `LABELS` stand before a colon. `periods`: name of a length of time → months; `ordinals`,
    `roman`: of a place among lots → its number.
    """

    lot: _Names
    seeking: _Names
    parties: _Names
    counted: _Names
    turns: _Names
    unallotted: _Names
    procedure: _Names
    every: _Names
    but: _Names
    title: _Names
    cpv: _Names
    place: _Names
    seat: _Names
    directions: _Names
    parts: _Names
    beyond: _Names
    amount: _Names
    date: _Names
    lasting: _Names
    leading: _Names
    closing: _Names
    numbered: _Names
    divisions: _Names
    section: _Names
    chapters: _Names
    done: _Names
    posted: _Names
    seated: _Names
    buyer: _Names
    others: _Names
    bodies: _Names
    distant: _Names
    departmental: _Names
    regional: _Names
    sites: _Names
    aside: _Names
    whole: _Names
    lengths: _Names
    shared: _Names
    reserving: _Names
    unreserved: _Names
    clauses: _Names
    apart: _Names
    each: _Names
    taxed: _Names
    yearly: _Names
    renewed: _Names
    spans: _Names
    periods: _Counts
    last: _Names
    ordinals: _Counts
    roman: _Counts

    def parsed(self) -> "Headings":
        """The same with names folded; refuse a name of two things."""
        named = [
            one.name for one in fields(self) if one.name not in ("periods", "ordinals", "roman")
        ]
        folded = {name: frozenset(map(normalise, getattr(self, name))) for name in named}
        seen: dict[str, str] = {}
        faults: dict[str, list[str]] = {}
        for column in LABELS:
            for name in sorted(folded[column]):
                if name.count(" ") >= _LONGEST:
                    faults.setdefault(column, []).append(
                        f"'{name}' has more than {_LONGEST} words → shorten it"
                    )
                other = seen.setdefault(name, column)
                if other != column and (other, column) != (
                    "aside",
                    "others",
                ):  # so folders older than `others` have it
                    faults.setdefault(column, []).append(
                        f"'{name}' names both {other} and {column} → keep one of them"
                    )
        if faults:
            raise ValidationError(faults)
        periods = {normalise(name): count for name, count in self.periods.items()}
        return Headings(**folded, periods=periods, ordinals=self.ordinals, roman=self.roman)

    def named(self, text: str, column: str) -> bool:
        """Whether a sentence begins with a name of a column: "Budget 1500"."""
        return self.of(" ".join(text.split()[:_LONGEST]), (column,)) == column

    def is_label(self, text: str) -> bool:
        """Whether a text is the name of something told, and no more."""
        return any(normalise(text) in getattr(self, column) for column in LABELS)

    def of(self, text: str, among: tuple[str, ...] = COLUMNS) -> str:
        """Which of `among` a heading names: the longest name that it is, or begins with; "" = none."""
        words = normalise(text).split(maxsplit=_LONGEST)[:_LONGEST]
        names = (" ".join(words[:many]) for many in range(len(words), 0, -1))
        return next(
            (column for name in names for column in among if name in getattr(self, column)), ""
        )


WHO = ("buyer", "others")  # who somebody is
LABELS = (*COLUMNS, "lasting", "aside", *WHO)
_LONGEST = 6  # words of the longest name


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
                    raise ValidationError(
                        f"{column}: '{name}' names {folded[name]} too → keep one of them", "columns"
                    )
        return folded


_CodeStarts = tuple[
    Annotated[str, Regexp(r"^\d{2,8}$", error="two to eight digits, between quotes")], ...
]


@declared(why=Why)
class NoticesFile:
    """Of which lots of open notices suppliers are told. `probable`: of words, `strength`: of
    evidence. Of `codes` only those that begin as one of `but`; of titles none with one of `words`
    (folded)."""

    probable: Share
    strength: Share
    codes: _CodeStarts
    but: _CodeStarts
    words: _Names
    lending: frozenset[str] = (
        frozenset()
    )  # of earlier folders, not read: the kinds tell it (`lends`)

    def parsed(self) -> "NoticesFile":
        """The file with its words folded."""
        return replace(self, words=frozenset(map(normalise, self.words)))

    def passes_over(self, title: str, cpv: str) -> bool:
        """Whether nobody is told of a lot."""
        folded = f" {normalise(title)} "
        return any(f" {word} " in folded for word in self.words) or (
            cpv.startswith(self.codes) and not cpv.startswith(self.but)
        )


def _complete(texts: Mapping[str, str]) -> None:
    if set(texts) != set(LANGS):
        raise ValidationError(f"one text in each of {', '.join(LANGS)}")


_Texts = Annotated[Mapping[str, Filled], _complete]
_Articles = Annotated[
    tuple[
        Annotated[
            str, Regexp(r"^[LRD]\d{4}-\d{1,2}(?:-\d{1,2})?$", error="an article, as L2113-12")
        ],
        ...,
    ],
    Length(min=1),
]
_Number = Annotated[int, Range(min=1), Reasoned(why=Filled)]


@declared(why=Filled)
class Step:
    """Proposed when more than `more_than` suppliers do it there and, if `independent`, none would
    hang on it. `label` and `says`: language → a name, a text.
    """

    name: Filled
    label: _Texts
    says: _Texts
    more_than: Annotated[int, Range(min=-1)] = -1
    articles: _Articles = ()
    independent: bool = False


_Day = Annotated[str, Regexp(r"^\d{4}-\d{2}-\d{2}$", error="a day, as 2026-08-22")]
Buyer = Literal["state", "local", "utility", "private"]
BUYERS: tuple[Buyer, ...] = get_args(Buyer)
Nature = Literal["services", "works", "social"]


@declared()
class Source:
    """Where a rule stands. `checked`: when it was last; `official`: whether its own text was read."""

    title: Filled
    url: Annotated[str, Regexp(r"^https://")]
    checked: _Day
    official: bool


@declared(why=Filled)
class Rule:
    """What the law asks or allows from `since` to `until`, both included. `euros`: by buyer or
    nature. `says`: where it applies; `below` its amount, or where that is `unknown`; `{euros}` in
    them is the amount.
    """

    name: Literal["obligation", "direct", "social"]
    articles: _Articles
    since: _Day
    source: Source
    says: _Texts
    until: _Day | None = None
    below: _Texts | None = None
    unknown: _Texts | None = None
    euros: Mapping[Filled, Annotated[int, Range(min=1)]] = field(default_factory=dict)
    exemptions: tuple[_Texts, ...] = ()

    def past(self, today: date) -> bool:
        """Whether the rule's last day is over."""
        return self.until is not None and date.fromisoformat(self.until) < today


def _descending(steps: tuple[Step, ...]) -> None:
    numbers = [step.more_than for step in steps]
    if not steps or sorted(set(numbers), reverse=True) != numbers:
        raise ValidationError("the most demanding first, each `more_than` once")
    if numbers[-1] != -1 or steps[-1].independent:
        raise ValidationError("the last holds always: `more_than: -1`, and not `independent`")
    if len({step.name for step in steps}) < len(steps):
        raise ValidationError("each name once")


def past_rules(law: "Law", today: date) -> list[str]:
    """What is to be done about rules past their day, a line each."""
    return [
        f"law.yaml: the rule {rule.name} ({', '.join(rule.articles)}) ended on {rule.until}; read {rule.source.url} "
        "and write the one that follows"
        for rule in law.past(today)
    ]


def _days(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        try:
            until = rule.until and date.fromisoformat(rule.until)
            if until and until < date.fromisoformat(rule.since):
                raise ValidationError(f"{rule.name}: it ends before it begins")
        except ValueError as error:
            raise ValidationError(f"{rule.name}: {error}") from None


@declared()
class Law:
    """What the law asks and allows, and the steps by which a buyer's means are proposed.

    `dependency_percent`: of a typical yearly turnover. `turnovers`: known ones that make one
    typical. `steps`: the most demanding first; the last holds always; `private`: of a private
    buyer, in their place. `natures`: of a lot → slugs. `buyers`: folded words of a notice.
    """

    dependency_percent: _Number
    turnovers: _Number
    steps: Annotated[tuple[Step, ...], _descending]
    private: Step
    natures: Mapping[Annotated[str, OneOf(("works", "social"))], frozenset[Filled]]
    buyers: Mapping[Annotated[str, OneOf(BUYERS)], frozenset[Filled]]
    rules: Annotated[tuple[Rule, ...], Length(min=1), _days]

    def parsed(self) -> "Law":
        """The law with its words folded."""
        return replace(
            self,
            buyers={
                buyer: frozenset(map(normalise, words)) for buyer, words in self.buyers.items()
            },
        )

    def past(self, today: date) -> list[Rule]:
        """Rules past their day that none of their name follows."""
        names = {rule.name for rule in self.rules if not rule.past(today)}
        return [rule for rule in self.rules if rule.name not in names]

    def in_force(self, today: date) -> list[Rule]:
        """The rules of a day, one of each name; of a name that ended the last, which is past."""
        held: dict[str, Rule] = {}
        for rule in sorted(self.rules, key=lambda one: one.since):
            if date.fromisoformat(rule.since) <= today:
                held[rule.name] = rule
        return [rule for rule in self.rules if held.get(rule.name) is rule]


@declared(why=Filled)
class _Figure:
    """A number, and where it stands."""

    value: Annotated[float, Range(min=0)]
    source: Filled

    def parsed(self) -> float:
        return self.value


def _has_other(shares: Mapping[str, int]) -> None:
    if "other" not in shares:
        raise ValidationError("`other`, of all groups that are not told")


@declared(why=Filled)
class _Shares:
    """Percent by group of sectors, and where they stand."""

    value: Annotated[Mapping[Filled, Annotated[int, Range(1, 100)]], _has_other]
    source: Filled

    def parsed(self) -> Mapping[str, int]:
        return self.value


_Sourced = Annotated[float, _Figure]


@declared()
class Figures:
    """Numbers by which hours, posts and deductions are reckoned, each with its source and its
    reason (`figures.yaml`).
    """

    post_hours: _Sourced
    hour_euros: _Sourced
    cleaning_hour_euros: _Sourced
    rate_percent: _Sourced
    least_hours: _Sourced
    labour_percent: Annotated[Mapping[str, int], _Shares]
    oeth_kinds: Annotated[frozenset[Filled], Length(min=1)]
    oeth_percent: _Sourced
    oeth_low_rate: _Sourced
    oeth_low_percent: _Sourced
    oeth_high_percent: _Sourced
