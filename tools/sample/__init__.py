"""Sample suppliers: invented, realistic, the same for the same seed. Commanded by `tools.commands.generate`."""

from __future__ import annotations

from tools.sample.supplier import DEFAULT_SEED, generate

__all__ = ["DEFAULT_SEED", "generate"]
