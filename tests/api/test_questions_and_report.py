"""Questions, responses and the report through the API."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.management import call_command

from accounts.models import Role
from core import jobs
from core.models import AuditEntry
from participation.models import Channel
from questionnaires import tasks
from questionnaires.models import Response
from tests.factories.accounts import make_account, make_administrator, make_bureau, make_staff
from tests.factories.engagements import make_engagement
from tests.factories.questionnaires import answers_for, make_questionnaire, many
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db


def test_what_is_asked_can_be_read_and_answered(api):
    engagement = make_engagement()
    make_questionnaire(engagement, many(12))
    status, asked = api().ask("GET", f"consultations/{engagement.public_id}/questions")
    assert status == 200
    keys = [one["key"] for part in asked["sections"] for one in part["questions"]]
    assert keys == [one.key for one in many(12).questions()]
    citizen = api(make_account())
    path = f"consultations/{engagement.public_id}/responses"
    body = {"answers": answers_for(many(12))}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    status, sent = citizen.ask("POST", path, body, **key)
    assert (status, sent["kind"], sent["state"]) == (201, "response", "confidential")
    assert citizen.ask("POST", path, body, **key)[1]["receipt"] == sent["receipt"]
    status, problem = citizen.ask("POST", path, body)
    assert (status, problem["code"], problem["receipt"]) == (
        409,
        "already_answered",
        sent["receipt"],
    )
    assert Response.objects.get().contribution.channel == Channel.API


@pytest.mark.parametrize(
    "answers",
    [{"nothing": "x"}, {"n" * 41: "x"}, [], None, "text", {"how": {"option": "none-such"}}],
)
def test_answers_that_fit_no_question_are_refused(api, answers):
    engagement = make_engagement()
    make_questionnaire(engagement, many(12))
    path = f"consultations/{engagement.public_id}/responses"
    sound = answers_for(many(12))
    if isinstance(answers, dict):
        # Beside sound answers, which alone would be taken.
        answers = {**sound, **answers}
    status, _problem = api(make_account()).ask("POST", path, {"answers": answers})
    assert status == 422
    assert not Response.objects.exists()


def test_the_report_reconciles_and_its_statements_are_the_tally(api, capsys):
    epd, lcsd = make_bureau("EPD"), make_bureau("LCSD")
    engagement = make_engagement(bureau=epd)
    make_questionnaire(engagement, many(12))
    statement = make_statement(engagement)
    citizen = api(make_account())
    citizen.ask("PUT", f"statements/{statement.public_id}/vote", {"choice": "agree"})
    citizen.ask(
        "POST",
        f"consultations/{engagement.public_id}/responses",
        {"answers": answers_for(many(12))},
    )
    # The figures of an open questionnaire are kept by a job.
    # Marked by one job, counted by the next.
    jobs.drain()
    tasks.watch_figures()
    jobs.drain()
    path = f"consultations/{engagement.public_id}/report"
    status, told = api(make_staff(Role.OFFICER, epd)).ask("GET", path)
    assert status == 200
    figures = told["register"]
    assert figures["received"] == sum(figures[key] for key in figures if key != "received") == 1
    call_command("tally", engagement.public_id)
    assert told["statements"] == json.loads(capsys.readouterr().out)["statements"]
    assert (told["responses"], told["voters"], told["sealed"]) == (1, 1, [])
    for stranger in (api(), citizen, api(make_staff(Role.OFFICER, lcsd))):
        assert stranger.ask("GET", path)[0] in {401, 404}
    before = AuditEntry.objects.filter(verb="report.read").count()
    assert api(make_administrator()).ask("GET", path)[0] == 200
    assert AuditEntry.objects.filter(verb="report.read").count() == before + 1


def test_a_sealed_report_tells_the_register_and_no_result(api):
    epd = make_bureau("EPD")
    engagement = make_engagement(bureau=epd, results_from="close")
    make_questionnaire(engagement, many(12))
    make_statement(engagement)
    _status, told = api(make_staff(Role.OFFICER, epd)).ask(
        "GET", f"consultations/{engagement.public_id}/report"
    )
    assert told["statements"] is None
    assert told["questions"] is None
    assert set(told["sealed"]) >= {"statements", "questions", "groups"}
    assert told["register"]["received"] == 0
