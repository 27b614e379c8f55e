"""Sample suppliers: invented, realistic, the same for the same seed. `command.generate_command` is the command line."""

from __future__ import annotations

from indexer.generate.supplier import DEFAULT_SEED, generate

__all__ = ["DEFAULT_SEED", "generate"]
