"""The room's part of the demonstration: what went wrong with a build, and what became of it."""
