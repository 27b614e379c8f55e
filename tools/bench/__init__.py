"""Benchmarks: `scripts/bench` and `scripts/bench siege`."""
