"""A supplier as a search document: pure functions."""
