"""Polls, beta rounds and incentive points. Empty until that issue builds it."""
