"""The text of files that papers offer to read."""
