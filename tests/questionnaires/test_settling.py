"""Two persons that are one, an account that closes, one's own data, drafts that are swept."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts import export
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid, TooMany
from participation.actions.merging import settle_merged as settle_register
from participation.models import Contribution
from questionnaires.actions.about_you import save_about_you
from questionnaires.actions.drafts import (
    begin_draft,
    drop_draft,
    save_draft,
    stamp,
    sweep_drafts,
)
from questionnaires.actions.responses import submit_response
from questionnaires.actions.settling import erase_account, settle_merged
from questionnaires.models import AboutYou, Draft, Questionnaire, Response
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import definition, make_questionnaire, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey() -> Questionnaire:
    return make_questionnaire(make_engagement(), definition(question("a"), question("b")))


def written(survey: Questionnaire, text: str = "Said", **how) -> Draft:
    draft = begin_draft(
        questionnaire=survey, person=None, language="en", source="address:192.0.2.1", **how
    )
    return save_draft(draft=draft, values={"a": text})


def answered(survey: Questionnaire, account, text: str = "Said", **how) -> Response:
    receipt = submit_response(
        draft=written(survey, text), person=account.person, account=account, **how
    )
    return Response.objects.select_related("contribution__engagement", "questionnaire").get(
        contribution__receipt=receipt
    )


@pytest.mark.parametrize("first_is_kept", [True, False])
def test_of_two_responses_of_one_person_the_earliest_stands(survey, first_is_kept):
    keep, gone = make_citizen(), make_citizen()
    order = [keep, gone] if first_is_kept else [gone, keep]
    first = answered(survey, order[0], "First")
    with clock.travel(dt.timedelta(minutes=1)):
        second = answered(survey, order[1], "Second")
    alone = answered(survey, gone, capacity="organisation", organisation="Circle")
    settle_register(keep=keep.person, gone=gone.person)
    settle_merged(keep=keep.person, gone=gone.person)
    assert set(Response.objects.counted()) == {first, alone}
    assert not Response.objects.filter(person=gone.person).exists()
    second.refresh_from_db()
    assert (second.live, second.contribution.state) == (False, "withdrawn")
    settle_merged(keep=keep.person, gone=gone.person)
    assert Response.objects.counted().count() == 2
    call_command("verify_audit", stdout=io.StringIO())


def test_closing_an_account_leaves_the_answers_without_a_name(survey):
    citizen = make_citizen()
    response = answered(survey, citizen, publish_choice="alias", alias="Owl")
    save_about_you(response=response, facts={"age": "25-34", "district": "prefer-not"})
    draft = written(survey)
    Draft.objects.filter(pk=draft.pk).update(person=citizen.person)
    erase_account(account=citizen, last=False)
    assert AboutYou.objects.exists()
    erase_account(account=citizen, last=True)
    assert not AboutYou.objects.exists()
    assert not Draft.objects.open().exists()
    assert response.answers.get().text == "Said"
    call_command("verify_audit", stdout=io.StringIO())


def test_ones_own_data_holds_every_answer(survey):
    citizen = make_citizen()
    response = answered(survey, citizen)
    save_about_you(response=response, facts={"gender": "another"})
    draft = written(survey, "Not sent yet")
    Draft.objects.filter(pk=draft.pk).update(person=citizen.person)
    found = export.export_of(citizen)
    assert found["responses"][0]["answers"][0]["answer"] == "Said"
    assert found["responses"][0]["about_you"] == {"gender": "another"}
    assert found["drafts"][0]["answers"] == {"a": "Not sent yet"}


@pytest.mark.parametrize("facts", [{"age": "old"}, {"shoes": "42"}, {"age": "\x00"}])
def test_about_you_takes_what_is_offered(survey, facts):
    response = answered(survey, make_citizen())
    with pytest.raises(Invalid):
        save_about_you(response=response, facts=facts)
    assert save_about_you(response=response, facts={"age": ""}) is None
    assert not AboutYou.objects.exists()


def test_about_you_is_not_asked_everywhere():
    quiet = make_questionnaire(make_engagement(), definition(question("a"), ask_about_you=False))
    with pytest.raises(Closed):
        save_about_you(response=answered(quiet, make_citizen()), facts={"age": "18-24"})


def test_two_windows_notice_each_other_where_they_meet(survey):
    draft = written(survey)
    page_a, page_b = stamp(draft, ["a"]), stamp(draft, ["b"])
    save_draft(draft=draft, values={"a": "Newer"}, was=page_a)
    with pytest.raises(Conflict):
        save_draft(draft=draft, values={"a": "Older"}, was=page_a)
    # The other page's answers are its own.
    row = save_draft(draft=draft, values={"b": "Beside"}, was=page_b)
    assert row.answers == {"a": "Newer", "b": "Beside"}
    assert row.revision == 3


def test_an_answer_may_be_taken_back(survey):
    draft = written(survey)
    assert save_draft(draft=draft, values={"a": None}).answers == {}


def test_a_dropped_draft_is_gone_and_a_submitted_one_stays(survey):
    draft = written(survey)
    drop_draft(draft=draft)
    with pytest.raises(Absent):
        save_draft(draft=draft, values={"a": "x"})
    answered(survey, make_citizen())
    drop_draft(draft=Draft.objects.get())
    assert Draft.objects.count() == 1


@pytest.mark.db
def test_after_the_grace_nothing_is_saved_and_all_can_be_read(survey):
    draft = written(survey)
    closes = survey.engagement.closes_at
    with clock.freeze(closes + dt.timedelta(minutes=29)):
        save_draft(draft=draft, values={"b": "In time"})
    with clock.freeze(closes + dt.timedelta(minutes=30)), pytest.raises(Closed):
        save_draft(draft=draft, values={"b": "Late"})
    draft.refresh_from_db()
    assert draft.answers["b"] == "In time"


@pytest.mark.db
def test_drafts_are_swept_after_their_time_unless_it_was_extended(survey):
    draft = written(survey)
    other = written(make_questionnaire(make_engagement(), definition(question("a"))))
    engagement = other.questionnaire.engagement
    engagement.closes_at += dt.timedelta(days=90)
    engagement.save()
    with clock.freeze(draft.expires_at - dt.timedelta(seconds=1)):
        assert sweep_drafts() == 0
    with clock.freeze(draft.expires_at + dt.timedelta(hours=1)):
        assert sweep_drafts() == 1
        assert sweep_drafts() == 0
    assert Draft.objects.get() == other


def test_drafts_are_no_entries_of_the_register(survey):
    written(survey)
    assert not Contribution.objects.exists()


def test_beginning_is_limited_by_address(survey):
    with clock.freeze(clock.now()):
        for _time in range(30):
            begin_draft(questionnaire=survey, person=None, language="en", source="one")
        with pytest.raises(TooMany):
            begin_draft(questionnaire=survey, person=None, language="en", source="one")


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_mails_speak_of_answers(survey, language):
    from django.core import mail

    from core import jobs
    from tests.factories.engagements import make_account

    account = make_account(language=language, display_name="Reader")
    answered(survey, account, publish_choice="name")
    jobs.drain()
    said = "\n".join(one.body for one in mail.outbox if account.email in one.to)
    word = {"en": "Your answers to", "zh-hant": "的答卷", "zh-hans": "的答卷"}[language]
    assert word in said
    assert "comment" not in said.lower()
