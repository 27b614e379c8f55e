"""How many examples a property test draws: all of them with `./scripts/test --all`, an eighth in
the short run.
"""

import os

from hypothesis import settings

WHOLE = os.environ.get("TEST_EXAMPLES") == "whole"


def some(most: int) -> int:
    """`most` in the whole run, an eighth of it (5 at least) in the short one."""
    return most if WHOLE else min(most, max(5, most // 8))


settings.register_profile("discovery", max_examples=some(100), deadline=None)
settings.load_profile("discovery")
