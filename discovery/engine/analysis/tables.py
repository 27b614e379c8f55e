"""Facts about characters and words, shipped as text files made from Lucene's own classes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[str, ...]:
    """The lines of `data/<name>.txt`, comments left out."""
    text = files("discovery.engine.analysis").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("# "))
