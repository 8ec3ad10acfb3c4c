"""Benchmarks: ratios measured within one run. Nothing here is a test; see docs/benchmarks.md."""
