"""Submitting, changing and withdrawing a response: what the register holds afterwards."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from core import clock, jobs
from core.exceptions import Closed, Conflict, DomainError, Invalid, SignInNeeded, TooMany
from moderation.models import Item
from notifications.models import Notice
from participation.actions.contributions import withdraw_contribution
from participation.models import Contribution, ContributionVersion, Engagement, Receipt
from questionnaires.actions.changes import change_response, values_of
from questionnaires.actions.drafts import begin_change, begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.models import (
    Answer,
    AnswerChoice,
    Draft,
    Option,
    Question,
    Questionnaire,
    Response,
    Totals,
)
from questionnaires.signing import Signing
from tests.factories.engagements import make_account, make_engagement
from tests.factories.participation import decide as decide_comment
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.questionnaires import (
    answers_for,
    definition,
    levels,
    make_questionnaire,
    many,
    options,
    question,
    twelve,
    when,
)

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, Any] = {
    "visits": {"option": "yes"},
    "branches": {"options": ["central", "elsewhere"], "other": "The mobile van"},
    "evening": 5,
    "until": "22",
    "uses": {"options": ["books"]},
    "ideas": "Open on Sundays.",
    "keep": True,
}


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


@pytest.fixture
def survey(engagement: Engagement) -> Questionnaire:
    return make_questionnaire(engagement)


@pytest.fixture
def citizen() -> Account:
    return make_citizen()


def begin(survey: Questionnaire, answers: dict[str, Any] | None = None, **how: Any) -> Draft:
    draft = begin_draft(
        questionnaire=survey, person=None, language="en", source="address:192.0.2.1", **how
    )
    return save_draft(draft=draft, values=ANSWERS if answers is None else answers)


def submit(what: Draft | Questionnaire, account: Account | None, **how: Any) -> Receipt:
    given: dict[str, Any] = (
        {"draft": what} if isinstance(what, Draft) else {"questionnaire": what, "answers": ANSWERS}
    )
    return submit_response(
        **{
            **given,
            "person": account.person if account else None,
            "account": account,
            "source": "address:192.0.2.1",
            **how,
        }
    )


def response_of(receipt: Receipt) -> Response:
    return Response.objects.select_related("contribution__engagement").get(
        contribution__receipt=receipt
    )


def audit_holds() -> None:
    call_command("verify_audit", stdout=io.StringIO())


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


# --- who may read it ----------------------------------------------------------------------------


def test_every_text_to_be_published_waits_for_a_moderator(survey, citizen):
    receipt = submit(begin(survey), citizen, publish_choice="name")
    response = response_of(receipt)
    assert response.contribution.state == "published"
    assert response.contribution.author_name == citizen.display_name
    held = set(response.answers.filter(state="held").values_list("question__block_id", flat=True))
    assert held == {"branches", "ideas"}
    assert set(Item.objects.values_list("kind", flat=True)) == {"answer"}
    assert Item.objects.count() == 2
    assert response.signature_state == "none"
    assert not Answer.objects.published().exists()
    audit_holds()


def test_under_the_policy_after_texts_are_public_at_once_and_queued():
    survey = make_questionnaire(make_engagement(moderation_policy="after"))
    submit(begin(survey), make_citizen(), publish_choice="name")
    assert Answer.objects.published().count() == 2
    assert Item.objects.filter(state="waiting").count() == 2


@pytest.mark.parametrize(
    "signing",
    [
        {"publish_choice": "alias", "alias": "Night Owl"},
        {
            "publish_choice": "name",
            "capacity": "organisation",
            "organisation": "Friends of the Library",
        },
    ],
)
def test_a_name_chosen_here_waits_for_a_moderator(survey, citizen, signing):
    receipt = submit(begin(survey), citizen, **signing)
    response = response_of(receipt)
    assert response.signature_state == "held"
    item = Item.objects.get(kind="response")
    assert item.target_id == response.contribution.public_id
    moderator = make_moderator()
    decide_on(item, "withhold", moderator)
    response.refresh_from_db()
    assert response.signature_state == "withheld"
    assert response.contribution.state == "published"
    audit_holds()


def decide_on(item: Item, verdict: str, by: Account | None = None) -> None:
    from moderation.actions import decide

    decide(
        item=item,
        verdict=verdict,
        rule="r1" if verdict == "withhold" else "",
        version=item.version,
        by=by or make_moderator(),
    )


@pytest.mark.parametrize(("verdict", "public"), [("publish", 1), ("withhold", 0)])
def test_a_decision_is_about_one_text_and_its_author_is_told(survey, citizen, verdict, public):
    response = response_of(submit(begin(survey), citizen, publish_choice="name"))
    answer = response.answers.get(question__block_id="ideas")
    decide_on(Item.objects.get(target_id=answer.public_id), verdict)
    assert Answer.objects.published().count() == public
    response.refresh_from_db()
    assert response.contribution.state == "published"
    notice = Notice.objects.get(kind="decision")
    assert notice.account == citizen
    assert "receipts" in notice.path
    audit_holds()


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"capacity": "crowd"}, "capacity"),
        ({"capacity": "organisation"}, "organisation"),
        ({"capacity": "organisation", "organisation": "x" * 201}, "organisation"),
        ({"capacity": "organisation", "organisation": "\ud800"}, "organisation"),
        (
            {
                "capacity": "organisation",
                "organisation": "Circle",
                "publish_choice": "alias",
                "alias": "A",
            },
            "publish_choice",
        ),
        ({"publish_choice": "everybody"}, "publish_choice"),
        ({"publish_choice": "alias"}, "alias"),
        ({"publish_choice": "alias", "alias": "Home Affairs Bureau"}, "alias"),
        ({"publish_choice": "alias", "alias": "\u200b"}, "alias"),
    ],
)
def test_a_name_that_cannot_stand_is_refused(survey, citizen, how, field):
    with pytest.raises(Invalid) as caught:
        submit(begin(survey), citizen, **how)
    assert caught.value.field == field
    assert not Contribution.objects.exists()


def test_a_display_name_is_asked_for_only_where_none_is_known(survey):
    nameless = make_account()
    with pytest.raises(Invalid) as caught:
        submit(begin(survey), nameless, publish_choice="name")
    assert caught.value.field == "display_name"
    receipt = submit(begin(survey), nameless, publish_choice="name", display_name="Kam Tin Lad")
    assert response_of(receipt).contribution.author_name == "Kam Tin Lad"


def test_a_questionnaire_for_individuals_takes_no_organisation(engagement, citizen):
    survey = make_questionnaire(engagement, definition(question("a"), organisations=False))
    with pytest.raises(Invalid) as caught:
        submit(begin(survey, {"a": "x"}), citizen, capacity="organisation", organisation="Circle")
    assert caught.value.field == "capacity"


# --- changing and withdrawing -------------------------------------------------------------------


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


def decide_on_again(item: Item) -> None:
    from moderation.actions import decide, last_decision

    last = last_decision(item.kind, item.target_id)
    decide(
        item=item,
        verdict="publish",
        version=item.version,
        by=make_moderator(),
        after=last.public_id if last else "",
    )


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


# --- time ---------------------------------------------------------------------------------------

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


# --- queries, limits, what follows --------------------------------------------------------------


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
