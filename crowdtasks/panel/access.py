"""Every fetch of the panel at an edge: each sees their own, officers their bureau's rounds."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Account, Person
from accounts.persons import all_of, everything_of
from core.exceptions import Absent, SignInNeeded
from core.ids import is_public_id
from crowdtasks.panel.models import Booking, Draw, Invitation, Observation, Plan, Session, Volunteer
from crowdtasks.panel.states import TAKING_PART
from crowdtasks.products.access import access_round
from crowdtasks.products.models import Round, WhoTries
from participation.policies import is_officer_of


def own_volunteer(person: Person) -> Volunteer | None:
    """What the person said of themselves; None for who has not volunteered."""
    return Volunteer.objects.filter(person=person).first()


def plan_of(round: Round) -> Plan | None:
    """Whom the round invites, with its draw if there is one; None where nothing is planned."""
    plan: Plan | None = Plan.objects.select_related("draw").filter(round=round).first()
    if plan is not None:
        plan.round = round
    return plan


def own_invitation(round: Round, person: Person | None) -> Invitation | None:
    """The person's invitation to a round, in any state; None for nobody."""
    if person is None:
        return None
    row: Invitation | None = (
        Invitation.objects.select_related("draw__plan", "seat")
        .filter(draw__plan=round.pk, person__in=everything_of(person))
        .order_by("-invited_at", "-pk")
        .first()
    )
    if row is not None:
        row.draw.plan.round = round
    return row


def own_invitations(person: Person) -> QuerySet[Invitation]:
    """The person's invitations in every state, the newest first, with what they are to."""
    rows = Invitation.objects.filter(person__in=all_of(person))
    return rows.select_related("draw__plan__round__engagement").order_by("-invited_at", "-pk")


def access_invited_round(public_id: str) -> Round:
    """A public round that invites, or did before it was opened to all. Raises Absent."""
    round = access_round(public_id)
    if round.who != WhoTries.INVITED:
        raise Absent
    return round


def access_own_invitation(public_id: str, person: Person) -> tuple[Round, Invitation]:
    """The round and the person's own invitation to it. Raises Absent."""
    round = access_invited_round(public_id)
    invitation = own_invitation(round, person)
    if invitation is None:
        raise Absent
    return round, invitation


def access_round_of_bureau(public_id: str, account: Account | None) -> Round:
    """A round that invites, for officers and approvers of its bureaux alone.

    Raises SignInNeeded for nobody, Absent for everybody else.
    """
    if account is None:
        raise SignInNeeded
    round = access_invited_round(public_id)
    if not is_officer_of(account, round.engagement):
        raise Absent
    return round


def access_draw(public_id: str) -> Draw:
    """A draw by its number, for the command that makes it again. Raises Absent."""
    row = Draw.objects.select_related("plan__round__engagement").filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row


def sessions_of(draw: Draw) -> QuerySet[Session]:
    """The sessions of a round, the earliest first; those called off too."""
    return Session.objects.filter(draw=draw).order_by("starts_at", "pk")


def access_session(public_id: str, draw: Draw) -> Session:
    """A session of this round, for its officers. Raises Absent."""
    rows = Session.objects.select_related("draw__plan__round__engagement__owner").filter(draw=draw)
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    return row


def access_own_session(public_id: str, invitation: Invitation) -> Session:
    """A session of the round that the person takes part in. Raises Absent, also for who does
    not."""
    if invitation.state not in TAKING_PART:
        raise Absent
    return access_session(public_id, invitation.draw)


def access_booking(public_id: str, session: Session) -> Booking:
    """A booking of this session, for its officers. Raises Absent."""
    rows = Booking.objects.filter(session=session)
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    row.session = session
    return row


def access_observation(public_id: str, session: Session) -> Observation:
    """A note of this session, for its officers. Raises Absent."""
    rows = Observation.objects.filter(session=session)
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise Absent
    row.session = session
    return row
