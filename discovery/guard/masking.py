"""Words of searches as the log may keep them: numbers, addresses and telephones of anyone put out of sight."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ .\-()]*\d){8,13}(?!\d)|(?<!\d)0[1-9](?:[ .\-]?\d{2}){4}(?!\d)")
_COMPANY = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){8,}(?!\d)")
"""A SIREN, a SIRET, or any number as long: a sole trader's tells who it is."""


def masked(text: str) -> str:
    """`contact@x.fr 06 12 34 56 78 732 829 320 00074` → `[e-mail] [phone] [number]`; the rest as typed.

    Nothing can know that a word is somebody's name: that is why words are kept only where a deployer says so.
    """
    for pattern, shown in ((_EMAIL, "[e-mail]"), (_PHONE, "[phone]"), (_COMPANY, "[number]")):
        text = pattern.sub(shown, text)
    return text
