"""What people write about search: the table of synonyms."""
