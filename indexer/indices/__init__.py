"""Indices: filled, verified, promoted, rolled back, and compared with the store."""
