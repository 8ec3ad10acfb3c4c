"""Bringing whole conversations in from elsewhere."""
