"""Token filters that look at one word at a time: each gives another word, or takes it out."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from discovery.engine.analysis.settings import Parameters, table


class _Rule(NamedTuple):
    """A word longer than `longer_than` that ends in `suffix` ends in `becomes` instead.

    `then`: a further (suffix, becomes, longer than) tried on the result. `last`: whether no rule
    follows.
    """

    suffix: str
    longer_than: int
    becomes: str
    last: bool = True
    then: tuple[str, str, int] | None = None


def _rule(line: str) -> _Rule:
    suffix, longer_than, becomes, *more = line.split("\t")
    then = (more[0], more[1], int(more[2])) if more[1:] else None
    return _Rule(suffix, int(longer_than), becomes.strip("-"), more != ["…"], then)


_RULES = tuple(map(_rule, table("light_french")))
_SUFFIXES = tuple({rule.suffix for rule in _RULES})
_DOUBLED = re.compile(r"(.)\1", re.DOTALL)

_ACCENTS = str.maketrans("àáâôèéêùûîç", "aaaoeeeuuic")


def light_stem(word: str) -> str:
    """The stem of a lower-case word, with or without its accents ("vitrerie" → "vitr")."""
    if word and max(word) > "\uffff":
        # Lucene's lengths count UTF-16 units: such a character is two, and neither is a letter.
        units = memoryview(word.encode("utf-16-le", "surrogatepass")).cast("H")
        stem = _stem("".join(map(chr, units)))
        return stem.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _stem(word)


def _stem(word: str) -> str:
    word = _singular(word)
    for suffix, longer_than, becomes, last, then in _RULES if word.endswith(_SUFFIXES) else ():
        if len(word) > longer_than and word.endswith(suffix):
            word = word[: -len(suffix)] + becomes
            if then is not None and len(word) > then[2] and word.endswith(then[0]):
                word = word[: -len(then[0])] + then[1]
            if last:
                break
    return _normal(word)


def _singular(word: str) -> str:
    if len(word) > 5 and word.endswith("x"):
        # "canaux" → "canal", but "bureaux" → "bureau"
        word = word[:-3] + "al" if word[-3:-1] == "au" and word[-4] != "e" else word[:-1]
    if len(word) > 3 and word.endswith("x"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("s"):
        word = word[:-1]
    return word


def _normal(word: str) -> str:
    """Accents and doubled letters go, then a final "ie", "r", "e", "é", and a letter doubled by
    that.
    """
    if len(word) > 4:
        word = word.translate(_ACCENTS)
        if _DOUBLED.search(word):
            word = "".join(c if c.isalpha() else "".join(run) for c, run in groupby(word))
    if len(word) > 4 and word.endswith("ie"):
        word = word[:-2]
    if len(word) > 4:
        word = word.removesuffix("r").removesuffix("e").removesuffix("e")
        if word[-1] == word[-2] and word[-1].isalpha():
            word = word[:-1]
    return word


# Where Java's simple mapping (Unicode 16, the Java inside Elasticsearch 9) is not what Python
# computes from its own Unicode version: "İ" has a two-character full mapping in Python; the others
# are letters newer than the oldest Python supported. Tests compare every code point.
_JAVA_ONLY = {
    0x0130: 0x0069,
    0x1C89: 0x1C8A,
    0xA7CB: 0x0264,
    0xA7CC: 0xA7CD,
    0xA7DA: 0xA7DB,
    0xA7DC: 0x019B,
    **{capital: capital + 0x20 for capital in range(0x10D50, 0x10D66)},
}


class _LowerCase(dict[int, int]):
    """A table for `str.translate` that computes each code point once."""

    def __missing__(self, code_point: int) -> int:
        lower = chr(code_point).lower()
        self[code_point] = mapped = ord(lower) if len(lower) == 1 else code_point
        return mapped


_LOWER = _LowerCase(_JAVA_ONLY)


def lower_case(term: str) -> str:
    """One character for one, without context: unlike `str.lower`, a final capital sigma becomes
    "σ".
    """
    return term.lower() if term.isascii() else term.translate(_LOWER)


def ascii_fold(term: str) -> str:
    """Lucene's ASCIIFoldingFilter: "œuvre" → "oeuvre", "Straße" → "Strasse".

    Precomposed letters only: a combining accent is a character of its own that this table does not
    have, and stays, as in Lucene. Whoever indexes or asks therefore composes the text (NFC) first.
    """
    return term if term.isascii() else term.translate(_folding())


@cache
def _folding() -> dict[int, str]:
    pairs = (line.split("\t") for line in table("ascii_folding"))
    return {ord(character): folded for folded, characters in pairs for character in characters}


CONTRACTION_TYPES = frozenset({"synonym", "synonym_graph"})


class Contractions:
    """Rules in Solr's format, "mise sous pli, mises sous pli => mise_sous_pli".

    `words_of` gives the words of a rule's side as they reach this filter: through the same char
    filters, tokenizer and filters, as in Elasticsearch. The right-hand side must be one word, so
    that every token keeps a position of its own; equivalences, which would expand, belong to the
    query and not here.
    """

    def __init__(self, parameters: Parameters, words_of: Callable[[str], Sequence[str]]) -> None:
        parameters.only("format", "solr")
        for key in ("expand", "lenient", "updateable"):
            parameters.flag(
                key, default=key == "expand"
            )  # None changes the meaning of what is allowed here.
        found: dict[tuple[str, ...], str] = {}
        for rule in parameters.words("synonyms"):
            sources, target = _sides(rule, parameters)
            made = words_of(target)
            if len(made) != 1:
                raise parameters.error(
                    f"in {rule!r} the right-hand side must be one word; {target!r} is {len(made)}."
                )
            for source in sources:
                words = tuple(words_of(source))
                if not words:
                    raise parameters.error(f"in {rule!r} nothing is left of {source!r}.")
                if found.setdefault(words, made[0]) != made[0]:
                    raise parameters.error(
                        f"{source!r} has two contractions, {found[words]!r} and {made[0]!r}."
                    )
        parameters.done()
        self.by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        """By the word that they begin with: a text without any such is left as it is."""
        for words in sorted(found, key=len, reverse=True):
            self.by_first.setdefault(words[0], []).append((words, found[words]))

    def may_hold(self, terms: Sequence[str], following: Sequence[str]) -> bool:
        """Whether a rule may begin in `terms` when these go on with `following`, and with what
        nobody knows then.
        """
        known = (*terms, *following)
        return any(
            words[: len(known) - at] == known[at : at + len(words)]
            for at, term in enumerate(terms)
            for words, _ in self.by_first.get(term, ())
        )

    def spans(self, terms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """What is contracted, as (first word, last word, contraction), in order: the longest rule
        at each place wins, and what follows begins after it.
        """
        free = 0
        for first, term in enumerate(terms):
            if term not in self.by_first or first < free:
                continue
            for words, target in self.by_first[term]:
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
        raise parameters.error(
            f"the rule {rule!r} needs words on the left and exactly one on the right."
        )
    return sources, targets[0]


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.strip())


class Word(NamedTuple):
    """A term on its way; `kept` is Lucene's keyword flag: stemmers leave such a word alone."""

    term: str
    kept: bool = False


