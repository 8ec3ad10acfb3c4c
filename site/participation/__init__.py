"""What every engagement shares: phases, the register, ballots, receipts, follows."""
