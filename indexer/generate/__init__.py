"""Sample suppliers: invented, realistic, the same for the same seed. Commanded by `indexer.commands.generate`."""

from __future__ import annotations

from indexer.generate.supplier import DEFAULT_SEED, generate

__all__ = ["DEFAULT_SEED", "generate"]
