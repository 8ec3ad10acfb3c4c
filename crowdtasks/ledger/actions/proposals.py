"""Four eyes: what is above the limit waits until another administrator has agreed (P11)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Bureau, Person
from accounts.persons import lock_person
from core import audit, clock
from core.exceptions import Conflict, Refused
from crowdtasks.ledger.actions.budgets import clean_reason, grant_budget, spend_limit
from crowdtasks.ledger.actions.corrections import REVERSIBLE, award, deduct, reverse
from crowdtasks.ledger.actions.earning import take_back
from crowdtasks.ledger.actions.signing import alone_lately, bounds
from crowdtasks.ledger.amounts import clean_points
from crowdtasks.ledger.models import Entry, EntryKind, Proposal, ProposalKind, Verdict
from crowdtasks.ledger.policies import (
    can_keep_books,
    can_settle,
    require_administrator,
    require_other,
    require_settler,
)
from crowdtasks.ledger.rules import grant_limit, limit_of_reversal, person_limit

#: Kinds of entries that an administrator can take back by a correction.
CORRECTABLE = (*REVERSIBLE, EntryKind.EARN)


@transaction.atomic
def ask_grant(
    *, bureau: Bureau, points: object, by: Account, reason: str, key: str
) -> Entry | Proposal:
    """Grant at once up to the limit; above it, propose. ``key`` makes a form sent twice one.

    What an administrator granted the bureau alone in the last month counts toward the limit. Raises
    ``Refused``, ``Invalid`` with its field, ``Conflict``, ``TooMany``.
    """
    amount = clean_points(points)
    require_administrator(by)
    alone = alone_lately(EntryKind.GRANT, bureau=bureau)
    if _was_written(key) or amount + alone <= grant_limit():
        return grant_budget(bureau=bureau, points=amount, by=by, reason=reason, key=key)
    return _propose(ProposalKind.GRANT, points=amount, by=by, reason=reason, key=key, bureau=bureau)


@transaction.atomic
def ask_award(
    *, person: Person, bureau: Bureau, points: object, by: Account, reason: str, key: str
) -> Entry | Proposal:
    """Add points to a person's at once up to the limits of a month; above one, propose.

    Raises as ``award``.
    """
    amount = clean_points(points)
    person = _ask_for(person, by)
    if _was_written(key) or _is_small(EntryKind.AWARD, amount, person, by):
        return award(person=person, bureau=bureau, points=amount, by=by, reason=reason, key=key)
    about = {"person": person, "bureau": bureau}
    return _propose(ProposalKind.AWARD, points=amount, by=by, reason=reason, key=key, **about)


@transaction.atomic
def ask_deduct(
    *, person: Person, points: object, by: Account, reason: str, key: str
) -> Entry | Proposal:
    """Take points of a person's at once up to the limit of a month; above it, propose.

    Raises as ``deduct``.
    """
    amount = clean_points(points)
    person = _ask_for(person, by)
    if _was_written(key) or _is_small(EntryKind.DEDUCT, amount, person, by):
        return deduct(person=person, points=amount, by=by, reason=reason, key=key)
    return _propose(
        ProposalKind.DEDUCT, points=amount, by=by, reason=reason, key=key, person=person
    )


@transaction.atomic
def ask_reversal(*, entry: Entry, by: Account, reason: str, key: str) -> Entry | Proposal:
    """Take an entry back at once up to the limit of its kind; above it, propose.

    A reward goes back where it came from (``take_back``), a grant, an addition or a deduction by
    ``reverse``. Of a reward its bureau's officers may ask too; they have no page for it, since the
    books are shown to administrators alone: officers decide on a part where it was handed in.
    Raises as these, and ``Conflict`` while such a proposal waits.
    """
    is_reward = entry.kind == EntryKind.EARN
    if is_reward and entry.engagement is not None:
        require_settler(by, entry.engagement)
    else:
        require_administrator(by)
    if entry.kind not in CORRECTABLE:
        raise Refused(_("An entry of this kind cannot be reversed here."), code="not_reversible")
    person = lock_person(entry.person) if entry.person is not None else None
    if person is not None:
        require_other(by, person)
    limit = person_limit() if is_reward else limit_of_reversal(entry.kind)
    if _was_written(key) or entry.points <= limit:
        if is_reward:
            return take_back(entry_key=entry.key, key=key, by=by, reason=reason)
        return reverse(entry=entry, key=key, by=by, reason=reason)
    if Entry.objects.filter(reverses=entry).exists():
        raise Conflict(_("This entry was reversed before."), code="reversed")
    kind = ProposalKind.TAKE_BACK if is_reward else ProposalKind.REVERSAL
    about = {"person": person, "target": entry}
    return _propose(kind, points=entry.points, by=by, reason=reason, key=key, **about)


def _ask_for(person: Person, by: Account) -> Person:
    """The living person, locked; refused to whom it is, and to all but administrators."""
    require_administrator(by)
    person = lock_person(person)
    require_other(by, person)
    return person


def _is_small(kind: EntryKind, amount: int, person: Person, by: Account) -> bool:
    """Whether one name is enough: within each limit with what moved alone in the last month."""
    return all(amount + before <= most for most, before in bounds(kind, person=person, by=by))


def _was_written(key: str) -> bool:
    """Whether the form was sent before and moved points then: the act answers with what it did."""
    return Entry.objects.filter(key=key).exists()


def _propose(
    kind: ProposalKind, *, points: int, by: Account, reason: str, key: str, **about: Any
) -> Proposal:
    same: dict[str, Any] = {"kind": kind, "points": points, "proposed_by": by.person, **about}
    known = Proposal.objects.filter(key=key).first()
    if known is not None:
        if all(getattr(known, name) == value for name, value in same.items()):
            return known
        raise Conflict(_("This key was used for something else."), code="key_reused", status=422)
    spend_limit(by)
    row = Proposal(key=key, reason=clean_reason(reason), proposed_at=clock.now(), **same)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("The same is proposed already and waits."), code="waits") from error
    audit.record("points.propose", actor=by, subject=row.public_id, rows=[row])
    return row


def _waiting(proposal: Proposal, by: Account) -> Proposal:
    require_administrator(by)
    spend_limit(by)
    # Persons first: whoever asks for the same thing holds theirs and then meets the proposal.
    person = lock_person(proposal.person) if proposal.person is not None else None
    if person is not None:
        require_other(by, person)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "bureau", "person", "target__engagement__owner", "proposed_by"
    )
    row: Proposal = rows.get(pk=proposal.pk)
    if row.verdict:
        raise Conflict(_("Somebody else has decided on this meanwhile."), code="decided")
    return row


@transaction.atomic
def agree(*, proposal: Proposal, by: Account) -> Entry:
    """The second administrator agrees: the points move, with both names on the entry.

    Raises ``Refused`` for whoever proposed it and for whose points move, ``Conflict`` when it was
    decided before or when whoever proposed it may not any more, and whatever the act raises.
    """
    row = _waiting(proposal, by)
    if row.proposed_by_id == by.person_id:
        raise Refused(_("A second person agrees, not the one who proposed it."), code="same_person")
    first = row.proposed_by.accounts.filter(is_active=True).order_by("pk").first()
    if first is None or not _may_still(first, row):
        raise Conflict(
            _("Whoever proposed this may not any more. Decline it, and propose it anew."),
            code="proposer_gone",
        )
    _decide(row, by, Verdict.AGREED)
    row.entry = _act(row, first)
    row.save(update_fields=["entry"])
    audit.record("points.agree", actor=by, subject=row.public_id, rows=[row])
    return row.entry


def _may_still(first: Account, row: Proposal) -> bool:
    target = row.target
    if row.kind == ProposalKind.TAKE_BACK and target is not None and target.engagement is not None:
        return can_settle(first, target.engagement)
    return can_keep_books(first)


def _act(row: Proposal, first: Account) -> Entry:
    """What was proposed, done by who proposed it, with the proposal as the proof of the second."""
    named: dict[str, Any] = {
        "by": first,
        "reason": row.reason,
        "key": f"proposal:{row.public_id}",
        "proposal": row,
    }
    if row.kind == ProposalKind.GRANT and row.bureau is not None:
        return grant_budget(bureau=row.bureau, points=row.points, **named)
    if row.kind == ProposalKind.AWARD and row.person is not None and row.bureau is not None:
        return award(person=row.person, bureau=row.bureau, points=row.points, **named)
    if row.kind == ProposalKind.DEDUCT and row.person is not None:
        return deduct(person=row.person, points=row.points, **named)
    if row.target is None:
        raise TypeError(f"Proposal {row.public_id} is of nothing.")
    if row.kind == ProposalKind.TAKE_BACK:
        return take_back(entry_key=row.target.key, **named)
    return reverse(entry=row.target, **named)


@transaction.atomic
def decline(*, proposal: Proposal, by: Account) -> Proposal:
    """Decline it, or take the own proposal back. Raises ``Conflict`` when it was decided."""
    row = _waiting(proposal, by)
    _decide(row, by, Verdict.DECLINED)
    audit.record("points.decline", actor=by, subject=row.public_id, rows=[row])
    return row


def _decide(row: Proposal, by: Account, verdict: Verdict) -> None:
    row.verdict, row.decided_by, row.decided_at = verdict, by.person, clock.now()
    row.save(update_fields=["verdict", "decided_by", "decided_at"])
