"""Views of the panel."""
