"""Answers and draws at the same instant: threads with a connection of their own."""

from __future__ import annotations

import pytest

from core import audit, clock
from core.exceptions import Closed
from crowdtasks.panel import rules
from crowdtasks.panel.actions.answering import decline_invitation
from crowdtasks.panel.actions.drawing import draw_plan
from crowdtasks.panel.models import Draw, Invitation
from crowdtasks.panel.proof import faults_of
from crowdtasks.panel.reading import tired_persons
from tests.factories.panel import drawn, invitations_of, make_invited, officer_of, plan, volunteers
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
