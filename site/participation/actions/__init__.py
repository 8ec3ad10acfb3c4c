"""Every write about engagements, the register, ballots, receipts and follows goes through here."""
