"""What people and officers see of findings."""
