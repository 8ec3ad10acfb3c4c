"""Tasks: polls and surveys, with the points ledger and the rewards in apps of their own."""
