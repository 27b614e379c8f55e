"""Sample suppliers: invented, realistic, the same for the same seed. Commanded by
`tools.commands.generate`.
"""

from tools.sample.supplier import DEFAULT_SEED, generate

__all__ = ["DEFAULT_SEED", "generate"]
