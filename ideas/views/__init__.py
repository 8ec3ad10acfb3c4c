"""Pages of the room; see the modules."""
