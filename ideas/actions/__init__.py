"""What is done in the room; see the modules."""
