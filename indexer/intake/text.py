"""Texts as people paste them, made plain. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

# Control and invisible format characters, private use, and surrogates, which no database takes. The joiners U+200C
# and U+200D stay (they are letters' own), line feeds and tabs are seen to apart.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
MAX_MARKS = 30
_MARKS = re.compile(rf"[^\x00-\u02ff]{{{MAX_MARKS + 1}}}")
"""What may be too many combining marks; or a text in another script."""
_BLANKS = re.compile(r"[^\S\n]+")
_EDGES = re.compile(r" ?\n ?")
_LINES = re.compile(r"\n{3,}")
_NOT_IN_URL = re.compile(r'[\s<>"\\^`{|}]')
_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()\"',;:\\]+@(?:[\w-]+\.)+\w{2,}")
_PHONE = re.compile(r"(?:\+|00)?[\d ().\-/]{6,}(?: ?(?:p|poste|ext)\.? ?\d+)?", re.IGNORECASE)


def composed(text: str) -> str:
    """The text in NFC, with at most 30 combining marks on a letter (UAX #15, stream-safe text): to put many in order
    takes the square of their number."""
    if _MARKS.search(text):
        text = "".join(_bearable(text))
    return unicodedata.normalize("NFC", text)


def _bearable(text: str) -> Iterator[str]:
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= MAX_MARKS:
            yield letter


def is_plain(text: str) -> bool:
    """Whether it is one line that nothing here changes, told quickly: most texts are. False may be wrong."""
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    if text.isascii():
        return True
    try:
        text.encode("latin-1")  # whose letters are composed
    except UnicodeEncodeError:
        return False
    return True


def plain_line(text: str) -> str:
    """The text on one line: NFC, no control characters, single spaces."""
    if not text.isprintable():  # which no unwanted character is
        text = _UNWANTED.sub("", text)
    return " ".join(composed(text).split())


def plain_text(text: str) -> str:
    """The text in paragraphs: as `plain_line`, but line feeds stay, two together at most."""
    if text.isprintable():  # one line, without anything to take out
        return plain_line(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _BLANKS.sub(" ", _UNWANTED.sub("", composed(text)))
    return _LINES.sub("\n\n", _EDGES.sub("\n", text)).strip()


def cut(text: str, limit: int) -> str:
    """The first `limit` characters at most, at a word's end where there is one in the last tenth."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    if space >= limit - limit // 10:
        kept = kept[:space]
    return kept.rstrip(" \n,;:.-") + "…"


def website(text: str) -> str | None:
    """A site's address in normal form: scheme and host in lower case, `https://` put before a bare host, no bare
    final slash, no credentials. None when it is no address on the web: `javascript:`, a mail address, a word."""
    text = text.strip().rstrip(".,;")
    if not text or _NOT_IN_URL.search(text):
        return None
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)", text)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return None
    if not scheme:
        text = "https://" + text.lstrip("/")
    text = re.sub(r"^(https?):/*(?:https?:/*)?", r"\1://", text, flags=re.IGNORECASE)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.username is not None or not _HOST.fullmatch(_ascii_host(host)):
        return None
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{path}{query}{fragment}"


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def email(text: str) -> str | None:
    """A mail address of plausible form, in lower case; None otherwise."""
    text = text.strip().removeprefix("mailto:")
    return text.lower() if _EMAIL.fullmatch(text) else None


def phone(text: str) -> str | None:
    """A telephone number of plausible form, at least six digits; ten digits that start with 0 are grouped by two.
    None otherwise."""
    text = " ".join(text.split())
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or len(digits) < 6:
        return None
    if len(digits) == 10 and digits[0] == "0" and not text.startswith("+"):
        return " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    return text
