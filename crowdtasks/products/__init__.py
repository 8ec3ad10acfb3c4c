"""Products of bureaux, their builds, and the rounds in which people try them."""
