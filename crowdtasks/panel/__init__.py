"""People who volunteered to try new services, and the rounds they are invited to.

Nothing below knows of it: rounds ask through ``crowdtasks.products.audience`` who may try them.
"""
