"""Stub, the signatures others program against; the interpreter itself follows within the hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.engine.analysis.token import Token


class Analysis:
    """The analyzers of one index, ready to run."""

    @classmethod
    def from_settings(cls, analysis: Mapping[str, Any]) -> Analysis:
        raise NotImplementedError

    @property
    def analyzers(self) -> tuple[str, ...]:
        """The names that `terms` and `tokens` take."""
        raise NotImplementedError

    def tokens(self, analyzer: str, text: str) -> list[Token]:
        raise NotImplementedError

    def terms(self, analyzer: str, text: str) -> list[str]:
        raise NotImplementedError
