"""What analyzers are made of: tokens, the tables of the package, and the fault of settings that make no analysis."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from discovery.errors import DiscoveryError


class AnalysisError(DiscoveryError):
    """A `settings.analysis` block, or a list it names, that this interpreter cannot honour to the letter.

    The message is for the person who edits `mappings/`: where, what, and what to do. It is raised when the
    block is read, never when a text is analysed.
    """


@cache
def table(name: str) -> tuple[str, ...]:
    """The lines of `data/<name>.txt`, comments left out."""
    text = files("discovery.engine.analysis").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("# "))


class Token(NamedTuple):
    """One term of an analysed text.

    `start`, `end`: characters (code points) of the *original* text, before any char filter, end excluded.
    As in Lucene they span the whole surface word: after elision "l'entretien" still spans its eleven.
    `position`: 0 for the first word; a removed stop word leaves a gap, a contraction takes one position.
    """

    term: str
    start: int
    end: int
    position: int
