"""Pages about people: signing in, the own account, and administrators' page."""
