"""Wording of public contracts: "marché réservé", "article L2113-12", "clause d'insertion 5 %"."""

from __future__ import annotations

import re

from discovery.intent.model import Option
from discovery.intent.parse_state import ParseState

_CODE = re.compile(r"([LRD])\.?[ \u00a0\u202f]?\*?(\d{3,4}(?:-\d{1,3}){1,3})(?![\d-])", re.IGNORECASE)
_SHARE = re.compile(r"[\s:àa(]{0,4}\d{1,3}(?:[.,]\d)?\s?%")


def claim_wording(reading: ParseState) -> None:
    index = 0
    while index < len(reading.tokens):
        size = 0 if index in reading.denied else reading.phrase_at(index, reading.grammar.legal.phrases)
        if size:
            last = index + size - 1
            share = _SHARE.match(reading.q, reading.tokens[last].end)
            end = share.end() if share else None
            while share and last + 1 < len(reading.tokens) and reading.tokens[last + 1].start < share.end():
                last += 1
            if reading.free_run(index, last):
                reading.ignore("legal", "wording", index, last, end)
        index += size or 1


def claim_articles(reading: ParseState) -> None:
    """Articles of the code; those that reserve contracts offer the kinds they name."""
    if not any(token.number for token in reading.tokens):
        return
    legal = reading.grammar.legal
    starts = {token.start: index for index, token in enumerate(reading.tokens)}
    ends = {token.end: index for index, token in enumerate(reading.tokens)}
    for match in _CODE.finditer(reading.q):
        first, last = starts.get(match.start()), ends.get(match.end())
        if first is None or last is None or not reading.free_run(first, last):
            continue
        code = f"{match[1]}{match[2]}".lower()
        led = first - 1
        if reading.free(led) and reading.fold(led) in legal.article_words:
            first = led
        draft = reading.ignore("legal", code.upper(), first, last)
        draft.alternatives = tuple(
            Option(entry.value, entry.term.label(reading.lang))
            for kind in legal.articles.get(code, ())
            for entry in reading.lexicon.codes.get(kind.lower(), ())
        )
