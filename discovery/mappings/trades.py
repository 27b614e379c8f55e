"""What the trade classifier learns from besides the vocabulary, and how it decides:
`mappings/trades/`; trades that a buyer does not tell apart: `mappings/vocabulary/close.yaml`.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, TypedDict

from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from discovery.declared import Filled, Reasoned, Share, Weight, Why, about, declared
from discovery.model import dataclass
from discovery.places.names import normalise


@declared()
class Example:
    """Texts that ask for one of `sectors` (slugs of sectors or groups); with `none`, for what
    nobody here does.
    """

    texts: Annotated[tuple[Annotated[str, Length(min=2)], ...], Length(min=1)]
    sectors: tuple[str, ...] = ()
    none: bool = False

    def parsed(self) -> "Example":
        """Refuse an example of which nobody decided what it asks for."""
        if self.none == bool(self.sectors):
            raise ValidationError("give `sectors`, or `none: true`: one of them, not both")
        return self


@declared(why=Why)
class Learning:
    """How much each source counts, and the penalty of weights; read by `discovery classifier learn`
    alone.
    """

    names: Weight = about("A label or synonym of the vocabulary.")
    registered: Weight = about("A label of a registered activity; a name of what is outside.")
    examples: Weight = about("A text of examples.yaml.")
    codes: Weight = about("A label of a CPV code.")
    invented: Weight = about("A title of tools/learn/titles.tsv.")
    lots: Weight = about(
        "A lot of tools/learn/notices.yaml; a third of it, with its notice's title."
    )
    titles: Weight = about("A title of a real tender.")
    penalty: Share = about("Of squared weights: the larger, the less is believed of rare words.")


@declared(why=Why)
class Deciding:
    """The thresholds (probabilities, 0 to 1) by which a trade is told or not."""

    possible: Share = about(
        "What the likeliest group must reach, where no name tells it, to be offered as possible. Of two words:"
        " `probable`."
    )
    probable: Share = about("What a trade of a longer phrase must reach to be claimed.")
    doubted: Share = about(
        "Below it a trade that a longer phrase names is told as not meant, unless all names reach `sure`."
    )
    of_lot: Share = about("Below it a trade of a lot is not told, be it named or not.")
    beside: Share = about(
        "What the likeliest group must reach to be proposed beside trades that are named."
    )
    sure: Share = about(
        "What all named trades must reach together to be meant; or a word that is alone, to be a trade."
    )
    short: Annotated[int, Range(0, 20)] = about(
        "Words of a phrase in which a named trade is always believed."
    )
    certain: Share = about("From which probability words of a supplier's own site tell its trade.")
    none: Share = about("From which probability no inclusive trade is recognised.")
    named: Share = about(
        "What the first trade that a sentence of a long lot names weighs, the next half, beside how likely it is."
    )
    finer: Share = about(
        "What a trade must have of its group to be told in place of another of it that is named."
    )
    share: Share = about(
        "Of its group, what a sector must have to be told; of that one, what another must have too."
    )


@declared()
class ClassifierFile:
    """`trades/classifier.yaml`."""

    learning: Learning
    deciding: Deciding
    silent: Annotated[frozenset[str], Reasoned("words")]


@declared()
class ExamplesFile:
    """`trades/examples.yaml`."""

    examples: tuple[Example, ...]


class Most(TypedDict):
    """Of `websites.yaml`."""

    trades: Annotated[
        int,
        Range(1),
        "Words of one site that name trades; one that has more is a directory of others.",
    ]
    sharing: Annotated[int, Range(1), "Suppliers that give one site; of more it is nobody's own."]
    why: Why


@declared()
class WebsitesFile:
    """`websites.yaml`: how suppliers' own sites are read; folded words."""

    menu: frozenset[Filled] = about(
        "Words of a menu that lead to what is done.", default=frozenset()
    )
    silent: frozenset[Filled] = about(
        "Beginnings of headings that tell no trade.", default=frozenset()
    )
    parked: frozenset[Filled] = about("What parked and unfinished sites say.", default=frozenset())
    most: Most = about(default_factory=lambda: Most(trades=20, sharing=3, why=""))

    def parsed(self) -> "WebsitesFile":
        """The file with its words folded."""
        menu, silent, parked = (
            frozenset(map(normalise, one)) for one in (self.menu, self.silent, self.parked)
        )
        return WebsitesFile(menu, silent, parked, self.most)

    def leads(self, label: str) -> bool:
        """Whether an entry of a menu leads to what is done."""
        return normalise(label) in self.menu

    def is_silent(self, text: str) -> bool:
        """Whether a heading begins with words that tell no trade."""
        folded = f"{normalise(text)} "
        return any(folded.startswith(f"{words} ") for words in self.silent)

    def is_parked(self, text: str) -> bool:
        folded = normalise(text)
        return any(words in folded for words in self.parked)


@dataclass(frozen=True, slots=True, eq=False)
class Trades:
    """Compared by identity: a reload makes others."""

    learning: Learning
    deciding: Deciding
    silent: frozenset[str]
    examples: tuple[Example, ...]

    @classmethod
    def of(cls, numbers: ClassifierFile, texts: ExamplesFile) -> "Trades":
        """The classifier's numbers and examples, of both files."""
        return cls(numbers.learning, numbers.deciding, numbers.silent, texts.examples)


@dataclass(frozen=True, slots=True)
class Close:
    """Trades that do as well as the one asked for.

    `also`: a sector or group asked for → the others that do as well.
    """

    also: Mapping[str, tuple[str, ...]]

    def with_close(self, sectors: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                (*sectors, *(other for sector in sectors for other in self.also.get(sector, ())))
            )
        )

    def slugs(self) -> Iterator[str]:
        """Every sector and group that the file names."""
        for asked, others in self.also.items():
            yield asked
            yield from others


@declared(why=Filled)
class UsualOfKind:
    """An entry of `trades/usual.yaml`: of a kind's structures whose trades are known, how many in a
    hundred do what.
    """

    kind: Filled
    known: Annotated[int, Range(0)]
    percent: Mapping[str, Annotated[int, Range(0, 100)]] = about(
        "By group of sectors; what is left out is 0."
    )


@declared()
class UsualFile:
    usual: tuple[UsualOfKind, ...]

    def parsed(self) -> Mapping[str, Mapping[str, int]]:
        """Kind → group of sectors → percent."""
        return {one.kind: one.percent for one in self.usual}


@declared(why=Filled)
class _Entry:
    asked: Annotated[tuple[str, ...], Length(min=1)]
    also: Annotated[tuple[str, ...], Length(min=1)]


@declared()
class CloseFile:
    entries: tuple[_Entry, ...] = about(key="close")

    def parsed(self) -> Close:
        """Turn the entries into a table: each trade that is asked for → all the others that answer
        it as well.
        """
        also: dict[str, dict[str, None]] = {}
        for entry in self.entries:
            for asked in entry.asked:
                also.setdefault(asked, {}).update(
                    (other, None) for other in entry.also if other != asked
                )
        return Close({asked: tuple(others) for asked, others in also.items()})
