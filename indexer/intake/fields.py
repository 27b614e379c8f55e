"""Texts, lists and values of closed lists of a row: cleaned, bounded, every change reported."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from rapidfuzz import fuzz, process

from discovery.mappings.vocabulary import LANGS, Term
from discovery.places import normalise
from indexer.intake import limits, text, values
from indexer.intake.findings import Code, Findings

T = TypeVar("T")

NEAR = 3
NEAR_SCORE = 65.0


class ClosedList:
    """The codes of one list. Case, accents, punctuation and blanks do not matter; a label stands
    for its code.
    """

    def __init__(self, terms: Mapping[str, Term | None]) -> None:
        self._codes: dict[str, str] = {}
        for code, term in terms.items():
            labels = [term.labels.get(lang, "") for lang in LANGS] if isinstance(term, Term) else []
            for name in (code, *labels):
                if name:
                    self._codes.setdefault(normalise(name), code)
        # A code always wins over another's label.
        self._codes |= {normalise(code): code for code in terms}
        self._joined = {
            _joined(name): code for name, code in reversed(self._codes.items())
        }  # the first one wins
        self._exact = frozenset(terms)
        self.near = lru_cache(maxsize=1024)(self._near)

    def __contains__(self, value: str) -> bool:
        """Whether it is a code, letter for letter."""
        return value in self._exact

    def code(self, value: str) -> str | None:
        """The code that a value means, as code or by one of its names; None when it means none."""
        if value in self._exact:
            return value
        name = normalise(value)
        return self._codes.get(name) or self._joined.get(_joined(name))

    def _near(self, value: str) -> tuple[str, ...]:
        """At most three codes whose code or label resembles the value, the nearest first."""
        found = process.extract(
            normalise(value[:100]), list(self._codes), scorer=fuzz.WRatio, limit=12
        )
        codes = dict.fromkeys(self._codes[name] for name, score, _ in found if score >= NEAR_SCORE)
        return tuple(codes)[:NEAR]


def _joined(name: str) -> str:
    return name.replace(" ", "")


def line(raw: Any, name: str, limit: int, found: Findings) -> str:
    """Read a text of one line; a number is taken as its digits. A list or an object is noted in
    `found` as a rejection.
    """
    return _read(raw, name, limit, found, text.plain_line)


def paragraphs(raw: Any, name: str, limit: int, found: Findings) -> str:
    return _read(raw, name, limit, found, text.plain_text)


def block(raw: Any, name: str, found: Findings) -> Mapping[str, Any]:
    """Read an object; nothing given is an empty one."""
    if values.empty(raw):
        return {}
    if isinstance(raw, dict):
        return raw
    found.reject(Code.NOT_A_BLOCK, name, raw)
    return {}


def entries(raw: Any, name: str, limit: int, found: Findings) -> list[Any]:
    """Read a list, cut after `limit`; nothing given is an empty one."""
    if values.empty(raw):
        return []
    if not isinstance(raw, list):
        found.reject(Code.NOT_A_LIST, name, raw)
        return []
    if len(raw) > limit:
        found.warn(Code.LIST_CUT, name, len(raw), limit=str(limit))
    return raw[:limit]


def objects(
    raw: Any, name: str, limit: int, read: Callable[[Any, str], T | None], found: Findings
) -> tuple[T, ...]:
    """Read a list of objects, each once. `read`: of an entry and its dotted name; None is left out."""
    given = enumerate(entries(raw, name, limit, found), 1)
    return tuple(
        dict.fromkeys(one for at, each in given if (one := read(each, f"{name}.{at}")) is not None)
    )


def optional(
    raw: Any, name: str, read: Callable[[Any], T], expected: str, found: Findings
) -> T | None:
    """The value, or None where there is none or it cannot be read: then a warning says what was
    expected.
    """
    if values.empty(raw):
        return None
    try:
        return read(raw)
    except ValueError:
        found.warn(Code.VALUE_IGNORED, name, raw, expected=expected)
        return None


def lines(raw: Any, name: str, most: int, limit: int, found: Findings) -> tuple[str, ...]:
    """Read a list of texts of one line, without empty ones and repetitions."""
    given = entries(raw, name, most, found)
    return tuple(dict.fromkeys(each for one in given if (each := line(one, name, limit, found))))


def codes(raw: Any, name: str, known: ClosedList, found: Findings) -> tuple[str, ...]:
    """Read a list of values of a closed list, each once; an unknown one is noted in `found` as a
    rejection, with near ones.
    """
    given = entries(raw, name, limits.CODES, found)
    return tuple(dict.fromkeys(each for one in given if (each := code(one, name, known, found))))


def code(raw: Any, name: str, known: ClosedList, found: Findings) -> str | None:
    """Read one value of a closed list; None when there is none, or when it is rejected."""
    if isinstance(raw, str) and raw in known:
        return raw
    given = line(raw, name, limits.NAME, found)
    value = known.code(given) if given else None
    if given and value is None:
        found.reject(Code.UNKNOWN_VALUE, name, given, near=", ".join(known.near(given)))
    return value


def _read(raw: Any, name: str, limit: int, found: Findings, plain: Callable[[str], str]) -> str:
    """The text, cleaned and bounded; cut before anything costs time in it where no mark-up explains
    its length.
    """
    given = raw if type(raw) is str else _given(raw, name, found)
    if not given:
        return ""
    if len(given) <= limit and "<" not in given and "&" not in given and text.is_plain(given):
        return given
    most = limits.MARKUP * limit
    bare = plain(_unmarked(given[:most], name, found))
    if len(given) <= most and len(bare) <= limit:
        return bare
    found.warn(Code.TEXT_CUT, name, bare, limit=str(limit))
    return text.cut(bare, limit)


def _given(raw: Any, name: str, found: Findings) -> str:
    if raw is None:
        return ""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    found.reject(Code.NOT_A_TEXT, name, raw)
    return ""


def _unmarked(given: str, name: str, found: Findings) -> str:
    if "<" not in given and "&" not in given:
        return given
    bare = text.without_html(given)
    if bare != given:
        found.warn(Code.HTML_REMOVED, name)
    return bare
