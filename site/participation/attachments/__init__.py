"""Files of citizens: what is taken, how it is judged, where it lies (decision 17)."""
