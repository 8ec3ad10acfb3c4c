"""Answers to invitations, what follows from them, and what the schedule notes.

An answer locks its draw, then its invitation: a place that comes free is given to the next in the
order of the draw in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import Person
from core import audit, clock, limits
from core.each import each
from crowdtasks.panel import rules
from crowdtasks.panel.actions.booking import cancel_bookings_of
from crowdtasks.panel.actions.drawing import fill_places, lock_draw, lock_draws
from crowdtasks.panel.models import Draw, Invitation
from crowdtasks.panel.policies import refuse_accepting, refuse_declining, refuse_second
from crowdtasks.panel.states import DECLINABLE, TAKING_PART, InvitationState
from participation import live

AT_ONCE = 200


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: Person) -> Invitation:
    """Take part. A second press changes nothing. Raises Closed once it is over, TooMany."""
    limits.spend("answer_invitation", person.public_id)
    _draw, row = _lock(invitation)
    if row.state in TAKING_PART:
        return row
    now = clock.now()
    refuse_accepting(row, now)
    row.state, row.accepted_at = InvitationState.ACCEPTED, now
    row.save(update_fields=["state", "accepted_at"])
    return _record(row, "panel.accept", person)


@transaction.atomic
def decline_invitation(*, invitation: Invitation, person: Person) -> Invitation:
    """Do not take part, also after having accepted, until the try is begun; the next is invited.

    A second press changes nothing. Raises Closed once it was begun or is over, TooMany.
    """
    limits.spend("answer_invitation", person.public_id)
    draw, row = _lock(invitation)
    if row.state == InvitationState.DECLINED:
        return row
    refuse_declining(row)
    _end(draw, row, InvitationState.DECLINED, "panel.decline", person)
    return row


def _lock(invitation: Invitation) -> tuple[Draw, Invitation]:
    draw = lock_draw(invitation.draw_id)
    return draw, _lock_in(draw, invitation)


def _lock_in(draw: Draw, invitation: Invitation) -> Invitation:
    row: Invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.draw = draw
    return row


def _end(draw: Draw, row: Invitation, state: str, verb: str, actor: object) -> None:
    now = clock.now()
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at", "person"])
    _record(row, verb, actor)
    cancel_bookings_of(row, actor)
    fill_places(draw, now)


def _record(row: Invitation, verb: str, actor: object) -> Invitation:
    engagement = row.draw.plan.round.engagement
    audit.record(
        verb,
        actor=actor,
        engagement_id=engagement.public_id,
        subject=row.public_id,
        rows=[row],
    )
    live.turned_out(engagement)
    return row


def begin_try(*, invitation: Invitation, person: Person) -> None:
    """Note that the try was begun; called in the transaction that begins it."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.draw = invitation.draw
    refuse_second(row)
    if row.state == InvitationState.ACCEPTED:
        row.state, row.started_at = InvitationState.STARTED, clock.now()
        row.save(update_fields=["state", "started_at"])
        _record(row, "panel.begin", person)


