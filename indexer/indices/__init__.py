"""Indices: filled, verified, promoted, rolled back, extended, and compared with the store."""
