"""Rows for tests, made the way the product makes them where an action exists."""
