"""Every write about papers and statements goes through here."""
