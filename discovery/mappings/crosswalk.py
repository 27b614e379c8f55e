"""The crosswalk: what a CPV or ROME code means, in sectors. Analysts own `vocabulary/crosswalk/`.

Registered activity codes (NAF) feed documents, hence stand in the vocabulary; here they are asked
the same way.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from marshmallow import ValidationError
from marshmallow.validate import Regexp

from discovery.declared import Why, about, declared
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, field

# How codes of each classification are written, as regular expressions to be read without regard to
# case.
CPV = r"[0-9]{8}"
CPV_CHECK = r"\s?-\s?\d"
"""The check digit behind a whole code, where a code is all that is written; in a sentence it is
glued to it.
"""
CPV_START = r"[0-9]{2,7}"
"""Some digits of a code, which must be said to be one."""
NAF = r"\d{2}\.?\d{2}[A-Z]"
ROME = r"[A-N]\d{4}"

Classification = Literal["cpv", "naf", "rome"]

SHORTEST_CPV = 2
"""Digits of a CPV division, the shortest prefix that means something."""
CPV_DIGITS = 8
"""Of a whole code, without its check digit."""


@declared()
class Meaning:
    """What codes that begin with `prefix` mean: `sectors` (the trade itself) and `related` ones,
    half as sure; sector or group slugs. `none`: no inclusive supplier works there, and `why`.
    """

    prefix: str
    sectors: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    none: bool = False
    why: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.sectors, *self.related)

    def parsed(self) -> "Meaning":
        """Refuse a code of which nobody decided: neither sectors nor `none`."""
        if self.none == bool(self.all):
            raise ValidationError(
                "give `sectors` (or `related`), or `none: true`: one of them, not both"
            )
        if self.none and not self.why:
            raise ValidationError("say why inclusive suppliers do not work there", "why")
        return Meaning(self.prefix, self.sectors, self.related, self.none, self.why)


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The crosswalk: codes with their meanings.

    `cpv` by prefix of digits, `rome` by whole code. `without_cpv`: sectors that CPV has no code
    for. Compared by identity: a reload makes others.
    """

    cpv: Mapping[str, Meaning] = field(default_factory=dict)
    rome: Mapping[str, Meaning] = field(default_factory=dict)
    without_cpv: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cpv: "CpvFile", rome: "RomeFile") -> "Codes":
        """The crosswalk that both files make."""
        without = frozenset(slug for entry in cpv.without_code for slug in entry.sectors)
        cpv_meanings, rome_meanings = (
            {one.prefix: one for one in file.entries} for file in (cpv, rome)
        )
        return cls(cpv_meanings, rome_meanings, without)

    def meaning(
        self, classification: Classification, code: str, vocabulary: Vocabulary
    ) -> Meaning | None:
        """What a code means; None where nobody decided. The code without its dots and check digit:
        "90911200", "8121Z", "K2204".

        A CPV code is decided by its longest prefix, as the classification is a tree.
        """
        if classification == "naf":
            registered = vocabulary.naf.get(code)
            return Meaning(code, registered.sectors) if registered else None
        if classification == "rome":
            return self.rome.get(code)
        lengths = range(len(code), SHORTEST_CPV - 1, -1)
        return next(
            (self.cpv[code[:length]] for length in lengths if code[:length] in self.cpv), None
        )


@declared()
class CpvEntry(Meaning):
    """A row of `cpv.yaml`."""

    prefix: Annotated[str, Regexp(r"^\d{2,8}$", error="two to eight digits, between quotes")]


@declared()
class RomeEntry(Meaning):
    """A row of `rome.yaml`."""

    prefix: Annotated[str, Regexp(r"^[A-N]\d{4}$", error="a letter and four digits")] = about(
        key="code"
    )


@declared(why=Why)
class WithoutCode:
    """Sectors that CPV has no code for."""

    sectors: tuple[str, ...]


def _decided_once(entries: Sequence[Meaning]) -> None:
    first: dict[str, int] = {}
    faults = {
        number: [f"'{entry.prefix}' is decided twice → keep one of the two"]
        for number, entry in enumerate(entries)
        if first.setdefault(entry.prefix, number) != number
    }
    if faults:
        raise ValidationError(faults)


@declared()
class CpvFile:
    """`vocabulary/crosswalk/cpv.yaml`."""

    entries: Annotated[tuple[CpvEntry, ...], _decided_once]
    without_code: tuple[WithoutCode, ...] = ()


@declared()
class RomeFile:
    """`vocabulary/crosswalk/rome.yaml`."""

    entries: Annotated[tuple[RomeEntry, ...], _decided_once]
