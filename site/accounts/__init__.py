"""People: persons and accounts, sign-in, roles, bureaux and their officers."""
