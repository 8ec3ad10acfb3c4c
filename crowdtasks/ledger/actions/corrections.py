"""Corrections: an administrator adds points, takes points, or reverses an entry, with a reason.

Nothing is changed: each correction is an entry with its officer's name, above the limit with two
(``actions.proposals``). Nobody corrects points of their own. The holder is told.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau, Person
from accounts.persons import lock_person
from core.exceptions import Absent, Conflict, Invalid, Refused
from core.texts import pick
from crowdtasks.ledger.actions.books import (
    Books,
    Move,
    account_of,
    earlier,
    open_books,
)
from crowdtasks.ledger.actions.budgets import clean_reason, spend_limit
from crowdtasks.ledger.actions.earning import require_left
from crowdtasks.ledger.actions.expiring import write_off_expired
from crowdtasks.ledger.actions.signing import bounds, second_name
from crowdtasks.ledger.actions.telling import tell_of_correction
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import AccountKind, Entry, EntryKind, PointsAccount, Proposal
from crowdtasks.ledger.policies import require_administrator, require_other
from crowdtasks.ledger.rules import limit_of_reversal

#: What a reversal takes back. A reward is taken back by ``take_back``; what was spent is given
#: back with the thing it was spent on.
REVERSIBLE = (EntryKind.GRANT, EntryKind.AWARD, EntryKind.DEDUCT)


@transaction.atomic
def award(
    *,
    person: Person,
    bureau: Bureau,
    points: object,
    by: Account,
    reason: str,
    key: str,
    proposal: Proposal | None = None,
) -> Entry:
    """Add points to what a person may spend, out of a bureau's budget.

    Above ``signing.bounds``, counted over a month, by a ``proposal`` that was agreed to. Raises
    ``Refused``, ``Invalid`` with its field, ``Conflict``, ``TooMany``.
    """
    amount = clean_points(points)
    same: dict[str, Any] = {"points": amount, "bureau_id": bureau.pk}
    if known := earlier(key, EntryKind.AWARD, person=person, **same):
        return known
    person, reason = _begin(person, by, reason)
    budget = account_of(AccountKind.BUDGET, bureau)
    available = account_of(AccountKind.AVAILABLE, person)
    books = open_books(budget, available)
    if known := earlier(key, EntryKind.AWARD, person=person, **same):
        return known
    if person.erased_at is not None:
        raise Conflict(_("This account was closed."), code="erased")
    second = second_name(
        proposal,
        by=by,
        kind=EntryKind.AWARD,
        points=amount,
        within=[] if proposal else bounds(EntryKind.AWARD, person=person, by=by),
        bureau_id=bureau.pk,
    )
    _require_in_budget(books, budget, bureau, amount)
    entry = books.write(
        kind=EntryKind.AWARD,
        key=key,
        moves=[(budget, -amount), (available, amount)],
        by=by,
        second=second,
        person=person,
        bureau=bureau,
        reason=reason,
    )
    tell_of_correction(entry, added=True)
    return entry


@transaction.atomic
def deduct(
    *,
    person: Person,
    points: object,
    by: Account,
    reason: str,
    key: str,
    proposal: Proposal | None = None,
) -> Entry:
    """Take points from what a person may spend, the oldest first; never more than is left.

    Limit and refusals as of ``award``.
    """
    amount = clean_points(points)
    if known := earlier(key, EntryKind.DEDUCT, person=person, points=amount):
        return known
    person, reason = _begin(person, by, reason)
    available = account_of(AccountKind.AVAILABLE, person)
    expired = account_of(AccountKind.EXPIRED, person)
    taken = account_of(AccountKind.REVERSED)
    books = open_books(available, expired, taken)
    if known := earlier(key, EntryKind.DEDUCT, person=person, points=amount):
        return known
    second = second_name(
        proposal,
        by=by,
        kind=EntryKind.DEDUCT,
        points=amount,
        within=[] if proposal else bounds(EntryKind.DEDUCT, person=person, by=by),
    )
    write_off_expired(books, person, available=available, expired=expired)
    require_left(books, available, amount)
    entry = books.write(
        kind=EntryKind.DEDUCT,
        key=key,
        moves=[(available, -amount), (taken, amount)],
        by=by,
        second=second,
        person=person,
        reason=reason,
    )
    tell_of_correction(entry, added=False)
    return entry


@transaction.atomic
def reverse(
    *, entry: Entry, key: str, by: Account, reason: str, proposal: Proposal | None = None
) -> Entry:
    """Take a grant, an addition or a deduction back, once and all of it.

    Above the limit of the entry's kind by a ``proposal`` that was agreed to. What a closed account
    would get back goes where the rest of its points went. Raises ``Absent``, ``Refused``,
    ``Invalid``, and ``Conflict`` when it was reversed before or less is left than it moved.
    """
    rows = Entry.objects.select_related("person", "bureau")
    target = rows.filter(pk=entry.pk).first()
    if target is None:
        raise Absent
    if known := earlier(key, EntryKind.REVERSAL, reverses_id=target.pk):
        return known
    require_administrator(by)
    spend_limit(by)
    if target.kind not in REVERSIBLE:
        raise Refused(_("An entry of this kind cannot be reversed here."), code="not_reversible")
    reason = clean_reason(reason)
    person = lock_person(target.person) if target.person is not None else None
    if person is not None:
        require_other(by, person)
    books, moves = _backwards(target, person)
    if known := earlier(key, EntryKind.REVERSAL, reverses_id=target.pk):
        return known
    if Entry.objects.filter(reverses=target).exists():
        raise Conflict(_("This entry was reversed before."), code="reversed")
    second = second_name(
        proposal,
        by=by,
        kind=EntryKind.REVERSAL,
        points=target.points,
        within=[(limit_of_reversal(target.kind), 0)],
        target_id=target.pk,
    )
    origin = moves[0][0]
    if target.kind == EntryKind.AWARD and person is not None:
        expired = account_of(AccountKind.EXPIRED, person)
        write_off_expired(books, person, available=origin, expired=expired)
        require_left(books, origin, target.points)
    elif target.kind == EntryKind.GRANT and target.bureau is not None:
        _require_in_budget(books, origin, target.bureau, target.points)
    written = books.write(
        kind=EntryKind.REVERSAL,
        key=key,
        moves=moves,
        by=by,
        second=second,
        person=person,
        bureau=target.bureau,
        reverses=target,
        reason=reason,
    )
    tell_of_correction(written, added=target.kind == EntryKind.DEDUCT)
    return written


def _begin(person: Person, by: Account, reason: str) -> tuple[Person, str]:
    """The person locked, and the reason as it is kept. Raises ``Refused``, ``Invalid``,
    ``TooMany``."""
    require_administrator(by)
    spend_limit(by)
    reason = clean_reason(reason)
    person = lock_person(person)
    require_other(by, person)
    return person, reason


def _backwards(target: Entry, person: Person | None) -> tuple[Books, list[Move]]:
    """The books of what the entry moved, and its moves the other way round, the origin first."""
    origin: PointsAccount
    if target.kind == EntryKind.GRANT:
        origin, goal = account_of(AccountKind.BUDGET, target.bureau), account_of(AccountKind.SOURCE)
    elif person is None:
        raise TypeError(f"Entry {target.key} corrects nobody's points.")
    elif target.kind == EntryKind.AWARD:
        origin = account_of(AccountKind.AVAILABLE, person)
        goal = account_of(AccountKind.BUDGET, target.bureau)
    else:
        origin = account_of(AccountKind.REVERSED)
        goal = (
            account_of(AccountKind.AVAILABLE, person)
            if person.erased_at is None
            else account_of(AccountKind.FORFEITED)
        )
    besides = [account_of(AccountKind.EXPIRED, person)] if person is not None else []
    return open_books(origin, goal, *besides), [(origin, -target.points), (goal, target.points)]


def _require_in_budget(books: Books, budget: PointsAccount, bureau: Bureau, points: int) -> None:
    held = books.balance(budget)
    if held < points:
        raise Invalid(
            _("The budget of %(bureau)s holds %(held)s points.")
            % {"bureau": pick(bureau.name).text, "held": f"{held:,}"},
            field="points",
            code="budget_short",
            data={"needed": points, "held": held},
        )
