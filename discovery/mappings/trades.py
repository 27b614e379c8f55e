"""What the trade classifier learns from besides the vocabulary, and how it decides: `mappings/trades/`; trades that a
buyer does not tell apart: `mappings/vocabulary/close.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict

from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from discovery.declared import Filled, Reasoned, Share, Weight, Why, about, declared
from discovery.places.names import normalise


@declared()
class Example:
    """Texts that ask for one of `sectors` (slugs of sectors or groups); with `none`, for what nobody here does."""

    texts: Annotated[tuple[Annotated[str, Length(min=2)], ...], Length(min=1)]
    sectors: tuple[str, ...] = ()
    none: bool = False

    def parsed(self) -> Example:
        """Refuse one of which nobody decided what it asks for."""
        if self.none == bool(self.sectors):
            raise ValidationError("give `sectors`, or `none: true`: one of them, not both")
        return self


@declared(why=Why)
class Learning:
    """How much each source counts, beside 1 for a CPV label; `inherited`: a parent code's label for each step down;
    `pairs`: two words in a row, beside one word; `smoothing`: what an unseen word counts as seen."""

    names: Weight = about("A label or synonym of the vocabulary.")
    registered: Weight = about("A label of a registered activity.")
    examples: Weight = about("A text of examples.yaml.")
    inherited: Share = about("What the words of a parent CPV code count, for each step down.")
    pairs: Share = about("Two words in a row, beside one word.")
    smoothing: Annotated[float, Range(0.001, 10)] = about("What a word that a trade never had counts as seen.")


@declared(why=Why)
class Deciding:
    """The thresholds (probabilities, 0 to 1) by which the classifier speaks or abstains."""

    prior: Share = about("Probability of no inclusive trade before a word is read.")
    sharpness: Annotated[float, Range(0.01, 5)] = about("How much one word proves; 1: as learnt.")
    repeats: Share = about("How much words repeat each other: n prove n to the power of minus this of their sum.")
    sure: Share = about("What the likeliest group of trades must reach.")
    margin: Share = about("By how much it must lead the next one.")
    none: Share = about("From which probability no inclusive trade is recognised.")
    share: Share = about("Part of its group's probability by which a sector is named alone.")
    corrects: Share = about("Probability of another group that stands in for single words of a long phrase.")
    believes: Share = about("What the groups of single words of a long phrase must have to be kept.")
    certain: Share = about("Probability of a group that is named, from which such words count for nothing beside it.")


def _some_left(shares: Mapping[str, float]) -> None:
    if sum(shares.values()) >= 1:
        raise ValidationError("together they leave the other groups nothing: keep them below 1")


@declared()
class ClassifierFile:
    """`trades/classifier.yaml`. `demand`: group of sectors → how often it is asked for."""

    learning: Learning
    deciding: Deciding
    demand: Annotated[Mapping[str, Annotated[float, Range(0, 1, min_inclusive=False)]], _some_left, Reasoned("shares")]
    silent: Annotated[frozenset[str], Reasoned("words")]


@declared()
class ExamplesFile:
    """`trades/examples.yaml`."""

    examples: tuple[Example, ...]


class Most(TypedDict):
    """Of `websites.yaml`."""

    trades: Annotated[int, Range(1), "Words of one site that name trades; one that has more is a directory of others."]
    sharing: Annotated[int, Range(1), "Suppliers that give one site; of more it is nobody's own."]
    why: Why


@declared()
class WebsitesFile:
    """`websites.yaml`: how suppliers' own sites are read; folded words."""

    menu: frozenset[Filled] = about("Words of a menu that lead to what is done.", default=frozenset())
    silent: frozenset[Filled] = about("Beginnings of headings that tell no trade.", default=frozenset())
    parked: frozenset[Filled] = about("What parked and unfinished sites say.", default=frozenset())
    most: Most = about(default_factory=lambda: Most(trades=20, sharing=3, why=""))

    def parsed(self) -> WebsitesFile:
        """The same with words folded."""
        menu, silent, parked = (frozenset(map(normalise, one)) for one in (self.menu, self.silent, self.parked))
        return WebsitesFile(menu, silent, parked, self.most)

    @property
    def most_trades(self) -> int:
        """Trades of one site."""
        return self.most["trades"]

    @property
    def most_sharing(self) -> int:
        """Suppliers that may give one site."""
        return self.most["sharing"]

    def leads(self, label: str) -> bool:
        """Whether an entry of a menu leads to what is done."""
        return normalise(label) in self.menu

    def is_silent(self, text: str) -> bool:
        """Whether a heading begins with words that tell no trade."""
        folded = f"{normalise(text)} "
        return any(folded.startswith(f"{words} ") for words in self.silent)

    def is_parked(self, text: str) -> bool:
        """Whether a text is that of a parked site."""
        folded = normalise(text)
        return any(words in folded for words in self.parked)


@dataclass(frozen=True, slots=True, eq=False)
class Trades:
    """Compared by identity: a reload makes others."""

    learning: Learning
    deciding: Deciding
    silent: frozenset[str]
    examples: tuple[Example, ...]
    shares: Mapping[str, float]
    """Group of sectors → how often it is asked for, of all that inclusive suppliers do; the others share the rest."""

    @classmethod
    def of(cls, numbers: ClassifierFile, texts: ExamplesFile) -> Trades:
        """Both files together."""
        return cls(numbers.learning, numbers.deciding, numbers.silent, texts.examples, numbers.demand)


@dataclass(frozen=True, slots=True)
class Close:
    """Trades that do as well as the one asked for.

    `also`: a sector or group asked for → the others that do as well.
    """

    also: Mapping[str, tuple[str, ...]]

    def with_close(self, sectors: tuple[str, ...]) -> tuple[str, ...]:
        """The sectors, then those that do as well."""
        return tuple(dict.fromkeys((*sectors, *(other for sector in sectors for other in self.also.get(sector, ())))))

    def slugs(self) -> Iterator[str]:
        """Every sector and group that the file names."""
        for asked, others in self.also.items():
            yield asked
            yield from others


@declared(why=Filled)
class _Entry:
    asked: Annotated[tuple[str, ...], Length(min=1)]
    also: Annotated[tuple[str, ...], Length(min=1)]


@declared()
class CloseFile:
    """The file as written."""

    entries: tuple[_Entry, ...] = about(key="close")

    def parsed(self) -> Close:
        """Each trade with all that do as well."""
        also: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            for asked in entry.asked:
                also.setdefault(asked, {}).update((other, None) for other in entry.also if other != asked)
        return Close({asked: tuple(others) for asked, others in also.items()})
