"""Synonym filters, restricted to contractions: several words that become one ("mise sous pli")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from discovery.engine.analysis.settings import Parameters

CONTRACTION_TYPES = frozenset({"synonym", "synonym_graph"})


class Contractions:
    """Rules in Solr's format, "mise sous pli, mises sous pli => mise_sous_pli".

    `words_of` gives the words of a rule's side as they reach this filter: through the same char filters,
    tokenizer and filters, as in Elasticsearch. The right-hand side must be one word, so that every token keeps
    a position of its own; equivalences, which would expand, belong to the query and not here.
    """

    def __init__(self, parameters: Parameters, words_of: Callable[[str], Sequence[str]]) -> None:
        parameters.only("format", "solr")
        for key in ("expand", "lenient", "updateable"):
            parameters.flag(key, default=key == "expand")  # None changes the meaning of what is allowed here.
        found: dict[tuple[str, ...], str] = {}
        for rule in parameters.words("synonyms"):
            sources, target = _sides(rule, parameters)
            made = words_of(target)
            if len(made) != 1:
                raise parameters.error(f"in {rule!r} the right-hand side must be one word; {target!r} is {len(made)}.")
            for source in sources:
                words = tuple(words_of(source))
                if not words:
                    raise parameters.error(f"in {rule!r} nothing is left of {source!r}.")
                if found.setdefault(words, made[0]) != made[0]:
                    raise parameters.error(f"{source!r} has two contractions, {found[words]!r} and {made[0]!r}.")
        parameters.done()
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words in sorted(found, key=len, reverse=True):
            self._by_first.setdefault(words[0], []).append((words, found[words]))

    @property
    def first_words(self) -> frozenset[str]:
        """The words that some rule begins with: a text without any is left as it is."""
        return frozenset(self._by_first)

    def may_hold(self, terms: Sequence[str], following: Sequence[str]) -> bool:
        """Whether a rule may begin in `terms` when these go on with `following`, and with what nobody knows then."""
        known = (*terms, *following)
        return any(
            words[: len(known) - at] == known[at : at + len(words)]
            for at, term in enumerate(terms)
            for words, _ in self._by_first.get(term, ())
        )

    def spans(self, terms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """What is contracted, as (first word, last word, contraction), in order: the longest rule at each place
        wins, and what follows begins after it."""
        free = 0
        for first, term in enumerate(terms):
            if term not in self._by_first or first < free:
                continue
            for words, target in self._by_first[term]:
                free = first + len(words)
                if tuple(terms[first:free]) == words:
                    yield first, free - 1, target
                    break
            else:
                free = first


def _sides(rule: str, parameters: Parameters) -> tuple[list[str], str]:
    sides = re.split(r"(?<!\\)=>", rule)
    if len(sides) != 2:
        raise parameters.error(
            f"the rule {rule!r} is not a contraction, `several words => one_word`; equivalences are expanded "
            "by the query (synonyms/words.txt)."
        )
    sources = [_unescape(part) for part in re.split(r"(?<!\\),", sides[0])]
    targets = [_unescape(part) for part in re.split(r"(?<!\\),", sides[1])]
    if not all(sources) or len(targets) != 1 or not targets[0]:
        raise parameters.error(f"the rule {rule!r} needs words on the left and exactly one on the right.")
    return sources, targets[0]


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.strip())
