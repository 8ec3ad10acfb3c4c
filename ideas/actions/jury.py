"""Appointing a jury and ending a seat: what the chair does before the scoring."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.invitations import invite, revoke_invitation
from accounts.models import Account, Invitation, Person, Role
from accounts.policies import accounts_with
from core import audit, clock, limits
from core.emails import clean_email
from core.exceptions import Conflict, Invalid, Refused
from core.text import canonical_email
from ideas.juries import is_chair, jury_phase
from ideas.models import Juror, JuryResult
from notifications.actions import notify
from participation.models import Engagement

#: Seats of one jury, ended ones not counted.
MOST_JURORS = 30


def _check_chair(engagement: Engagement, by: Account) -> None:
    if not is_chair(by, engagement):
        raise Refused(_("Only an officer of the bureau can do this."))
    phase = jury_phase(engagement)
    if phase is None:
        raise Conflict(_("This contest has no jury."))
    closed = JuryResult.objects.filter(contest=engagement.pk).exists()
    if closed or phase.closes_at <= clock.now():
        raise Conflict(_("The jury has finished scoring."))


@transaction.atomic
def appoint_juror(*, engagement: Engagement, email: str, by: Account, language: str) -> Juror:
    """Give a seat to whoever has this address.

    A juror by role gets it at once and is told; everybody else is invited to the role for this
    bureau, and sits once the invitation is accepted. The same address again gives the same seat,
    and a waiting one a new invitation. Raises Refused for who is no officer of the owner, Conflict
    without a jury or after its phase, Invalid for the address or too many seats, TooMany.
    """
    limits.spend("desk_step", by.public_id)
    Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement.pk)
    _check_chair(engagement, by)
    canonical = canonical_email(clean_email(email))
    known = (
        accounts_with(Role.JUROR, engagement.owner)
        .select_related("person")
        .filter(email_canonical=canonical, email_confirmed_at__isnull=False)
        .first()
    )
    if known is not None:
        return _seat(engagement, known, by)
    seats = Juror.objects.filter(
        contest__engagement__owner=engagement.owner,
        person=None,
        ended_at=None,
        invitation__email_canonical=canonical,
    )
    waiting = list(seats.select_for_update(of=("self",)))
    juror = next((seat for seat in waiting if seat.contest_id == engagement.pk), None)
    if juror is None:
        juror = _new_seat(engagement)
    invitation = invite(
        email=email, role=Role.JUROR, bureau=engagement.owner, by=by, language=language
    )
    # An address has one invitation of a bureau; the seats that waited for the older wait for this.
    for seat in {seat.pk: seat for seat in (*waiting, juror)}.values():
        seat.invitation = invitation
        seat.save()
    _record("juror.invite", by, engagement, juror)
    return juror


def _seat(engagement: Engagement, account: Account, by: Account) -> Juror:
    seated = Juror.objects.filter(
        contest=engagement.pk, person=account.person, ended_at=None
    ).first()
    if seated is not None:
        return seated
    juror = _new_seat(engagement)
    juror.person = account.person
    juror.save()
    _record("juror.appoint", by, engagement, juror)
    phase = jury_phase(engagement)
    notify(
        kind="jury-seat",
        event_key=f"jury-seat:{engagement.public_id}:{juror.public_id}",
        to=[account],
        params={
            "title": engagement.title,
            "bureau": engagement.owner.name,
            "opens_at": phase.opens_at if phase else None,
            "closes_at": phase.closes_at if phase else None,
        },
        path=f"/e/{engagement.public_id}/jury/",
    )
    return juror


def _new_seat(engagement: Engagement) -> Juror:
    if Juror.objects.filter(contest=engagement.pk, ended_at=None).count() >= MOST_JURORS:
        raise Invalid(
            _("A jury has at most %(most)d members.") % {"most": MOST_JURORS}, field="email"
        )
    return Juror(contest=engagement.contest, appointed_at=clock.now())


@transaction.atomic
def end_seat(*, juror: Juror, by: Account) -> Juror:
    """Take a seat away: its scores do not count, its invitation is taken back.

    Ending it twice changes nothing. Raises as ``appoint_juror``, and Conflict once the juror has
    submitted: what was scored in full stays in the count.
    """
    limits.spend("desk_step", by.public_id)
    juror = (
        Juror.objects.select_for_update(of=("self",))
        .select_related("contest__engagement__owner", "invitation__bureau")
        .get(pk=juror.pk)
    )
    _check_chair(juror.contest.engagement, by)
    if juror.ended_at is not None:
        return juror
    if juror.submitted_at is not None:
        raise Conflict(_("This juror has submitted: the scores count."), code="submitted")
    juror.ended_at = clock.now()
    juror.save(update_fields=["ended_at"])
    invitation = juror.invitation
    waits = invitation is not None and juror.person_id is None
    if invitation is not None and waits and _only_for(invitation, juror):
        revoke_invitation(invitation=invitation, by=by)
    _record("juror.end", by, juror.contest.engagement, juror)
    return juror


def _only_for(invitation: Invitation, juror: Juror) -> bool:
    """Whether it still waits, and no other jury waits for it."""
    waiting = Invitation.objects.waiting(clock.now()).filter(pk=invitation.pk).exists()
    others = Juror.objects.filter(invitation=invitation, ended_at=None).exclude(pk=juror.pk)
    return waiting and not others.exists()


@transaction.atomic
def take_seats(*, invitation: Invitation, account: Account) -> None:
    """Whoever accepted the invitation sits where seats wait for it. Called in that transaction."""
    rows = Juror.objects.filter(invitation=invitation, person=None, ended_at=None)
    for juror in rows.select_related("contest__engagement"):
        taken = Juror.objects.filter(
            contest=juror.contest_id, person=account.person, ended_at=None
        ).exists()
        juror.person = account.person
        if taken:
            juror.ended_at = clock.now()
        juror.save(update_fields=["person", "ended_at"])
        _record("juror.sit", account, juror.contest.engagement, juror)


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Seats of a person that turned out to be another one are that one's; of two the further."""
    for juror in Juror.objects.filter(person=gone).order_by("pk"):
        other = Juror.objects.filter(contest=juror.contest_id, person=keep, ended_at=None).first()
        if other is not None and juror.ended_at is None:
            weaker = other if juror.submitted_at and not other.submitted_at else juror
            weaker.ended_at = clock.now()
            weaker.save(update_fields=["ended_at"])
        juror.person = keep
        juror.save(update_fields=["person"])
        touched = [juror] if other is None else [juror, other]
        audit.record("juror.merge", actor="system", subject=juror.public_id, rows=touched)


def _record(verb: str, by: Account, engagement: Engagement, juror: Juror) -> None:
    audit.record(
        verb,
        actor=by,
        engagement_id=engagement.public_id,
        subject=juror.public_id,
        rows=[juror],
    )
