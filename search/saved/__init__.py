"""Searches that people keep, and being told of what is new for them (docs/adr/0065)."""
