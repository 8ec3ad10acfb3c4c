"""Answers and draws at the same instant: threads with a connection of their own."""

from __future__ import annotations

import pytest

from core import audit, clock
from core.exceptions import Closed
from crowdtasks.panel import rules
from crowdtasks.panel.actions.answering import decline_invitation
from crowdtasks.panel.actions.booking import cancel_booking
from crowdtasks.panel.actions.drawing import draw_plan
from crowdtasks.panel.models import Booking, Draw, Invitation
from crowdtasks.panel.proof import faults_of
from crowdtasks.panel.reading import tired_persons
from tests.factories.panel import (
    accept,
    booked,
    drawn,
    invitations_of,
    make_invited,
    make_session,
    officer_of,
    plan,
    volunteers,
)
from tests.participation.test_votes_race import rounds, together

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
]


@rounds
def test_four_draws_at_once_invite_nobody_more_often_than_anybody_may_be(number):
    volunteers(5)
    work = []
    for _each in range(rules.FATIGUE_INVITATIONS + 1):
        round = make_invited()
        account = officer_of(round)
        plan(round, {"25-34": 5}, account=account)
        work.append(lambda round=round, account=account: draw_plan(round=round, account=account))
    answers = together(work)
    refused = [each for each in answers if isinstance(each, Exception)]
    assert [each.field for each in refused] == ["25-34"]
    assert Draw.objects.count() == rules.FATIGUE_INVITATIONS
    assert len(tired_persons(clock.now())) == 5
    assert audit.verify().ok


@rounds
def test_one_draw_pressed_five_times_is_one(number):
    volunteers(6)
    round = make_invited()
    account = officer_of(round)
    plan(round, {"25-34": 5}, account=account)
    answers = together([lambda: draw_plan(round=round, account=account).public_id] * 5)
    assert len([each for each in answers if isinstance(each, str)]) == 1
    assert {type(each) for each in answers if isinstance(each, Exception)} == {Closed}
    assert Invitation.objects.count() == 5


@rounds
def test_all_decline_at_once_and_each_place_goes_to_one_other(number):
    volunteers(8)
    draw = drawn(make_invited(), {"25-34": 5})
    together(
        [
            lambda one=one: decline_invitation(invitation=one, person=one.person).state
            for one in invitations_of(draw)
        ]
    )
    waiting = invitations_of(draw, "waiting")
    assert len(invitations_of(draw, "declined")) == 5
    assert len(waiting) == len({one.seat_id for one in waiting}) == 3
    assert not list(faults_of(draw))
    assert audit.verify().ok


@rounds
def test_twenty_people_for_three_places_are_three_and_the_rest_wait_in_turn(number):
    volunteers(20)
    draw = drawn(make_invited(), {"25-34": 20})
    people = [accept(one) for one in invitations_of(draw)]
    session = make_session(draw, places=3)
    answers = together([lambda one=one: booked(session, one).state for one in people])
    assert sorted(answers) == ["booked"] * 3 + ["waiting"] * 17
    rows = list(Booking.objects.filter(state="booked"))
    assert len({row.chair_id for row in rows}) == 3
    # All three cancel at once: the three who waited longest have the places.
    first = list(Booking.objects.filter(state="waiting").order_by("booked_at", "pk")[:3])
    together(
        [
            lambda row=row: cancel_booking(booking=row, person=row.invitation.person).state
            for row in Booking.objects.filter(state="booked").select_related("invitation__person")
        ]
    )
    now = set(Booking.objects.filter(state="booked").values_list("pk", flat=True))
    assert now == {row.pk for row in first}
    assert audit.verify().ok