def finish_try(*, invitation: Invitation, person: Person) -> None:
    """Note that it was handed in; called in the transaction that enters the response."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.draw = invitation.draw
    refuse_second(row)
    now = clock.now()
    row.state, row.finished_at = InvitationState.FINISHED, now
    row.started_at = row.started_at or now
    row.save(update_fields=["state", "started_at", "finished_at"])
    _record(row, "panel.finish", person)


def end_overdue(*, limit: int = AT_ONCE) -> int:
    """End invitations that nobody answered in time and invite the next; returns how many."""
    now = clock.now()
    overdue = Invitation.objects.filter(state=InvitationState.WAITING, expires_at__lte=now)
    return sum(each(overdue.order_by("draw", "expires_at", "pk")[:limit], _expire))


@transaction.atomic
def _expire(found: Invitation) -> bool:
    draw, row = _lock(found)
    if row.state != InvitationState.WAITING or row.expires_at > clock.now():
        return False
    _end(draw, row, InvitationState.EXPIRED, "panel.expire", audit.SYSTEM)
    return True


def end_of_persons(*, persons: Collection[int], actor: object) -> None:
    """Whoever is no volunteer any more is invited no more; called in that transaction.

    ``persons``: the numbers of all that turned out to be one. What was begun or handed in stands.
    Before that, nothing leads from it to them afterwards.
    """
    rows = Invitation.objects.filter(person__in=persons, state__in=DECLINABLE)
    invitations = list(rows.order_by("draw", "pk"))
    draws = lock_draws(found.draw_id for found in invitations)
    for found in invitations:
        draw = draws[found.draw_id]
        row = _lock_in(draw, found)
        if row.state in DECLINABLE:
            row.person = None
            _end(draw, row, InvitationState.LEFT, "panel.left", actor)


def settle_invitations(*, keep: Person, gone: Person) -> None:
    """Of two invitations of one person to one round the one that got further stands.

    Called in the transaction that merges them. The other ends, and its place comes free, or where
    it was begun nothing leads from it to anybody.
    """
    order: list[str] = [*TAKING_PART[::-1], InvitationState.WAITING]
    rows = list(Invitation.objects.filter(person__in=[keep, gone]).order_by("draw", "pk"))
    rows.sort(key=lambda row: order.index(row.state) if row.state in order else len(order))
    stands: set[int] = set()
    moved: list[Invitation] = []
    draws = lock_draws(found.draw_id for found in rows)
    for found in rows:
        draw = draws[found.draw_id]
        row = _lock_in(draw, found)
        if draw.pk in stands:
            row.person = None
            row.save(update_fields=["person"])
            if row.state in DECLINABLE:
                _end(draw, row, InvitationState.LEFT, "panel.left", keep)
        elif row.person_id == gone.pk:
            moved.append(row)
        stands.add(draw.pk)
    for row in moved:
        # Only now, when no two of one draw would meet in the constraint.
        row.person = keep
        row.save(update_fields=["person"])


def end_rounds(*, limit: int = 50) -> int:
    """After a round's close and grace, note who had accepted and handed nothing in; how many."""
    ready = Draw.objects.filter(ended_at=None, plan__round__engagement__closes_at__lte=clock.now())
    return sum(each(ready.order_by("pk").values_list("pk", flat=True)[:limit], _end_round))


@transaction.atomic
def _end_round(key: int) -> int:
    now = clock.now()
    draw = lock_draw(key)
    if draw.ended_at is None and _is_over(draw, now):
        return _note_no_shows(draw, now)
    return 0


def _is_over(draw: Draw, now: dt.datetime) -> bool:
    engagement = draw.plan.round.engagement
    if engagement.closes_at is None:
        return False
    return now >= engagement.closes_at + dt.timedelta(minutes=engagement.grace_minutes)


def _note_no_shows(draw: Draw, now: dt.datetime) -> int:
    missing = [InvitationState.STARTED]
    # Who could not begin, since the build was taken back, is not one who did not come.
    if draw.plan.round.build.retired_at is None:
        missing.append(InvitationState.ACCEPTED)
    rows = list(
        Invitation.objects.select_for_update(of=("self",)).filter(draw=draw, state__in=missing)
    )
    for row in rows:
        row.draw = draw
        row.state, row.ended_at = InvitationState.NO_SHOW, now
        row.save(update_fields=["state", "ended_at"])
    draw.ended_at = now
    draw.save(update_fields=["ended_at"])
    audit.record(
        "panel.end",
        actor=audit.SYSTEM,
        engagement_id=draw.plan.round.engagement.public_id,
        subject=draw.public_id,
        rows=[draw, *rows],
    )
    return len(rows)


def forget_links(*, limit: int = 1000) -> int:
    """So long after the close nothing leads from an invitation to a person; returns how many."""
    before = clock.now() - rules.LINK_KEPT
    old = Invitation.objects.filter(
        person__isnull=False, draw__plan__round__engagement__closes_at__lte=before
    )
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    # ``person`` is not among the audited fields: what is proved of the draw stays provable.
    return Invitation.objects.filter(pk__in=keys).update(person=None)
