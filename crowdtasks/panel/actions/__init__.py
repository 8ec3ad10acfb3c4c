"""Actions of the panel."""
