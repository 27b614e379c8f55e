"""Texts as people paste them, made plain: blanks, marks, HTML, names in capitals. Pure functions.

Names written all in capitals, as the registers write them, in a form that reads well.

`ASSOC DU CTRE DE BEAUMOTTE` → `Assoc du Ctre de Beaumotte`; `ESAT LES GENETS D OR` → `ESAT Les
Genets d'Or`. What stays in capitals: acronyms that the vocabulary knows, those of the sector's
federations, words without a vowel, words with a digit, Roman numerals, and words of two or three
letters that are not ordinary ones. Nothing is spelt out and no accent is guessed: the words stay
those of the register.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from discovery.mappings import yamlfile
from discovery.mappings.vocabulary import Vocabulary

_MARK = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]{0,19})(?:[\s/][^<>]*)?>")
"""Where a comment begins, and tags."""
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});")
_HIDDEN = frozenset({"script", "style"})
"""Elements whose content is not for people."""
_BREAKS = frozenset({"/p", "/div", "/li", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "br", "/br"})


def without_html(text: str) -> str:
    """The text between the tags; entities become their characters. "a < b" and "<3" are no tags and
    stay.
    """
    if "<" in text:
        text = "".join(_between(text))
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _between(text: str) -> Iterator[str]:
    """The parts that stay. What is opened and never closed opens nothing, and is not looked for
    again.
    """
    marks = [
        (match, match[1] + match[2].lower() if match[2] else "") for match in _MARK.finditer(text)
    ]
    last = {tag: match.start() for match, tag in marks}
    last_comment = text.rfind("-->")
    done, until = 0, ""
    for match, tag in marks:
        if until and tag != until:
            continue
        if until:
            until, done = "", match.end()
        elif match.start() >= done and (tag or match.end() <= last_comment):
            yield text[done : match.start()]
            if tag in _BREAKS:
                yield "\n"
            done = match.end() if tag else text.find("-->", match.end()) + 3
            if tag in _HIDDEN and last.get(f"/{tag}", -1) > match.start():
                until = f"/{tag}"
    yield text[done:]


# Control and invisible format characters, private use, and surrogates, which no database takes. The
# joiners U+200C and U+200D stay (they are letters' own), line feeds and tabs are seen to apart.
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
    """The text in NFC, with at most 30 combining marks on a letter (UAX #15, stream-safe text): to
    put many in order takes the square of their number.
    """
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
    """Whether it is one line that nothing here changes, told quickly: most texts are. False may be
    wrong.
    """
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
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
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
    """A site's address in normal form: scheme and host in lower case, `https://` put before a bare
    host, no bare final slash, no credentials. None when it is no address on the web: `javascript:`,
    a mail address, a word.
    """
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
    """A telephone number of plausible form, at least six digits; ten digits that start with 0 are
    grouped by two.
    """
    text = " ".join(text.split())
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or len(digits) < 6:
        return None
    if len(digits) == 10 and digits[0] == "0" and not text.startswith("+"):
        return " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    return text


_WORDS = {
    name: frozenset(words.split())
    for name, words in yamlfile.table(Path(__file__).parent / "capitals.yaml").items()
}
_SMALL, _LINKS, _SECTOR = _WORDS["small"], _WORDS["links"], _WORDS["sector"]
_ORDINARY = _SMALL | _WORDS["ordinary"]
_ROMAN = re.compile(r"(?:X{0,3})(?:IX|IV|V?I{1,3}|V)")
_VOWEL = re.compile(r"[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ]")
_WORD = re.compile(r"[^\W_]+")
_LONE_ELISION = re.compile(r"(?<![\w.'’])([DL]) (?=[AEIOUYHÀÂÉÈÊÎÔÛ]\w)")
_ALONE = re.compile(r"(?<![^\s])[^\W\d_](?![^\s])")


def in_capitals(name: str) -> bool:
    """Whether a whole name shouts. One word of four letters or fewer is an acronym and does not."""
    return name.isupper() and (len(name) > 4 or " " in name)


class Readable:
    """Rewrites names in capitals.

    `__call__` gives the readable form of a name in capitals, and any other name as it is. Pure.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._acronyms = (
            _SECTOR | set(vocabulary.kinds) | set(vocabulary.hidden_kinds) | _acronyms(vocabulary)
        )
        # After these a name begins: its first word takes a capital, were it an article.
        self._openings = self._acronyms | {"ASSOC", "ASS", "ASSOCIATION"}

    def __call__(self, name: str) -> str:
        if not in_capitals(name):
            return name
        name = _LONE_ELISION.sub(r"\1'", name)
        singles = len(_ALONE.findall(name))
        words = list(_WORD.finditer(name))
        parts: list[str] = []
        end = 0
        for at, match in enumerate(words):
            parts.append(name[end : match.start()])
            end = match.end()
            opening = at == 0 or words[at - 1][0] in self._openings
            elided = name[end : end + 1] in {"'", "’"}
            parts.append(
                self._word(
                    match[0], first=at == 0, opening=opening, spelled=singles > 1, elided=elided
                )
            )
        return "".join(parts) + name[end:]

    def _word(self, word: str, *, first: bool, opening: bool, spelled: bool, elided: bool) -> str:
        lower = word.lower()
        if len(word) == 1 and not elided:
            # "S A S" is an acronym spelt out; "BALUCHON A TABLE" has the preposition.
            return word if spelled or first or word not in {"A", "À"} else "à"
        if lower in _SMALL:
            return word.capitalize() if first or (opening and lower not in _LINKS) else lower
        return word if self._is_acronym(word) else word.capitalize()

    def _is_acronym(self, word: str) -> bool:
        if word in self._acronyms or not word.isalpha():
            return True
        if word.lower() in _ORDINARY:
            return False
        return len(word) <= 3 or not _VOWEL.search(word) or _ROMAN.fullmatch(word) is not None


def _acronyms(vocabulary: Vocabulary) -> set[str]:
    """The words in capitals among the names of kinds, families, networks, certifications and legal
    forms.
    """
    lists = (
        vocabulary.families,
        vocabulary.networks,
        vocabulary.certifications,
        vocabulary.legal_forms,
    )
    names: Iterable[str] = (
        name for terms in lists for term in terms.values() for name in term.names()
    )
    words = {word for name in names for word in _WORD.findall(name)}
    return {word for word in words if len(word) > 1 and word.isupper() and word.isalpha()}
