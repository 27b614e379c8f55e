"""What migrations are made of: columns as the store has them. (Alembic runs `env.py`.)

There is no way down: an older program goes with the store from before its upgrade.
"""

from typing import Any

import sqlalchemy as sa


def code() -> Any:
    """Text that sorts by code point."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
