"""Rules of words that parse and yet do nothing, or the same twice, or go round in a circle."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from discovery.engine.analysis import Analysis
from discovery.errors import Problem
from discovery.mappings.equivalences import Equivalences
from discovery.mappings.files import file_of

Terms = Callable[[str], list[str]]
FOLDED, FRENCH = "folded", "french"
STEMS, CONTRACTIONS = "stems.txt", "synonyms/multiword.txt"


def equivalences(rules: Equivalences, terms: Terms) -> Iterator[Problem]:
    """Rules given twice, rules of words that are one token already, circles of one-way rules.
    Tokens compare.
    """
    given: dict[tuple[str, str], int] = {}
    one_way: dict[str, dict[str, int]] = {}
    for rule in rules.rules:
        own: set[tuple[str, str]] = set()
        for typed in rule.typed:
            for found in rule.found:
                if typed == found:
                    continue
                pair = (terms(typed)[0], terms(found)[0])
                if pair[0] == pair[1]:
                    if typed < found or rule.typed != rule.found:
                        said = f"'{typed}' and '{found}' are one token already ('{pair[0]}')"
                        yield Problem(
                            rules.file, rule.line, said, "delete one: the analysis unites them"
                        )
                elif pair in given and pair not in own:
                    said = f"'{typed}' finds '{found}' by line {given[pair]} already"
                    yield Problem(rules.file, rule.line, said, "delete one of the two")
                else:
                    given[pair] = rule.line
                    own.add(pair)
                    if rule.typed != rule.found:
                        one_way.setdefault(pair[0], {})[pair[1]] = rule.line
    yield from _circles(rules.file, one_way)


def _circles(file: Path, one_way: Mapping[str, Mapping[str, int]]) -> Iterator[Problem]:
    """Each circle once, at its last line. Rules are not followed further: b's words are not found
    by who types a.
    """
    told: set[frozenset[str]] = set()
    for start in one_way:
        for path in _paths(one_way, start, (start,)):
            if frozenset(path) not in told:
                told.add(frozenset(path))
                steps = zip(path, (*path[1:], start), strict=True)
                line = max(one_way[a][b] for a, b in steps)
                said = f"{' => '.join((*path, start))} goes round in a circle"
                yield Problem(file, line, said, f"if all mean the same, write `{', '.join(path)}`")


def _paths(
    one_way: Mapping[str, Mapping[str, int]], start: str, path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    for found in one_way.get(path[-1], ()):
        if found == start:
            yield path
        elif found not in path and found > start:  # each circle is walked from its first token only
            yield from _paths(one_way, start, (*path, found))


def stems(folder: Path, analysis: Analysis) -> Iterator[Problem]:
    """Overrides that no word reaches: not spelt as the filter sees words, a stop word, or given
    twice.
    """
    file = file_of(folder, STEMS)
    stop = _stop_words(folder)
    given: dict[str, int] = {}
    for rule in Equivalences.read(file, []).rules:
        for word in rule.typed:
            seen = analysis.terms(FOLDED, word)
            if seen != [word]:
                said = f"'{word}' never reaches this filter: words come as {' '.join(seen) or 'nothing'}"
                yield Problem(
                    file, rule.line, said, "write it as it comes: one word, lower case, no accents"
                )
            elif word in stop:
                yield Problem(
                    file,
                    rule.line,
                    f"'{word}' is a stop word, gone before stems",
                    "take it off one list",
                )
            elif word in given:
                yield Problem(
                    file,
                    rule.line,
                    f"'{word}' has a stem by line {given[word]} already",
                    "delete one",
                )
            given.setdefault(word, rule.line)


def contractions(folder: Path, analysis: Analysis) -> Iterator[Problem]:
    """Terms of several words given twice, or whose one word is then a stop word."""
    file = file_of(folder, CONTRACTIONS)
    stop = _stop_words(folder)
    given: dict[tuple[str, ...], tuple[str, int]] = {}
    for rule in Equivalences.read(file, []).rules:
        target = rule.found[0]
        if target in stop:
            yield Problem(
                file,
                rule.line,
                f"'{target}' is a stop word: the term vanishes",
                "name it otherwise",
            )
        for term in rule.typed:
            seen = tuple(analysis.terms(FOLDED, term))
            known = given.setdefault(seen, (target, rule.line))
            if known != (target, rule.line):
                said = f"'{term}' is made '{known[0]}' by line {known[1]} already"
                yield Problem(file, rule.line, said, "delete one of the two")


def _stop_words(folder: Path) -> frozenset[str]:
    lines = file_of(folder, "stop.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if (word := line.split("#", 1)[0].strip()))
