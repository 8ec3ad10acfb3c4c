"""Pages of points: a person's own, and the administrators' books."""
