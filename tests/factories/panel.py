"""Volunteers and invited rounds for tests, made through the real actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Account
from core import clock
from core.ids import public_id
from crowdtasks.panel.access import own_invitation
from crowdtasks.panel.actions.answering import accept_invitation
from crowdtasks.panel.actions.booking import book_session
from crowdtasks.panel.actions.drawing import draw_plan
from crowdtasks.panel.actions.planning import save_plan
from crowdtasks.panel.actions.sessions import add_session
from crowdtasks.panel.actions.volunteering import save_volunteer
from crowdtasks.panel.models import Booking, Draw, Invitation, Plan, Session, Volunteer
from crowdtasks.products.models import Round
from tests.factories.engagements import grant, make_account
from tests.factories.participation import make_citizen
from tests.factories.products import make_round


def volunteer(account: Account | None = None, **said: Any) -> Volunteer:
    """Somebody who volunteered, with what they said of themselves."""
    account = account or make_citizen()
    return save_volunteer(
        person=account.person,
        **{"age": "25-34", "devices": ["android"], **said},
    )


def volunteers(number: int, **said: Any) -> list[Account]:
    """So many of one kind. Their addresses are new wherever they are made: a walk's platform has
    people that another process made."""
    accounts = [
        make_citizen(email=f"volunteer-{public_id()}@example.com") for _each in range(number)
    ]
    for account in accounts:
        volunteer(account, **said)
    return accounts


def officer_of(round: Round) -> Account:
    """An officer of the round's bureau."""
    account = make_account()
    grant(account, "officer", round.engagement.owner)
    return account


def make_invited(**fields: Any) -> Round:
    """A public round for invited volunteers, with nothing planned."""
    _page, round = make_round(**{"who": "invited", **fields})
    return round


def plan(round: Round, quota: dict[str, Any], *, by: str = "age", **how: Any) -> Plan:
    """Whom to invite, written by an officer of its bureau."""
    return save_plan(
        round=round,
        by=by,
        quota=quota,
        total=how.pop("total", sum(quota.values())),
        narrowed=how.pop("narrowed", {}),
        answer_days=how.pop("answer_days", 7),
        account=how.pop("account", None) or officer_of(round),
    )


def drawn(round: Round, quota: dict[str, int], *, seed: str = "", **how: Any) -> Draw:
    """The draw of such a plan."""
    account = how.setdefault("account", officer_of(round))
    plan(round, quota, **how)
    return draw_plan(round=round, account=account, seed=seed)


def invitations_of(draw: Draw, *states: str) -> list[Invitation]:
    """Invitations of a draw in its order, in these states or in any."""
    rows = draw.invitations.select_related("seat", "person").order_by("place", "pk")
    return list(rows.filter(state__in=states) if states else rows)


def accept(invitation: Invitation) -> Invitation:
    """Its own person accepts it."""
    assert invitation.person is not None
    return accept_invitation(invitation=invitation, person=invitation.person)


def invited_with(account: Account) -> Invitation:
    """The invitation of an account that was drawn with everybody of its age and accepted."""
    volunteers(4)
    volunteer(account)
    round = make_invited()
    drawn(round, {"25-34": Volunteer.objects.filter(age="25-34").count()})
    found = own_invitation(round, account.person)
    assert found is not None
    return accept(found)


def make_session(draw: Draw, *, days: int = 5, **said: Any) -> Session:
    """A session of a round so many days from now."""
    return add_session(
        draw=draw,
        account=officer_of(draw.plan.round),
        language="en",
        **{
            "kind": "moderated",
            "starts_at": clock.now() + dt.timedelta(days=days),
            "minutes": 60,
            "places": 3,
            "where": "Sha Tin Library",
            "link": "",
            "note": "",
            **said,
        },
    )


def booked(session: Session, invitation: Invitation) -> Booking:
    """Its own person books a place, or waits for one."""
    assert invitation.person is not None
    return book_session(session=session, invitation=invitation, person=invitation.person)


def taking_part(round: Round, accounts: list[Account], *, age: str = "25-34") -> None:
    """All of these volunteers of one age are drawn for a round and accept."""
    draw = drawn(round, {age: Volunteer.objects.filter(age=age).count()})
    people = {account.person_id for account in accounts}
    for invitation in invitations_of(draw):
        if invitation.person_id in people:
            accept(invitation)
