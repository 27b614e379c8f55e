"""What goes wrong when an analysis block is read."""

from __future__ import annotations

from discovery.errors import DiscoveryError


class AnalysisError(DiscoveryError):
    """A `settings.analysis` block, or a list it names, that this interpreter cannot honour to the letter.

    The message is for the person who edits `mappings/`: where, what, and what to do. It is raised when the
    block is read, never when a text is analysed.
    """
