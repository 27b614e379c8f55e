"""Marks the words of a search in a supplier's own texts, with the analysis of the index that found
it.

One highlighter for all engines. A token of the text is a match when it is one of the tokens that a
word of the query may stand for. Everything is HTML-escaped but `<mark>`.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from discovery.engine.analysis import Analysis
from discovery.engine.port import TextQuery
from discovery.model import dataclass
from discovery.search.caches import CacheInfo

FRAGMENT = 160
"""Characters of text around the first match of a fragment, before it is widened to whole words."""
FRAGMENTS = 2
"""Fragments of one text."""
MAX_OFFERS = 3
"""Offers that are highlighted."""
REMEMBERED = 8_192
"""Texts whose terms are kept, some two hundred bytes each; the places of terms are kept of an
eighth as many.
"""

_ELIDED = re.compile(r"\b(?:l|m|t|qu|n|s|j|d|c|jusqu|quoiqu|lorsqu|puisqu)['’]", re.IGNORECASE)
_GAP = re.compile(r"[\s'’-]*")
"""What may stand between two matches that are shown as one mark."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Analysed:
    """The tokens of a text, column by column: a tenth of the memory of as many objects."""

    terms: tuple[str, ...]
    starts: "array[int]"
    ends: "array[int]"


@dataclass(frozen=True, slots=True)
class Highlights:
    """A supplier's texts with the words of a search marked.

    `fields`: field → fragments in HTML. `words`: the words of the query met in them themselves, not
    by one that may stand for them, as typed but for an elided article, in its order.
    """

    fields: dict[str, list[str]]
    words: tuple[str, ...]


UNMARKED = Highlights({}, ())


class Highlighter:
    """The highlighter of one analysis. Shared by threads."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

        @lru_cache(REMEMBERED)
        def terms(text: str) -> tuple[str, ...]:
            return tuple(analysis.terms("french", text))

        @lru_cache(REMEMBERED // 8)
        def analysed(text: str) -> Analysed:
            terms, starts, ends, _ = zip(*analysis.tokens("french", text), strict=True)
            return Analysed(terms, array("I", starts), array("I", ends))

        self._terms: Callable[[str], tuple[str, ...]] = terms
        self._analysed: Callable[[str], Analysed] = analysed
        self.seen: Callable[[], CacheInfo] = terms.cache_info

    def suppliers(
        self, publics: Iterable[Mapping[str, Any]], query: TextQuery | None
    ) -> list[Highlights]:
        """The marked fields of each supplier, in the order given; fields without a match are
        absent. `publics`: their public fields.
        """
        if query is None:
            return [UNMARKED for _ in publics]
        wanted = frozenset(one.token for word in query.words for one in word.alternatives)
        bare = {
            word.alternatives[0].token: _ELIDED.sub("", word.text, count=1) for word in query.words
        }
        return [self._supplier(public, wanted, bare) for public in publics]

    def _supplier(
        self, public: Mapping[str, Any], wanted: frozenset[str], bare: Mapping[str, str]
    ) -> Highlights:
        met: set[str] = set()
        offers: list[str] = []
        found = {
            "name": self._marked(public.get("name"), wanted, met),
            "brand": self._marked(public.get("brand"), wanted, met),
            "offers": offers,
            "description": self._marked(public.get("description"), wanted, met, whole=False),
        }
        for offer in public.get("offers") or ():
            if len(offers) >= MAX_OFFERS:
                break
            name, description = offer.get("name"), offer.get("description")
            offers += (
                self._marked(name, wanted, met)
                or self._marked(description, wanted, met, whole=False)[:1]
            )
        if not met:
            return UNMARKED
        words = tuple(dict.fromkeys(shown for token, shown in bare.items() if token in met))
        return Highlights({field: texts for field, texts in found.items() if texts}, words)

    def _marked(
        self, text: str | None, wanted: frozenset[str], met: set[str], *, whole: bool = True
    ) -> list[str]:
        """The text, or extracts of it, with the wanted tokens marked, which are added to `met`;
        nothing without one.
        """
        # Most texts hold none of the words: their terms tell it at a third of the cost of places.
        if not text or wanted.isdisjoint(self._terms(text)):
            return []
        analysed = self._analysed(text)
        spans = []
        for at, term in enumerate(analysed.terms):
            if term in wanted:
                met.add(term)
                start, end = analysed.starts[at], analysed.ends[at]
                # Lucene's offsets span an elided article: "l'entretien" is marked from "entretien".
                article = _ELIDED.match(text, start, end)
                spans.append((article.end() if article and article.end() < end else start, end))
        spans = _joined(text, spans)
        return [marked(text, spans, 0, len(text))] if whole else fragments(text, spans)


def fragments(text: str, spans: Sequence[Span]) -> list[str]:
    """Extracts of the text around its matches: those with most matches, in the order of the text."""
    windows: list[list[Span]] = []
    for span in spans:
        if windows and span[1] - windows[-1][0][0] <= FRAGMENT:
            windows[-1].append(span)
        else:
            windows.append([span])
    best = sorted(
        sorted(range(len(windows)), key=lambda index: (-len(windows[index]), index))[:FRAGMENTS]
    )
    cut: list[tuple[int, int, list[Span]]] = []
    for index in best:
        start, end = _whole_words(text, windows[index])
        if cut and start <= cut[-1][1]:  # two extracts that touch are one
            start, _, before = cut.pop()
            cut.append((start, end, [*before, *windows[index]]))
        else:
            cut.append((start, end, windows[index]))
    return [
        f"{'… ' if start > 0 else ''}{marked(text, held, start, end)}{' …' if end < len(text) else ''}"
        for start, end, held in cut
    ]


def marked(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    """`text[start:end]` as HTML, escaped, with the spans marked."""
    parts: list[str] = []
    for first, last in spans:
        parts += (escape(text[start:first]), "<mark>", escape(text[first:last]), "</mark>")
        start = last
    parts.append(escape(text[start:end]))
    return "".join(parts)


def _whole_words(text: str, spans: Sequence[Span]) -> Span:
    """An extract of about `FRAGMENT` characters that holds the spans and cuts no word."""
    first, last = spans[0][0], spans[-1][1]
    room = max(0, FRAGMENT - (last - first))
    start = max(0, min(first - room // 2, len(text) - FRAGMENT))
    end = min(len(text), max(start + FRAGMENT, last))
    if start > 0:
        space = _space(text, start, first)
        start = first if space is None else space + 1
    if end < len(text):
        space = _space(text, end - 1, last - 1, step=-1)
        end = last if space is None else space
    return start, end


def _space(text: str, start: int, stop: int, step: int = 1) -> int | None:
    return next((index for index in range(start, stop, step) if text[index].isspace()), None)


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Neighbouring matches as one, so that "espaces verts" is one mark."""
    found: list[Span] = []
    for start, end in spans:
        if found and start >= found[-1][1] and _GAP.fullmatch(text, found[-1][1], start):
            found[-1] = (found[-1][0], end)
        elif not found or start >= found[-1][1]:
            found.append((start, end))
    return found
