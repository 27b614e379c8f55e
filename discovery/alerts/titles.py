"""What is followed, as mails say it: to somebody who may not have asked. Pure."""

from __future__ import annotations

import re

MAX_TITLE = 120
"""Characters."""
_CALLING = re.compile(r"\S*(?:://|www\.|\w\.\w|@|＠)\S*", re.IGNORECASE)
"""What a mail program would make a link of."""


def safe(title: str) -> str:
    """A title made harmless: on one line, short, without addresses: nobody advertises by having us write to others."""
    plain = " ".join(_CALLING.sub(" ", "".join(one if one.isprintable() else " " for one in title)).split())
    return plain if len(plain) <= MAX_TITLE else f"{plain[: MAX_TITLE - 1].rstrip()}…"
