"""What is told and not searched: sizes, dates, prices, legal wording ("article L2113-12"), greetings and thanks, words
for a supplier or for what it sends ("société", "devis").

Claimed in the order in which each tells itself.
"""

from __future__ import annotations

import re

from discovery.intent.amounts import starts_amount
from discovery.intent.dates import claim_dates, claim_frequencies
from discovery.intent.lexer import Gap
from discovery.intent.model import Option
from discovery.intent.parse_state import ParseState
from discovery.intent.references import claim_references
from discovery.intent.sizes import claim_sizes

_CODE = re.compile(r"([LRD])\.?[ \u00a0\u202f]?\*?(\d{3,4}(?:-\d{1,3}){1,3})(?![\d-])", re.IGNORECASE)
_SHARE = re.compile(r"[\s:àa(]{0,4}\d{1,3}(?:[.,]\d)?\s?%")


def claim_wording(reading: ParseState) -> None:
    """Claim the phrases of public contracts, with the share that follows one (“clause d'insertion 5 %”)."""
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
    """Claim articles of the public procurement code; those that reserve contracts offer the kinds they name."""
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
            Option(entry.value, reading.lexicon.term(entry).label(reading.lang))
            for kind in legal.articles.get(code, ())
            for entry in reading.lexicon.codes.get(kind.lower(), ())
        )


_BEFORE = 3  # words of a name that may precede its number


def claim_ignored(reading: ParseState) -> None:
    """Claim, as ignored pieces, all that is shown to the user but never searched (sizes, dates, prices, legal
    wording…). Call before places and trades are claimed."""
    claim_articles(reading)
    guarded = _guarded(reading)
    claim_references(reading, guarded)
    claim_wording(reading)
    claim_sizes(reading, guarded)
    claim_frequencies(reading, guarded)
    claim_dates(reading, guarded)
    claim_cheap(reading)


def claim_cheap(reading: ParseState) -> None:
    """Claim budgets without an amount: "pas cher"."""
    phrases = reading.grammar.budgets.phrases
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, phrases)
        if size:
            reading.ignore("budget", "budget", index, index + size - 1)
        index += size or 1


def _guarded(reading: ParseState) -> frozenset[int]:
    """Tokens of names that hold a number: "4e gamme", "5 flux", "ISO 9001" keep theirs."""
    free = reading.free_tokens()
    found: set[int] = set()
    for number in range(len(reading.tokens)):
        if not (free[number] and starts_amount(reading, number)):
            continue
        for first in range(max(0, number - _BEFORE), number + 1):
            for name in (
                reading.lexicon.sector(reading.tokens, first, free),
                reading.lexicon.thing(reading.tokens, first, free),
            ):
                if name is not None and name.last >= number and name.last > first:
                    found.update(range(first, name.last + 1))
    return frozenset(found)


def claim_greeting(reading: ParseState, index: int) -> int:
    """Claim the greetings that start at a token. Returns the index of the token after them."""
    while size := reading.phrase_at(index, reading.grammar.courtesy.opening):
        reading.ignore("courtesy", "greeting", index, index + size - 1)
        index += size
    return index


def claim_thanks(reading: ParseState) -> None:
    """Claim what thanks or signs, at the end or as a part of the phrase by itself; see where a signature begins."""
    closing = reading.grammar.courtesy.closing
    end = len(reading.tokens)
    signing = reading.grammar.courtesy.signing
    for first in range(1, end):
        size = reading.phrase_at(first, signing)
        if size and reading.gap(first) >= Gap.COMMA and (reading.gap(first + size) >= Gap.COMMA):
            reading.ignore("courtesy", "thanks", first, first + size - 1)
            reading.signature = first + size
            break
    for first in range(end - 1, -1, -1):
        size = reading.phrase_at(first, closing)
        after = first + size
        if size and (after == end or (reading.gap(first) >= Gap.SLASH and reading.gap(after) >= Gap.SLASH)):
            reading.ignore("courtesy", "thanks", first, after - 1)
            end = first if after == end else end


_BEFORE_SUPPLIER = 3  # words of a name that may precede it


def claim_supplier_words(reading: ParseState) -> None:
    """Claim words for any supplier ("société", "prestataire") as ignored. Call once kinds are claimed: an
    "entreprise adaptée" is one."""
    free: list[bool] = []
    index = 0
    while index < len(reading.tokens):
        size = 0 if index in reading.denied else reading.phrase_at(index, reading.grammar.suppliers.words)
        if size:
            free = free or reading.free_tokens()
            if not _belongs(reading, index, size, free):
                reading.ignore("supplier_word", "supplier", index, index + size - 1)
        index += size or 1


def _belongs(reading: ParseState, first: int, size: int, free: list[bool]) -> bool:
    """Whether the word is a part of something else: "restaurant d'entreprise", "structure métallique"."""
    before = first - 1
    if reading.free(before) and reading.tied(first) and reading.fold(before) in reading.grammar.suppliers.after:
        return True
    names = (
        reading.lexicon.sector(reading.tokens, start, free) for start in range(max(0, first - _BEFORE_SUPPLIER), first)
    )
    if any(name is not None and name.last >= first for name in names):
        return True
    own = reading.lexicon.sector(reading.tokens, first, free)
    if own is None or own.last < first + size:
        return False
    return not any(
        (rest := reading.lexicon.sector(reading.tokens, start, free)) is not None and rest.last >= own.last
        for start in range(first + size, own.last + 1)
    )
