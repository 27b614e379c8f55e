"""Files of words: equivalences in Solr's format (`synonyms/words.txt`), by which queries are
expanded, and words that are never corrected (`spelled.txt`).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from discovery.errors import MappingsError, Problem
from discovery.model import dataclass
from discovery.places.names import normalise


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the file: words that find others.

    `a => b`: whoever types one of `typed` also finds each of `found`. `a, b`: both sides hold all
    of them.
    """

    typed: tuple[str, ...]
    found: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Equivalences:
    """The rules as written; `compile` turns them into tokens with an index's own analysis."""

    file: Path
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, file: Path, problems: list[Problem]) -> "Equivalences":
        """Read the file. What is wrong is appended to `problems` with its line. An absent file
        holds no rule.
        """
        rules = []
        for number, text in _lines(file):
            left, arrow, right = text.partition("=>")
            typed = tuple(word.strip() for word in left.split(","))
            found = tuple(word.strip() for word in right.split(",")) if arrow else typed
            if not all(typed) or not all(found):
                problems.append(
                    Problem(
                        file,
                        number,
                        f"an empty side or word in '{text}'",
                        "write `a, b` or `a => b`",
                    )
                )
            elif not arrow and len(typed) < 2:
                problems.append(
                    Problem(
                        file,
                        number,
                        f"'{text}' is equivalent to nothing",
                        "add a second word, or delete it",
                    )
                )
            else:
                rules.append(Rule(typed, found, number))
        return cls(file, tuple(rules))

    def compile(
        self, terms: Callable[[str], list[str]], problems: list[Problem] | None = None
    ) -> Mapping[str, tuple[str, ...]]:
        """Token → other tokens that also match. `terms` is the analysis of the index's French text.

        A side that is not one token after analysis is left out of its rule and told in `problems`;
        without that list it raises MappingsError.
        """
        found_problems: list[Problem] = []
        table: dict[str, dict[str, None]] = {}

        def token(word: str, line: int) -> str | None:
            found = terms(word)
            if len(found) != 1:
                said = "no token" if not found else f"{len(found)} tokens ({', '.join(found)})"
                found_problems.append(
                    Problem(
                        self.file,
                        line,
                        f"'{word}' gives {said}",
                        "use one word, or add the term to multiword.txt",
                    )
                )
                return None
            return found[0]

        for rule in self.rules:
            tokens = {
                word: token(word, rule.line) for word in dict.fromkeys((*rule.typed, *rule.found))
            }
            targets = [one for word in rule.found if (one := tokens[word])]
            for word in rule.typed:
                if typed := tokens[word]:
                    table.setdefault(typed, {}).update(
                        (target, None) for target in targets if target != typed
                    )
        if problems is not None:
            problems += found_problems
        elif found_problems:
            raise MappingsError(found_problems)
        return {typed: tuple(found) for typed, found in table.items() if found}


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, without comments, each with its number; none of an absent file."""
    for number, raw in enumerate(
        file.read_text(encoding="utf-8").splitlines() if file.exists() else (), 1
    ):
        if text := raw.split("#", 1)[0].strip():
            yield number, text


def read_spelled(file: Path, problems: list[Problem]) -> frozenset[str]:
    """The folded words of a file, one a line, that are right as they are. An absent file holds
    none.
    """
    spelled = set()
    for number, word in _lines(file):
        folded = normalise(word).split()
        if len(folded) != 1:
            problems.append(Problem(file, number, f"'{word}' is not one word", "one word a line"))
        else:
            spelled.add(folded[0])
    return frozenset(spelled)
