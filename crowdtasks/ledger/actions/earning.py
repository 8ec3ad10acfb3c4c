"""Earning: from the escrow to a person, held for a time or a review, released or taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.persons import lock_person
from core import clock
from core.exceptions import Conflict
from crowdtasks.ledger.actions.books import (
    Books,
    account_of,
    earlier,
    entry_with,
    open_books,
    open_person,
)
from crowdtasks.ledger.actions.budgets import clean_reason, spend_limit
from crowdtasks.ledger.actions.signing import second_name
from crowdtasks.ledger.actions.telling import tell_of_correction
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import AccountKind, Entry, EntryKind, Hold, PointsAccount, Proposal
from crowdtasks.ledger.policies import Officer, require_other, require_settler
from crowdtasks.ledger.rules import person_limit
from participation.models import Engagement


@transaction.atomic
def earn(
    *,
    engagement: Engagement,
    person: Person,
    points: int,
    key: str,
    hold_until: dt.datetime | None = None,
    review: bool = False,
) -> Entry:
    """Give a reward from the engagement's escrow.

    It is the person's to spend at once, or held: until ``hold_until``, until a review releases it.
    Points are for completing; nothing about an answer reaches this function. Raises ``Conflict``
    when the escrow lacks (``escrow_short``) or the account was closed (``erased``).
    """
    points = clean_points(points)
    same: dict[str, Any] = {"engagement_id": engagement.pk, "points": points}
    if known := earlier(key, EntryKind.EARN, person=person, **same):
        return known
    person = lock_person(person)
    if known := earlier(key, EntryKind.EARN, person=person, **same):
        return known
    if person.erased_at is not None:
        raise Conflict(_("This account was closed."), code="erased")
    held = review or (hold_until is not None and hold_until > clock.now())
    kind = AccountKind.PENDING if held else AccountKind.AVAILABLE
    escrow = account_of(AccountKind.ESCROW, engagement)
    books, (target,) = open_person(person, kind)
    # Everybody who earns by the same engagement waits here, so all that can come before it has.
    books.join(escrow)
    if books.balance(escrow) < points:
        raise Conflict(_("All points set aside for this have been given."), code="escrow_short")
    entry = books.write(
        kind=EntryKind.EARN,
        key=key,
        moves=[(escrow, -points), (target, points)],
        person=person,
        engagement=engagement,
    )
    if held:
        Hold.objects.create(
            entry=entry, account=target, points=points, until=hold_until, review=review
        )
    return entry


@transaction.atomic
def release(*, entry_key: str, key: str, by: Officer = "system") -> Entry:
    """Make held points the person's to spend; they last from this moment.

    Raises ``Absent`` for a key that earned nothing, ``Conflict`` where they are held no more,
    ``Refused`` for who may not, and for one's own.
    """
    earned = entry_with(entry_key, EntryKind.EARN)
    person, engagement = _of(earned)
    if known := earlier(key, EntryKind.RELEASE, person=person, points=earned.points):
        return known
    require_settler(by, engagement)
    spend_limit(by)
    person = lock_person(person)
    require_other(by, person)
    pending = account_of(AccountKind.PENDING, person)
    available = account_of(AccountKind.AVAILABLE, person)
    books = open_books(pending, available)
    if known := earlier(key, EntryKind.RELEASE, person=person, points=earned.points):
        return known
    if not Hold.objects.filter(pk=earned.pk).delete()[0]:
        raise Conflict(_("These points are not held any more."), code="not_held")
    return books.write(
        kind=EntryKind.RELEASE,
        key=key,
        moves=[(pending, -earned.points), (available, earned.points)],
        by=by,
        person=person,
        engagement=engagement,
    )


@transaction.atomic
def take_back(
    *,
    entry_key: str,
    key: str,
    by: Officer,
    reason: str,
    proposal: Proposal | None = None,
) -> Entry:
    """Reverse a reward, held or not: back to the escrow, after the close to the budget.

    Above ``rules.person_limit`` by a ``proposal`` that a second administrator agreed to. Its holder
    is told where an officer did it by name. Raises ``Absent``, ``Refused``, ``Invalid``, and
    ``Conflict`` when it was taken back before or when fewer points are left than were given
    (``spent``): the rest is a matter of people, not of a ledger.
    """
    earned = entry_with(entry_key, EntryKind.EARN)
    if known := earlier(key, EntryKind.TAKE_BACK, reverses_id=earned.pk):
        return known
    person, engagement = _of(earned)
    require_settler(by, engagement)
    spend_limit(by)
    reason = clean_reason(reason)
    person = lock_person(person)
    require_other(by, person)
    pending = account_of(AccountKind.PENDING, person)
    available = account_of(AccountKind.AVAILABLE, person)
    escrow = account_of(AccountKind.ESCROW, engagement)
    budget = account_of(AccountKind.BUDGET, engagement.owner)
    books = open_books(pending, available, escrow, budget)
    if known := earlier(key, EntryKind.TAKE_BACK, reverses_id=earned.pk):
        return known
    if Entry.objects.filter(reverses=earned).exists():
        raise Conflict(_("These points were taken back before."), code="reversed")
    second = second_name(
        proposal,
        by=by,
        kind=EntryKind.TAKE_BACK,
        points=earned.points,
        within=[(person_limit(), 0)],
        target_id=earned.pk,
    )
    held = bool(Hold.objects.filter(pk=earned.pk).delete()[0])
    origin = pending if held else available
    require_left(books, origin, earned.points)
    closed = books.row(escrow).closed_at is not None
    entry = books.write(
        kind=EntryKind.TAKE_BACK,
        key=key,
        moves=[(origin, -earned.points), (budget if closed else escrow, earned.points)],
        by=by,
        second=second,
        person=person,
        engagement=engagement,
        bureau=engagement.owner if closed else None,
        reverses=earned,
        reason=reason,
    )
    tell_of_correction(entry, added=False)
    return entry


def require_left(books: Books, origin: PointsAccount, points: int) -> None:
    """Raise ``Conflict`` where a person has fewer points left than are to be taken."""
    left = books.balance(origin)
    if left < points:
        raise Conflict(
            ngettext(
                "Only %(left)s point is left: the others were spent or have expired.",
                "Only %(left)s points are left: the others were spent or have expired.",
                left,
            )
            % {"left": left},
            code="spent",
            data={"left": left},
        )


def _of(earned: Entry) -> tuple[Person, Engagement]:
    """Whose reward it was, and of what. Every entry that earns names both."""
    person, engagement = earned.person, earned.engagement
    if person is None or engagement is None:
        raise TypeError(f"Entry {earned.key} earns for nobody.")
    return person, engagement
