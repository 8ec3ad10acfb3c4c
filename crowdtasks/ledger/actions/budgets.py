"""Budgets and escrows: the bureau's side of the ledger."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau
from core import clock, limits
from core.exceptions import Invalid
from core.text import clean_text
from core.texts import pick
from crowdtasks.ledger.actions.books import account_of, earlier, open_books
from crowdtasks.ledger.actions.signing import alone_lately, second_name
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import AccountKind, Entry, EntryKind, PointsAccount, Proposal
from crowdtasks.ledger.policies import Officer, require_bookkeeper, require_settler
from crowdtasks.ledger.rules import grant_limit
from participation.models import Engagement

REASON_LIMIT = 300


def clean_reason(reason: str) -> str:
    """The reason an officer gives: one line, not empty. Raises ``Invalid(field="reason")``."""
    return clean_text(reason, max_length=REASON_LIMIT, field="reason", multiline=False)


def spend_limit(by: Officer) -> None:
    """What people at the desk do is limited; what jobs and other rooms do is limited there."""
    if isinstance(by, Account):
        limits.spend("points_desk", by.public_id)


@transaction.atomic
def grant_budget(
    *,
    bureau: Bureau,
    points: int,
    by: Officer,
    reason: str,
    key: str,
    proposal: Proposal | None = None,
) -> Entry:
    """Issue points to a bureau's budget.

    Above ``rules.grant_limit``, counted over a month, by a ``proposal`` that a second administrator
    agreed to (``actions.proposals``). Raises ``Refused``, ``Invalid`` with its field,
    ``Conflict``, ``TooMany``.
    """
    points = clean_points(points)
    same: dict[str, Any] = {"bureau_id": bureau.pk, "points": points}
    if known := earlier(key, EntryKind.GRANT, **same):
        return known
    require_bookkeeper(by)
    spend_limit(by)
    source, budget = account_of(AccountKind.SOURCE), account_of(AccountKind.BUDGET, bureau)
    books = open_books(source, budget)
    if known := earlier(key, EntryKind.GRANT, **same):
        return known
    second = second_name(
        proposal,
        by=by,
        kind=EntryKind.GRANT,
        points=points,
        within=[(grant_limit(), alone_lately(EntryKind.GRANT, bureau=bureau))],
        bureau_id=bureau.pk,
    )
    return books.write(
        kind=EntryKind.GRANT,
        key=key,
        moves=[(source, -points), (budget, points)],
        by=by,
        second=second,
        bureau=bureau,
        reason=clean_reason(reason),
    )


def _set_aside(
    kind: EntryKind, *, engagement: Engagement, points: int, by: Officer, key: str
) -> Entry:
    points = clean_points(points, field="reward")
    same: dict[str, Any] = {"engagement_id": engagement.pk, "points": points}
    if known := earlier(key, kind, **same):
        return known
    require_settler(by, engagement)
    spend_limit(by)
    budget = account_of(AccountKind.BUDGET, engagement.owner)
    escrow = account_of(AccountKind.ESCROW, engagement)
    books = open_books(budget, escrow)
    if known := earlier(key, kind, **same):
        return known
    held = books.balance(budget)
    if held < points:
        raise Invalid(
            _(
                "This needs %(needed)s points. The budget of %(bureau)s holds %(held)s: "
                "ask an administrator for more, or lower the reward or the number of places."
            )
            % {
                "needed": f"{points:,}",
                "held": f"{held:,}",
                "bureau": pick(engagement.owner.name).text,
            },
            field="reward",
            code="budget_short",
            data={"needed": points, "held": held},
        )
    if books.row(escrow).closed_at is not None:
        PointsAccount.objects.filter(pk=escrow.pk).update(closed_at=None)
    return books.write(
        kind=kind,
        key=key,
        moves=[(budget, -points), (escrow, points)],
        by=by,
        engagement=engagement,
        bureau=engagement.owner,
    )


@transaction.atomic
def reserve(*, engagement: Engagement, points: int, by: Officer, key: str) -> Entry:
    """Move the whole possible cost from the owner's budget to the engagement's escrow.

    Raises ``Invalid(field="reward")`` with what the budget holds where it lacks, ``Refused``.
    """
    return _set_aside(EntryKind.RESERVE, engagement=engagement, points=points, by=by, key=key)


@transaction.atomic
def top_up(*, engagement: Engagement, points: int, by: Officer, key: str) -> Entry:
    """The same for one that is open already: more places, more to give."""
    return _set_aside(EntryKind.TOP_UP, engagement=engagement, points=points, by=by, key=key)


@transaction.atomic
def return_rest(*, engagement: Engagement, key: str, by: Officer = "system") -> Entry | None:
    """At the close: what was not given returns to the budget, and the escrow closes.

    Points that are held for people are theirs and stay held. Returns None where nothing is left.
    What is taken back later goes to the budget. Raises ``Refused``.
    """
    same: dict[str, Any] = {"engagement_id": engagement.pk}
    if known := earlier(key, EntryKind.RETURN, **same):
        return known
    require_settler(by, engagement)
    spend_limit(by)
    budget = account_of(AccountKind.BUDGET, engagement.owner)
    escrow = account_of(AccountKind.ESCROW, engagement)
    books = open_books(budget, escrow)
    if known := earlier(key, EntryKind.RETURN, **same):
        return known
    if books.row(escrow).closed_at is None:
        PointsAccount.objects.filter(pk=escrow.pk).update(closed_at=clock.now())
    rest = books.balance(escrow)
    if not rest:
        return None
    return books.write(
        kind=EntryKind.RETURN,
        key=key,
        moves=[(escrow, -rest), (budget, rest)],
        by=by,
        engagement=engagement,
        bureau=engagement.owner,
    )
