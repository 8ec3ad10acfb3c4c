"""Bringing ideas and their discussion in from elsewhere; the folder's format is in docs/."""
