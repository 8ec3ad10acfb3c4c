"""Submitting a response: what the register holds afterwards."""

from __future__ import annotations

import json

import pytest

from core import clock
from core.exceptions import Conflict, Invalid, SignInNeeded
from moderation.models import Item
from participation.models import Contribution
from questionnaires.actions.changes import change_response, values_of
from questionnaires.models import (
    AnswerChoice,
    Draft,
    Option,
    Response,
)
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import (
    definition,
    levels,
    make_questionnaire,
    question,
)
from tests.questionnaires.helpers import ANSWERS, audit_holds, begin, response_of, submit

pytestmark = pytest.mark.django_db


def test_a_draft_becomes_one_entry_with_its_answers(survey, citizen):
    receipt = submit(begin(survey), citizen)
    entry = Contribution.objects.get()
    assert (entry.kind, entry.state, entry.publish_choice) == (
        "response",
        "confidential",
        "confidential",
    )
    assert entry.consent_version
    assert entry.receipt == receipt
    assert json.loads(entry.text) == {"answers": ANSWERS, "route": "whole"}
    assert entry.versions.get().text == entry.text
    response = response_of(receipt)
    assert values_of(response) == ANSWERS
    assert AnswerChoice.objects.count() == 4
    assert not Item.objects.exists()
    draft = Draft.objects.get()
    assert (draft.answers, draft.response, draft.person) == ({}, response, citizen.person)
    survey.refresh_from_db()
    assert survey.frozen_at is not None
    audit_holds()


def test_the_same_answers_give_the_same_text_in_any_order(survey):
    first, second = make_citizen(), make_citizen()
    backwards = dict(reversed(ANSWERS.items()))
    submit(survey, first)
    submit(survey, second, answers=backwards)
    assert len(set(Contribution.objects.values_list("text", flat=True))) == 1


def test_a_draft_submitted_twice_is_one_response(survey, citizen):
    draft = begin(survey)
    assert submit(draft, citizen) == submit(draft, citizen)
    assert Response.objects.count() == Contribution.objects.count() == 1


def test_one_key_is_one_response(survey, citizen):
    first = submit(survey, citizen, idempotency_key="k")
    assert submit(survey, citizen, idempotency_key="k") == first
    with pytest.raises(Conflict) as caught:
        submit(survey, citizen, idempotency_key="k", answers={**ANSWERS, "evening": 1})
    assert caught.value.code == "already_sent"


def test_one_live_response_a_capacity(survey, citizen):
    first = submit(begin(survey), citizen)
    with pytest.raises(Conflict) as caught:
        submit(begin(survey), citizen)
    assert caught.value.code == "already_answered"
    assert caught.value.data["receipt"] == first.code
    submit(begin(survey), citizen, capacity="organisation", organisation="Reading Circle")
    assert Response.objects.counted().count() == 2


def test_a_second_draft_may_replace_what_was_sent(survey, citizen):
    first = submit(begin(survey), citizen)
    other = {**ANSWERS, "evening": 2}
    del other["until"]
    second = begin(survey, other)
    assert submit(second, citizen, replace=True) == first
    assert values_of(response_of(first)) == other
    second.refresh_from_db()
    assert second.submitted_at is not None
    audit_holds()


def test_nobody_signed_in_is_asked_to(survey):
    draft = begin(survey)
    with pytest.raises(SignInNeeded):
        submit(draft, None)
    draft.refresh_from_db()
    assert draft.answers == ANSWERS
    assert not Contribution.objects.exists()


def test_where_anyone_may_answer_no_person_is_needed_and_none_is_promised():
    engagement = make_engagement(levels=levels(0))
    survey = make_questionnaire(engagement)
    submit(begin(survey), None)
    submit(begin(survey), None, publish_choice="alias", alias="Old Reader")
    assert Response.objects.counted().filter(person=None, level=0).count() == 2
    with pytest.raises(Invalid) as caught:
        submit(begin(survey), None, publish_choice="name")
    assert caught.value.field == "publish_choice"


def test_answers_of_what_is_not_shown_are_left_out_of_a_draft(survey, citizen):
    answers = {**ANSWERS, "visits": {"option": "no"}, "why-not": "Too far."}
    response = response_of(submit(begin(survey, answers), citizen))
    assert "branches" not in values_of(response)
    assert values_of(response)["why-not"] == "Too far."


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({**ANSWERS, "visits": {"option": "no"}}, "not_shown"),
        ({**ANSWERS, "nobody": 1}, "unknown_question"),
        ({**ANSWERS, "visits": {"option": "central"}}, "unknown_option"),
        ({**ANSWERS, "evening": "1e309"}, "unknown_step"),
        ({**ANSWERS, "until": float("nan")}, "not_a_number"),
        ({**ANSWERS, "begin": "2026-02-29"}, "not_a_date"),
        ({**ANSWERS, "ideas": "a\x00b"}, "control_characters"),
        ({**ANSWERS, "read": "something"}, "not_a_question"),
        ({key: value for key, value in ANSWERS.items() if key != "keep"}, "required"),
        ({}, "required"),
    ],
)
def test_a_program_is_told_what_is_wrong(survey, citizen, answers, code):
    with pytest.raises(Invalid) as caught:
        submit(survey, citizen, answers=answers)
    assert caught.value.code == code
    assert not Contribution.objects.exists()


def test_every_problem_is_told_at_once(survey, citizen):
    with pytest.raises(Invalid) as caught:
        submit(survey, citizen, answers={"visits": {"option": "x"}, "begin": "x"})
    assert [one["question"] for one in caught.value.data["problems"]] == [
        "visits",
        "begin",
        "keep",
    ]


def test_nothing_answered_is_no_response(engagement, citizen):
    survey = make_questionnaire(engagement, definition(question("a"), question("b")))
    with pytest.raises(Invalid) as caught:
        submit(begin(survey, {}), citizen)
    assert caught.value.code == "empty"
    submit(begin(survey, {"a": "One answer is enough."}), citizen)


def test_the_key_route_asks_and_keeps_its_own(survey, citizen):
    draft = begin(survey, {"visits": {"option": "yes"}, "evening": 3, "best": "x"}, route="key")
    response = response_of(submit(draft, citizen))
    assert response.route == "key"
    assert set(values_of(response)) == {"visits", "evening"}


def test_an_option_closed_while_writing_is_refused_and_kept_by_who_had_it(survey, citizen):
    first = response_of(submit(begin(survey), citizen))
    draft = begin(survey)
    Option.objects.filter(block_id="books").update(closed_at=clock.now())
    with pytest.raises(Invalid) as caught:
        submit(draft, make_citizen())
    assert caught.value.code == "closed_option"
    change_response(
        response=first,
        answers={**ANSWERS, "ideas": "Open later."},
        person=citizen.person,
        account=citizen,
    )
    assert values_of(first)["uses"] == {"options": ["books"]}
