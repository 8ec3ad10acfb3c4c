"""What a submit costs and what follows it: queries, jobs, limits, the register."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock, jobs
from core.exceptions import Invalid, TooMany
from moderation.models import Item
from notifications.models import Notice
from participation.models import Contribution
from questionnaires.actions.changes import change_response, values_of
from questionnaires.models import (
    Answer,
    Question,
    Totals,
)
from tests.factories.participation import decide as decide_comment
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    answers_for,
    definition,
    make_questionnaire,
    many,
    options,
    question,
    twelve,
    when,
)
from tests.questionnaires.helpers import ANSWERS, begin, response_of, submit

pytestmark = pytest.mark.django_db


def writes_and_reads(queries: CaptureQueriesContext) -> list[str]:
    return [
        one["sql"]
        for one in queries
        if one["sql"].split(" ", 1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}
    ]


def test_a_submit_takes_twelve_queries_however_many_questions(engagement):
    counted = []
    for number in (12, 60):
        survey = make_questionnaire(engagement, many(number), key=f"k{number}")
        submit(survey, make_citizen(), answers=answers_for(many(number)))
        account = make_citizen()
        draft = begin(survey, answers_for(many(number)))
        with clock.scope(), CaptureQueriesContext(connection) as queries:
            submit(draft, account, publish_choice="name")
        found = writes_and_reads(queries)
        assert len(found) <= 12, "\n".join(one[:120] for one in found)
        counted.append(len(found))
    assert len(set(counted)) == 1
    assert Answer.objects.filter(response__questionnaire=survey).count() == 120
    assert Item.objects.filter(kind="answer").count() > 20


def test_what_follows_is_a_job_that_may_run_twice(survey, citizen):
    submit(begin(survey), citizen)
    entry = Contribution.objects.get()
    for _time in range(2):
        jobs.find("questionnaires.received")(entry.pk)
    assert Notice.objects.filter(kind="receipt", account=citizen).count() == 1
    assert Totals.objects.get().stale_since is not None
    jobs.find("questionnaires.received")(0)


def test_a_person_is_limited_and_keeps_the_draft(engagement, citizen):
    drafts = []
    for number in range(7):
        survey = make_questionnaire(engagement, definition(question("a")), key=f"k{number}")
        drafts.append(begin(survey, {"a": "x"}))
    with clock.freeze(clock.now()):
        for draft in drafts[:6]:
            submit(draft, citizen)
        with pytest.raises(TooMany):
            submit(drafts[6], citizen)
    drafts[6].refresh_from_db()
    assert drafts[6].answers == {"a": "x"}


def test_comments_and_responses_stand_in_one_register(survey, citizen):
    from tests.factories.participation import make_comment

    comment = make_comment(survey.engagement, account=citizen)
    submit(begin(survey), citizen)
    decide_comment(comment.contribution)
    states = sorted(Contribution.objects.values_list("kind", "state"))
    assert states == [("comment", "published"), ("response", "confidential")]


def test_retired_answers_stay_when_the_rest_is_changed(survey, citizen):
    response = response_of(submit(begin(survey), citizen))
    Question.objects.filter(block_id="ideas").update(retired_at=clock.now())
    answers = {key: value for key, value in ANSWERS.items() if key != "ideas"}
    change_response(
        response=response,
        answers={**answers, "evening": 4},
        person=citizen.person,
        account=citizen,
    )
    assert values_of(response)["ideas"] == "Open on Sundays."


def test_conditions_are_followed_at_submit(engagement, citizen):
    survey = make_questionnaire(
        engagement,
        definition(
            question("a", "one", options=options("yes", "no")),
            question("b", required=True, condition=when(("a", "is-any", "yes"))),
        ),
    )
    with pytest.raises(Invalid) as caught:
        submit(begin(survey, {"a": {"option": "yes"}}), citizen)
    assert caught.value.data["question"] == "b"
    submit(begin(survey, {"a": {"option": "no"}}), citizen)


def test_twelve_questions_of_every_kind_come_back_as_they_were(survey, citizen):
    answers = {**answers_for(twelve()), "branches": {"options": ["east", "west"]}}
    answers["uses"] = {"options": ["books", "study"]}
    del answers["why-not"]
    assert values_of(response_of(submit(begin(survey, answers), citizen))) == answers
