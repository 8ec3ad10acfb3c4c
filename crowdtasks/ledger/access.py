"""Every fetch of the books at an edge; hidden and absent look the same."""

from __future__ import annotations

from accounts.models import Account
from core.exceptions import Absent
from core.ids import is_public_id
from crowdtasks.ledger.models import Entry, Proposal
from crowdtasks.ledger.naming import with_names
from crowdtasks.ledger.policies import can_keep_books


def access_proposal(public_id: str, *, by: Account | None) -> Proposal:
    """A proposal for an administrator. Raises ``Absent``."""
    if not is_public_id(public_id) or not can_keep_books(by):
        raise Absent
    row = Proposal.objects.filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def access_entry(public_id: str, *, by: Account | None) -> Entry:
    """One entry for an administrator. Raises ``Absent``."""
    if not is_public_id(public_id) or not can_keep_books(by):
        raise Absent
    rows = with_names(
        Entry.objects.select_related(
            "bureau", "engagement__owner", "person", "by", "second", "reverses", "reversed_by"
        )
    )
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def find_entry(key: str, *, by: Account | None) -> Entry | None:
    """The entry with this key or number, for an administrator; None where there is none."""
    if not can_keep_books(by) or not key or not key.isprintable():
        return None
    return Entry.objects.filter(key=key).first() or Entry.objects.filter(public_id=key).first()
