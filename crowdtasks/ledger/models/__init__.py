"""Accounts, entries with their legs, what is held, what waits for a second administrator."""

from crowdtasks.ledger.models.account import AccountKind, PointsAccount
from crowdtasks.ledger.models.entry import Entry, EntryKind, Leg
from crowdtasks.ledger.models.hold import Hold
from crowdtasks.ledger.models.proposal import Proposal, ProposalKind, Verdict

__all__ = [
    "AccountKind",
    "Entry",
    "EntryKind",
    "Hold",
    "Leg",
    "PointsAccount",
    "Proposal",
    "ProposalKind",
    "Verdict",
]
