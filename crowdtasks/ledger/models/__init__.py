"""Accounts, entries with their legs, what is held."""

from crowdtasks.ledger.models.account import AccountKind, PointsAccount
from crowdtasks.ledger.models.entry import Entry, EntryKind, Leg
from crowdtasks.ledger.models.hold import Hold

__all__ = ["AccountKind", "Entry", "EntryKind", "Hold", "Leg", "PointsAccount"]