WordFilter = Callable[[Word], Word | None]
"""A word to the one that takes its place, or to None when it is removed (its position stays, as a
gap).
"""


_APOSTROPHE = re.compile("['\u2019]")


def _elision(parameters: Parameters) -> WordFilter:
    """`elision`: the article before the first apostrophe goes; ' and ’ (U+2019) count."""
    ignore_case = parameters.flag("articles_case", False)
    articles = parameters.words("articles")
    known = frozenset(map(lower_case, articles) if ignore_case else articles)

    def apply(word: Word) -> Word:
        first = _APOSTROPHE.search(word.term)
        if first is None:
            return word
        article, rest = word.term[: first.start()], word.term[first.end() :]
        return (
            Word(rest, word.kept)
            if (lower_case(article) if ignore_case else article) in known
            else word
        )

    return apply


def _lowercase(_: Parameters) -> WordFilter:
    return lambda word: Word(lower_case(word.term), word.kept)


def _asciifolding(parameters: Parameters) -> WordFilter:
    # The original beside the folded form would be two tokens at one position.
    if parameters.flag("preserve_original", False):
        raise parameters.error("`preserve_original`: only false is supported.")
    return lambda word: Word(ascii_fold(word.term), word.kept)


def _stop(parameters: Parameters) -> WordFilter:
    """`stop`: a list of words, in which "_french_" and "_none_" stand for Lucene's lists."""
    ignore_case = parameters.flag("ignore_case", False)
    if not parameters.flag("remove_trailing", True):
        raise parameters.error("`remove_trailing`: only true is supported.")
    words: list[str] = []
    for word in parameters.words("stopwords"):
        if word == "_french_":
            words.extend(table("stop_french"))
        elif word.startswith("_") and word.endswith("_") and word != "_none_":
            raise parameters.error(f"the list {word!r} is not known; supported: _french_, _none_.")
        elif word != "_none_":
            words.append(word)
    removed = frozenset(map(lower_case, words) if ignore_case else words)

    def apply(word: Word) -> Word | None:
        term = lower_case(word.term) if ignore_case else word.term
        return None if term in removed else word

    return apply


def _stemmer_override(parameters: Parameters) -> WordFilter:
    """`stemmer_override`: rules "word, word => stem"; the stem then passes stemmers untouched."""
    stems: dict[str, str] = {}
    for rule in parameters.words("rules"):
        left, arrow, right = rule.partition("=>")
        stem = right.strip()
        words = [word.strip() for word in left.split(",")]
        if not arrow or "=>" in stem or not stem or not all(words):
            raise parameters.error(f"the rule {rule!r} is not of the form `word, word => stem`.")
        for word in words:
            if stems.setdefault(word, stem) != stem:
                raise parameters.error(
                    f"{word!r} has two stems, {stems[word]!r} and {stem!r}; keep one."
                )

    def apply(word: Word) -> Word:
        stem = None if word.kept else stems.get(word.term)
        return word if stem is None else Word(stem, kept=True)

    return apply


def _stemmer(parameters: Parameters) -> WordFilter:
    parameters.only("language", "light_french")

    def apply(word: Word) -> Word:
        return word if word.kept else Word(light_stem(word.term))

    return apply


FILTERS: dict[str, Callable[[Parameters], WordFilter]] = {
    "asciifolding": _asciifolding,
    "elision": _elision,
    "lowercase": _lowercase,
    "stemmer": _stemmer,
    "stemmer_override": _stemmer_override,
    "stop": _stop,
}

REMOVING = frozenset({"stop"})
"""The types that may take words out."""
