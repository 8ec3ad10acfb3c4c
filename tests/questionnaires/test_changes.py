"""Changing and withdrawing a response until the close."""

from __future__ import annotations

import pytest

from core.exceptions import Conflict, DomainError, SignInNeeded
from moderation.models import Item
from participation.actions.contributions import withdraw_contribution
from participation.models import ContributionVersion
from questionnaires.actions.changes import change_response, values_of
from questionnaires.actions.drafts import begin_change, save_draft
from questionnaires.models import (
    Answer,
    Response,
)
from questionnaires.signing import Signing
from tests.factories.participation import make_citizen
from tests.questionnaires.helpers import (
    ANSWERS,
    audit_holds,
    begin,
    decide_on,
    decide_on_again,
    response_of,
    submit,
)

pytestmark = pytest.mark.django_db


def test_a_change_is_a_new_version_and_answers_keep_their_addresses(survey, citizen):
    response = response_of(submit(begin(survey), citizen, publish_choice="name"))
    before = dict(response.answers.values_list("question__block_id", "public_id"))
    for item in Item.objects.all():
        decide_on(item, "publish")
    changed = {**ANSWERS, "ideas": "Open all night.", "best": "The quiet"}
    del changed["until"]
    change_response(response=response, answers=changed, person=citizen.person, account=citizen)
    response.refresh_from_db()
    assert values_of(response) == changed
    after = dict(response.answers.values_list("question__block_id", "public_id"))
    assert all(after[key] == before[key] for key in before if key in after)
    entry = response.contribution
    assert (entry.version, entry.versions.count()) == (2, 2)
    assert entry.edited_at is not None
    states = dict(response.answers.values_list("question__block_id", "state"))
    # What was read already stays public; what is new waits again.
    assert (states["branches"], states["ideas"], states["best"]) == ("published", "held", "held")
    waiting = Item.objects.filter(state="waiting")
    assert waiting.count() == 2
    audit_holds()
    for item in waiting:
        decide_on_again(item)
    assert Answer.objects.published().count() == 3


def test_the_same_again_writes_nothing(survey, citizen):
    response = response_of(submit(begin(survey), citizen))
    change_response(response=response, answers=ANSWERS, person=citizen.person, account=citizen)
    assert ContributionVersion.objects.count() == 1


def test_going_private_takes_every_text_back(survey, citizen):
    response = response_of(submit(begin(survey), citizen, publish_choice="alias", alias="Owl"))
    decide_on(Item.objects.filter(kind="answer").first(), "publish")
    change_response(
        response=response,
        answers=ANSWERS,
        person=citizen.person,
        account=citizen,
        signing=Signing(),
    )
    response.refresh_from_db()
    assert response.contribution.state == "confidential"
    assert response.contribution.author_name == ""
    assert set(response.answers.values_list("state", flat=True)) == {"none"}
    assert response.signature_state == "none"
    assert not Item.objects.filter(state="waiting").exists()
    audit_holds()


def test_going_public_puts_every_text_before_a_moderator(survey, citizen):
    response = response_of(submit(begin(survey), citizen))
    change_response(
        response=response,
        answers=ANSWERS,
        person=citizen.person,
        account=citizen,
        signing=Signing(publish_choice="name"),
    )
    assert Item.objects.filter(kind="answer", state="waiting").count() == 2
    audit_holds()


def test_a_change_is_a_draft_too_and_two_windows_notice_each_other(survey, citizen):
    receipt = submit(begin(survey), citizen)
    response = response_of(receipt)
    draft = begin_change(response=response, person=citizen.person, language="en")
    assert draft.answers == ANSWERS
    change_response(
        response=response,
        answers={**ANSWERS, "evening": 4},
        person=citizen.person,
        account=citizen,
    )
    with pytest.raises(Conflict):
        submit(draft, citizen)
    draft = begin_change(response=response_of(receipt), person=citizen.person, language="en")
    draft = save_draft(draft=draft, values={"evening": None, "until": None})
    assert submit(draft, citizen) == receipt
    assert "evening" not in values_of(response)


def test_nobody_else_changes_it(survey, citizen):
    response = response_of(submit(begin(survey), citizen))
    other = make_citizen()
    with pytest.raises(DomainError):
        change_response(response=response, answers={}, person=other.person, account=other)
    with pytest.raises(SignInNeeded):
        change_response(response=response, answers={}, person=None, account=None)


def test_a_withdrawn_response_is_not_live_and_another_may_follow(survey, citizen):
    response = response_of(submit(begin(survey), citizen, publish_choice="alias", alias="Owl"))
    withdraw_contribution(
        contribution=response.contribution, person=citizen.person, account=citizen
    )
    response.refresh_from_db()
    assert not response.live
    assert not Item.objects.filter(state="waiting").exists()
    with pytest.raises(DomainError):
        change_response(response=response, answers=ANSWERS, person=citizen.person, account=citizen)
    submit(begin(survey), citizen)
    assert Response.objects.counted().count() == 1
    audit_holds()
