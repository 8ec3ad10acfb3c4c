"""Forms of the room; see the modules."""
