"""What people and officers see of tasks."""
