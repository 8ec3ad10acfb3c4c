"""When a response may begin, and until when one that was begun may be sent."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from core.exceptions import Closed
from questionnaires.actions.changes import change_response
from questionnaires.actions.drafts import begin_change
from questionnaires.models import (
    Draft,
    Response,
)
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    make_questionnaire,
)
from tests.questionnaires.helpers import ANSWERS, begin, response_of, submit

pytestmark = pytest.mark.django_db


MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.db
@pytest.mark.parametrize(
    ("begun", "sent", "open_"),
    [
        (-60 * MINUTE, -SECOND, True),
        (-60 * MINUTE, 0 * MINUTE, True),
        (-SECOND, 29 * MINUTE, True),
        (-SECOND, 30 * MINUTE - SECOND, True),
        (-SECOND, 30 * MINUTE, False),
        (-SECOND, 31 * MINUTE, False),
    ],
)
def test_a_draft_begun_in_time_has_the_stated_grace(citizen, server_zone, begun, sent, open_):
    engagement = make_engagement()
    survey = make_questionnaire(engagement)
    closes = engagement.closes_at
    with clock.freeze(closes + begun):
        draft = begin(survey)
    with clock.freeze(closes + sent):
        if open_:
            submit(draft, citizen)
        else:
            with pytest.raises(Closed):
                submit(draft, citizen)
    assert Response.objects.count() == open_


@pytest.mark.db
def test_without_a_draft_and_for_a_change_there_is_no_grace(survey, citizen):
    closes = survey.engagement.closes_at
    receipt = submit(begin(survey), citizen)
    with clock.freeze(closes - SECOND):
        draft = begin_change(response=response_of(receipt), person=citizen.person, language="en")
    with clock.freeze(closes):
        with pytest.raises(Closed):
            begin(survey)
        with pytest.raises(Closed):
            submit(survey, make_citizen())
        with pytest.raises(Closed):
            submit(draft, citizen)
        with pytest.raises(Closed):
            change_response(
                response=response_of(receipt),
                answers=ANSWERS,
                person=citizen.person,
                account=citizen,
            )


def test_before_the_opening_nothing_begins(citizen):
    survey = make_questionnaire(make_engagement(opens=dt.timedelta(days=1)))
    with pytest.raises(Closed):
        begin(survey)


def test_a_draft_begun_before_the_opening_has_no_way_in(survey, citizen):
    draft = begin(survey)
    opens = survey.engagement.opens_at
    Draft.objects.update(begun_at=opens - SECOND)
    draft.refresh_from_db()
    with clock.freeze(survey.engagement.closes_at + MINUTE), pytest.raises(Closed):
        submit(draft, citizen)
