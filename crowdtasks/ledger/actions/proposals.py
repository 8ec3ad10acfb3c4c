"""Four eyes: a grant above the limit waits until another administrator has agreed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau
from core import audit, clock
from core.exceptions import Conflict, Refused
from crowdtasks.ledger.actions.budgets import clean_reason, grant_budget, spend_limit
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import Entry, Proposal
from crowdtasks.ledger.policies import require_bookkeeper
from crowdtasks.ledger.rules import grant_limit


@transaction.atomic
def ask_grant(
    *, bureau: Bureau, points: object, by: Account, reason: str, key: str
) -> Entry | Proposal:
    """Grant at once up to the limit; above it, propose. ``key`` makes a grant sent twice one.

    Raises ``Refused``, ``Invalid`` with its field, ``Conflict``, ``TooMany``.
    """
    amount = clean_points(points)
    if amount <= grant_limit():
        return grant_budget(bureau=bureau, points=amount, by=by, reason=reason, key=key)
    require_bookkeeper(by)
    spend_limit(by)
    row = Proposal.objects.create(
        bureau=bureau,
        points=amount,
        reason=clean_reason(reason),
        proposed_by=by.person,
        proposed_at=clock.now(),
    )
    audit.record("points.propose", actor=by, subject=row.public_id, rows=[row])
    return row


def _waiting(proposal: Proposal, by: Account) -> Proposal:
    require_bookkeeper(by)
    spend_limit(by)
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.decided_at is not None:
        raise Conflict(_("Somebody else has decided on this meanwhile."), code="decided")
    return row


@transaction.atomic
def agree(*, proposal: Proposal, by: Account) -> Entry:
    """The second administrator agrees: the points move, with both names on the entry.

    Raises ``Refused`` for whoever proposed it, ``Conflict`` when it was decided before.
    """
    row = _waiting(proposal, by)
    first = row.proposed_by.accounts.filter(is_active=True).order_by("pk").first()
    if first is None or first.person_id == by.person_id:
        raise Refused(_("A second person agrees, not the one who proposed it."), code="same_person")
    entry = grant_budget(
        bureau=row.bureau,
        points=row.points,
        by=first,
        second=by,
        reason=row.reason,
        key=f"proposal:{row.public_id}",
    )
    _decide(row, by, entry)
    return entry


@transaction.atomic
def decline(*, proposal: Proposal, by: Account) -> Proposal:
    """Decline it, or take the own proposal back. Raises ``Conflict`` when it was decided."""
    row = _waiting(proposal, by)
    _decide(row, by, None)
    return row


def _decide(row: Proposal, by: Account, entry: Entry | None) -> None:
    row.decided_by, row.decided_at, row.entry = by.person, clock.now(), entry
    row.save(update_fields=["decided_by", "decided_at", "entry"])
    verb = "points.agree" if entry is not None else "points.decline"
    audit.record(verb, actor=by, subject=row.public_id, rows=[row])
