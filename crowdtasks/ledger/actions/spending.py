"""Spending, and giving back what was spent. Expiry is exact to the instant, its job or not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.persons import lock_person
from core.exceptions import Conflict
from crowdtasks.ledger.actions.books import (
    account_of,
    earlier,
    entry_with,
    open_books,
    open_person,
)
from crowdtasks.ledger.actions.budgets import clean_reason, spend_limit
from crowdtasks.ledger.actions.expiring import write_off_expired
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import AccountKind, Entry, EntryKind
from crowdtasks.ledger.policies import Officer, require_bookkeeper, require_other


@transaction.atomic
def spend(*, person: Person, points: int, key: str) -> Entry:
    """Take points from what the person may spend, the oldest first.

    Points that have expired by now are written off first, whether the job was here or not. Raises
    ``Conflict`` with what there is (``points_short``), or when the account was closed.
    """
    points, person = clean_points(points), lock_person(person)
    if known := earlier(key, EntryKind.SPEND, person=person, points=points):
        return known
    return spend_locked(person=person, points=points, key=key)


def spend_locked(*, person: Person, points: int, key: str) -> Entry:
    """The same under a key that is new, as a part of the caller's transaction, which holds the
    person's lock (``accounts.persons.lock_person``) and ends when this raises."""
    points = clean_points(points)
    kinds = (AccountKind.AVAILABLE, AccountKind.REDEEMED, AccountKind.EXPIRED)
    books, (available, redeemed, expired) = open_person(person, *kinds)
    if person.erased_at is not None:
        raise Conflict(_("This account was closed."), code="erased")
    write_off_expired(books, person, available=available, expired=expired)
    left = books.balance(available)
    if left < points:
        raise Conflict(
            ngettext(
                "You have %(left)s point to spend, and this costs %(points)s.",
                "You have %(left)s points to spend, and this costs %(points)s.",
                left,
            )
            % {"left": f"{left:,}", "points": f"{points:,}"},
            code="points_short",
            data={"available": left, "needed": points},
        )
    return books.write(
        kind=EntryKind.SPEND,
        key=key,
        moves=[(available, -points), (redeemed, points)],
        person=person,
    )


@transaction.atomic
def refund(*, entry_key: str, key: str, by: Officer = "system", reason: str) -> Entry:
    """Give back what was spent, once and all of it; it lasts from this moment.

    After the account was closed it goes where the rest of that account's points went. Raises
    ``Absent``, ``Refused``, ``Conflict`` when it was given back before.
    """
    spent = entry_with(entry_key, EntryKind.SPEND)
    if known := earlier(key, EntryKind.REFUND, reverses_id=spent.pk):
        return known
    if spent.person is None:
        raise TypeError(f"Entry {spent.key} spends for nobody.")
    require_bookkeeper(by)
    spend_limit(by)
    reason = clean_reason(reason)
    person = lock_person(spent.person)
    require_other(by, person)
    redeemed = account_of(AccountKind.REDEEMED, spent.person)
    if person.erased_at is None:
        target = account_of(AccountKind.AVAILABLE, person)
    else:
        target = account_of(AccountKind.FORFEITED)
    books = open_books(redeemed, target)
    if known := earlier(key, EntryKind.REFUND, reverses_id=spent.pk):
        return known
    if Entry.objects.filter(reverses=spent).exists():
        raise Conflict(_("These points were given back before."), code="reversed")
    return books.write(
        kind=EntryKind.REFUND,
        key=key,
        moves=[(redeemed, -spent.points), (target, spent.points)],
        by=by,
        person=person,
        reverses=spent,
        reason=reason,
    )
