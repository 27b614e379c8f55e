"""Store and index compared, whole: what is missing, stale, altered, or a ghost."""
