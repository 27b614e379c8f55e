"""Words of searches as the log may keep them: numbers, addresses and telephones of anyone put out
of sight.
"""

import re

_BETWEEN = r"[\s.\-_/·•‐-―−()]{0,3}"
"""What people write between the digits of one number: blanks of all kinds, dots, dashes, slashes,
brackets. No comma: "75, 77, 78" lists departments.
"""
_AT = r"(?:[@＠]|\[at\]|\(at\)|\barobase\b)"
_EMAIL = re.compile(rf"[^\s@＠<>,;]+(?:\s?{_AT}+\s?[^\s@＠<>,;]+)+", re.IGNORECASE)
_NUMBER = re.compile(rf"(?:\+{_BETWEEN})?\d(?:{_BETWEEN}\d){{8,}}")
"""A telephone, a SIREN, a SIRET, an IBAN, or any number as long: a sole trader's tells who it is.
"""


def masked(text: str) -> str:
    """The text with numbers and addresses put out of sight: `contact@x.fr 06 12 34 56 78, 732 829
    320 00074` → `[e-mail] [phone], [number]`.

    Nothing can know that a word is somebody's name: that is why words are kept only where a
    deployer says so.
    """
    return _NUMBER.sub(_kind, _EMAIL.sub("[e-mail]", text))


def _kind(number: re.Match[str]) -> str:
    digits = "".join(filter(str.isdigit, number[0]))
    national = len(digits) == 10 and digits[0] == "0" and digits[1] != "0"
    return "[phone]" if national or number[0].startswith(("+", "00")) else "[number]"
