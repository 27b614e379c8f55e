"""The reference of settings, as a page in Markdown: made from the settings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

from discovery.config.secrets import FILE_SUFFIX, HOLDING, OPAQUE
from discovery.config.settings import Settings, variable_of

_HEAD = f"""\
# Settings

Made by `discovery config reference` from `discovery/config/settings.py`; a test holds it to that. All come from the
environment, and each has a default that works on a laptop; empty is not set. `discovery config check` says what each
resolves to and what is wrong with it; nothing starts on a value that can't be read. A variable with a 🔑 may stand in
a file instead, named by the variable with `{FILE_SUFFIX}` behind it.

| variable | default | what it is |
|---|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    return _HEAD + "".join(f"{line}\n" for line in _rows())


def _rows() -> Iterator[str]:
    for item in fields(Settings):
        assert item.default is not MISSING
        secret = " 🔑" if item.name in OPAQUE | HOLDING else ""
        about = str(item.metadata["about"]).replace("|", "\\|")
        yield f"| `{variable_of(item.name)}`{secret} | {_shown(item.default)} | {about} |"


def _shown(default: Any) -> str:
    if default in (None, "", ()):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{', '.join(default) if isinstance(default, tuple) else default}`"
