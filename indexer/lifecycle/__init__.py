"""The life of an index: rebuilt, verified, promoted, rolled back, extended."""
