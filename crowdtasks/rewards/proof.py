"""The nightly proof that points and things tell the same story: ``verify_audit`` runs it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from core import audit
from crowdtasks.ledger.models import Entry, EntryKind
from crowdtasks.rewards.models import Redemption, Unit


def faults() -> Iterator[str]:
    """One sentence for each redemption, entry or unit that has no counterpart. No code in it."""
    spent = Entry.objects.filter(
        key=OuterRef("entry_key"), kind=EntryKind.SPEND, points=OuterRef("points")
    )
    returned = Entry.objects.filter(key=OuterRef("refund_key"), kind=EntryKind.REFUND)
    rows = Redemption.objects.annotate(is_spent=Exists(spent), is_returned=Exists(returned))
    for row in rows.filter(Q(is_spent=False) | (~Q(refund_key="") & Q(is_returned=False))):
        what = "return" if row.is_spent else "spending"
        yield f"Redemption {row.public_id}: the ledger has no such {what} of points."
    known = Redemption.objects.filter(entry_key=OuterRef("key"))
    lost = Entry.objects.filter(kind=EntryKind.SPEND, key__startswith="reward:")
    for entry in lost.filter(~Exists(known)):
        yield f"Entry {entry.public_id}: points were spent and nothing was given."
    odd = Unit.objects.filter(
        Q(taken_at__isnull=False, redemption__isnull=True)
        | Q(taken_at__isnull=True, redemption__isnull=False)
        | (Q(redemption__isnull=False) & ~Q(redemption__reward=F("reward")))
    )
    for unit in odd.select_related("redemption"):
        given = getattr(unit, "redemption", None)
        if given is None:
            yield f"Unit {unit.pk}: taken out of stock by no redemption."
            continue
        if unit.taken_at is None:
            yield f"Redemption {given.public_id}: its unit is still in stock."
        if given.reward_id != unit.reward_id:
            yield f"Redemption {given.public_id}: its unit is of another reward."


def register() -> None:
    """Called from ``ready()``."""
    audit.register_check("rewards", faults)
