"""Writing off what has expired, inside books that are open."""

from __future__ import annotations

from accounts.models import Person
from core import clock
from crowdtasks.ledger.actions.books import Books
from crowdtasks.ledger.models import Entry, EntryKind, Leg, PointsAccount
from crowdtasks.ledger.rules import expired_before


def write_off_expired(
    books: Books,
    person: Person,
    *,
    available: PointsAccount,
    expired: PointsAccount,
) -> Entry | None:
    """Move what has expired by now out of the available points; None where nothing has.

    What came in before the limit of time, less all that ever went out, is what is left of it:
    points go out in the order they came (ADR 48).
    """
    went_out = books.credited(available) - books.balance(available)
    due = Leg.objects.credited_before(available.pk, expired_before(clock.now())) - went_out
    if due <= 0:
        return None
    return books.write(
        kind=EntryKind.EXPIRE,
        key=f"expire:{person.public_id}:{books.number(available) + 1}",
        moves=[(available, -due), (expired, due)],
        person=person,
    )
