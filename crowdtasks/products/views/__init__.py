"""What people and officers see of products and rounds."""
