"""Benchmarks: `scripts/bench` and `scripts/siege`."""
