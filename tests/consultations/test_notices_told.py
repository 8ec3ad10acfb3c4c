"""Public notices reach by mail whom they concern, once each: changes, rules, corrections."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Account
from consultations.actions.paper import publish_paper
from core import clock, jobs
from notifications.models import Notice
from participation.actions.follows import follow_engagement
from participation.models import Contribution, PublicNotice
from questionnaires.actions.definition import correct_question
from questionnaires.models import Questionnaire
from tests.factories.consultations import edit_paper, make_paper, translate_all
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account, make_engagement
from tests.factories.participation import make_citizen, make_receipt
from tests.factories.reports import make_questionnaire, make_response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def told(kind: str) -> list[Account]:
    rows = Notice.objects.filter(kind=kind).select_related("account").order_by("pk")
    return [row.account for row in rows]


def answered_by(questionnaire: Questionnaire, account: Account, **how: Any) -> Contribution:
    entry = make_response(questionnaire, {"one": "one-yes"}, **how).contribution
    entry.person = account.person
    entry.save()
    return entry


def frozen() -> Questionnaire:
    questionnaire = make_questionnaire(make_engagement(title="Market"))
    questionnaire.frozen_at = clock.now()
    questionnaire.save()
    return questionnaire


def correct(questionnaire: Questionnaire, text: str = "We meant wet markets.") -> PublicNotice:
    return correct_question(
        questionnaire=questionnaire,
        anchor="q-one",
        text={"en": text, "zh-hant": "我們指街市。"},
        by=make_officer(),
    )


def test_a_correction_reaches_who_answered_and_who_follows_once() -> None:
    questionnaire = frozen()
    engagement = questionnaire.engagement
    answered, follower, both, gone = (make_account() for _each in range(4))
    commented = make_citizen()
    answered_by(questionnaire, answered)
    answered_by(questionnaire, both)
    answered_by(questionnaire, gone, state="withdrawn")
    make_receipt(engagement, "Only a comment.", account=commented)
    for account in (follower, both):
        follow_engagement(engagement=engagement, account=account)
    notice = correct(questionnaire)
    jobs.drain()
    assert sorted(one.pk for one in told("corrected")) == [answered.pk, follower.pk, both.pk]
    jobs.enqueue("participation.tell_readers", "corrected", notice.pk)
    jobs.drain()
    assert len(told("corrected")) == 3
    correct(questionnaire, "Fresh food, that is.")
    jobs.drain()
    assert len(told("corrected")) == 6


def test_the_receipt_shows_what_was_corrected_since() -> None:
    questionnaire = frozen()
    correct(questionnaire, "Known before.")
    entry = answered_by(questionnaire, make_account())
    Contribution.objects.filter(pk=entry.pk).update(received_at=clock.now())
    correct(questionnaire, "<b>Said</b> later.")
    receipt = make_receipt(questionnaire.engagement, "x")
    code = receipt.code
    type(receipt).objects.filter(pk=receipt.pk).update(contribution=entry)
    page = Client().get(f"/en/receipts/{code}/").content.decode()
    assert "Notes on the questions since you answered" in page
    assert "&lt;b&gt;Said&lt;/b&gt; later." in page
    assert "Known before." not in page
    assert "我們指街市。" in Client().get(f"/zh-hant/receipts/{code}/").content.decode()


def test_a_changed_paper_and_changed_rules_reach_followers_alone() -> None:
    page, engagement = make_paper()
    officer, follower, commented = make_officer(), make_account(), make_citizen()
    follow_engagement(engagement=engagement, account=follower)
    make_receipt(engagement, "A comment.", account=commented)
    edit_paper(page, by=officer, moderation_policy="after", rules_reason="Too many notices waited.")
    translate_all(page, officer)
    publish_paper(page=page, by=None)
    jobs.drain()
    assert told("rules") == [follower]
    assert told("changed") == []
    assert "Too many notices waited." in str(Notice.objects.get(kind="rules").params)


def test_home_leads_to_the_latest_answers_that_may_be_seen(client: Client) -> None:
    from questionnaires.actions.counting import keep_figures

    def asked(title: str, responses: int, **fields: Any) -> str:
        questionnaire = make_questionnaire(make_engagement(title=title, **fields))
        for _each in range(responses):
            make_response(questionnaire, {"one": "one-yes"})
        keep_figures(questionnaire=questionnaire)
        return f"/en/e/{questionnaire.engagement.public_id}/said/"

    few = asked("Few", 4)
    seen = asked("Seen", 5)
    sealed = asked("Sealed", 9, results_from="close")
    held = asked("Held", 9, results_from="outcome")
    page = client.get("/en/").content.decode()
    assert seen in page
    assert "5 responses: how each question was answered" in page
    assert not [path for path in (few, sealed, held) if path in page]
    cache.clear()
    assert "5份答卷" in client.get("/zh-hant/").content.decode()
