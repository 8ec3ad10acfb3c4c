"""Pages of taking part: each act at a small uncached address of its own (decision 8)."""
