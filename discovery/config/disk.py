"""What a disk refuses, in the system's words and SQLite's, and what to do about it."""

from __future__ import annotations

FULL = ("no space left", "disk is full", "quota exceeded")
CLOSED = ("read-only file system", "permission denied", "readonly database", "unable to open database file")
FAULTY = ("disk i/o error", "input/output error")


def remedy(said: str) -> str:
    """What to do about a refusal that is known; "" about others."""
    words = said.lower()
    if any(one in words for one in FULL):
        return "the disk is full: free some space, then start this again; what was written stays"
    if any(one in words for one in FAULTY):
        return "the disk is full or failing: see its free space and the system's log"
    if any(one in words for one in CLOSED):
        return "this user may not write there: take the right to, or name another folder in DISCOVERY_HOME"
    return ""
