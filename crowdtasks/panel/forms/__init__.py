"""Forms of the panel."""
