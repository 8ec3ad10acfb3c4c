"""Findings: what people report of a build, from the first word to the build that mends it."""
