"""What is done with findings."""
