"""Every message to a person: in-app notices and e-mail."""
