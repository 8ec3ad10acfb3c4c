"""What is submitted at once, released together: one live response, whatever was sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.exceptions import Conflict
from core.ids import public_id
from participation.models import Contribution, Receipt
from questionnaires.actions.changes import change_response
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.models import Draft, Questionnaire, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import definition, levels, make_questionnaire, question
from tests.factories.together import released_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

AT_ONCE = 6


def together(work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(number)`` in threads released at once; results, refusals included."""
    return released_together([partial(work, number) for number in range(AT_ONCE)])


@pytest.fixture
def survey() -> Questionnaire:
    return make_questionnaire(make_engagement(), definition(question("a"), question("b", "scale")))


def written(survey: Questionnaire, number: int) -> Draft:
    draft = begin_draft(questionnaire=survey, person=None, language="en", source=f"s{number}")
    return save_draft(draft=draft, values={"a": f"Answer {number}"})


def test_drafts_of_one_person_at_once_are_one_live_response(survey):
    citizen = make_citizen()
    drafts = [written(survey, number) for number in range(AT_ONCE)]
    results = together(
        lambda number: submit_response(draft=drafts[number], person=citizen.person, account=citizen)
    )
    receipts = [row for row in results if isinstance(row, Receipt)]
    refused = [row for row in results if isinstance(row, Conflict)]
    assert (len(receipts), len(refused)) == (1, AT_ONCE - 1)
    assert {one.code for one in refused} == {"already_answered"}
    assert {one.data["receipt"] for one in refused} == {receipts[0].code}
    assert Response.objects.count() == Contribution.objects.count() == 1
    assert Draft.objects.open().count() == AT_ONCE - 1


def test_one_draft_sent_at_once_is_one_receipt(survey):
    citizen = make_citizen()
    draft = written(survey, 0)
    results = together(
        lambda _number: submit_response(draft=draft, person=citizen.person, account=citizen).code
    )
    assert len(set(results)) == 1
    assert Response.objects.count() == Receipt.objects.count() == 1


def test_one_key_sent_at_once_is_one_receipt(survey):
    citizen = make_citizen()
    results = together(
        lambda _number: (
            submit_response(
                questionnaire=survey,
                answers={"a": "Said"},
                person=citizen.person,
                account=citizen,
                idempotency_key="one-form",
            ).code
        )
    )
    assert len(set(results)) == 1
    assert Response.objects.count() == 1


def anonymously(survey: Questionnaire, text: str) -> str:
    """The receipt's code of a response without a person, with the one key."""
    receipt = submit_response(
        questionnaire=survey,
        answers={"a": text},
        person=None,
        account=None,
        idempotency_key="a-secret-of-the-sender",
        source="192.0.2.1",
    )
    return receipt.code


@pytest.fixture
def anybodys() -> Questionnaire:
    engagement = make_engagement(levels=levels(0))
    return make_questionnaire(engagement, definition(question("a"), question("b", "scale")))


def test_one_key_of_nobody_sent_at_once_is_one_receipt(anybodys):
    results = together(lambda _number: anonymously(anybodys, "Said"))
    assert len(set(results)) == 1
    assert Response.objects.count() == Contribution.objects.count() == Receipt.objects.count() == 1


def test_one_key_of_nobody_with_several_texts_at_once_is_one_of_them(anybodys):
    results = together(lambda number: anonymously(anybodys, f"Said {number}"))
    refused = [row for row in results if isinstance(row, Conflict)]
    assert {(one.code, one.status) for one in refused} == {("already_sent", 422)}
    assert len(refused) == AT_ONCE - 1
    receipt = Receipt.objects.get()
    assert receipt.code in results
    assert Contribution.objects.get() == receipt.contribution


def test_the_key_of_nobody_is_kept_once_by_the_database(anybodys):
    anonymously(anybodys, "Said")
    entry = Contribution.objects.get()
    entry.pk, entry.public_id = None, public_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    assert Contribution.objects.count() == 1


def test_different_people_at_once_are_all_received(survey):
    citizens = [make_citizen() for _number in range(AT_ONCE)]
    drafts = [written(survey, number) for number in range(AT_ONCE)]
    together(
        lambda number: submit_response(
            draft=drafts[number], person=citizens[number].person, account=citizens[number]
        )
    )
    assert Response.objects.counted().count() == AT_ONCE
    survey.refresh_from_db()
    assert survey.frozen_at is not None


def test_changes_at_once_end_as_one_of_them(survey):
    citizen = make_citizen()
    receipt = submit_response(draft=written(survey, 0), person=citizen.person, account=citizen)
    response = Response.objects.get(contribution__receipt=receipt)
    together(
        lambda number: change_response(
            response=response,
            answers={"a": f"Changed {number}"},
            person=citizen.person,
            account=citizen,
        )
    )
    entry = Contribution.objects.get()
    assert entry.version == entry.versions.count()
    assert response.answers.count() == 1
    assert response.answers.get().text in entry.text
