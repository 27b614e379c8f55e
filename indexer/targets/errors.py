"""Why no other index serves than before."""

from __future__ import annotations

from discovery.errors import DiscoveryError


class RebuildRefused(DiscoveryError):
    """Nothing was promoted, and a new index is gone; the message says why. What served still serves."""


class LockHeldError(RebuildRefused):
    """Another process is at work on the indices; the message says who, and since when."""


class LockLostError(RebuildRefused):
    """The lock ran out while its holder was not looking, and is another's by now."""
