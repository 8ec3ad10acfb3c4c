"""Template words of participation."""
