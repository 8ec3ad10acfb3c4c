"""Responses brought in from elsewhere: the same checks, the source's times, once."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from core.exceptions import Conflict, Invalid
from core.models import AuditEntry
from participation.models import Contribution, ContributionVersion, Receipt
from questionnaires.actions.bulk import SourceResponse, import_responses
from questionnaires.actions.changes import values_of
from questionnaires.models import Answer, AnswerChoice, Questionnaire, Response, Totals
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen
from tests.factories.questionnaires import definition, make_questionnaire, options, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey() -> Questionnaire:
    return make_questionnaire(
        make_engagement(),
        definition(
            question("a", "several", options=options("x", "y", "z", other="z")),
            question("b", "long"),
            question("c", "scale"),
        ),
    )


def one(survey: Questionnaire, number: int, **how: Any) -> SourceResponse:
    given: dict[str, Any] = {
        "source_id": f"row {number}",
        "received_at": survey.engagement.opens_at + dt.timedelta(seconds=number),
        "answers": {"a": {"options": ["x", "z"], "other": f"n{number}"}, "c": number % 5 + 1},
    }
    return SourceResponse(**{**given, **how})


def test_they_keep_their_times_and_answers_and_are_for_the_bureau(survey):
    found = import_responses(
        questionnaire=survey, responses=(one(survey, number) for number in range(3))
    )
    assert (found.received, found.known) == (3, 0)
    entries = Contribution.objects.order_by("received_at")
    assert {row.state for row in entries} == {"confidential"}
    assert {row.channel for row in entries} == {"import"}
    assert [row.received_at for row in entries] == [
        one(survey, number).received_at for number in range(3)
    ]
    assert values_of(Response.objects.get(contribution=entries[1])) == one(survey, 1).answers
    assert ContributionVersion.objects.count() == Receipt.objects.count() == 3
    survey.refresh_from_db()
    assert survey.frozen_at is not None
    call_command("verify_audit", stdout=io.StringIO())
    jobs.drain()
    assert Totals.objects.exists()


def test_a_second_run_adds_what_is_new(survey):
    import_responses(questionnaire=survey, responses=[one(survey, 1)])
    found = import_responses(questionnaire=survey, responses=[one(survey, 1), one(survey, 2)])
    assert (found.received, found.known) == (1, 1)
    assert Response.objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_the_responses(survey):
    counted = []
    for start, number in ((0, 5), (100, 50)):
        rows = [one(survey, place) for place in range(start, start + number)]
        with CaptureQueriesContext(connection) as found:
            import_responses(questionnaire=survey, responses=rows)
        counted.append(len(found))
    assert counted[1] <= counted[0]
    assert Answer.objects.count() == 110
    assert AnswerChoice.objects.count() == 110


def test_a_batch_is_a_thousand_and_an_entry_a_table(survey):
    rows = (one(survey, number) for number in range(1001))
    assert import_responses(questionnaire=survey, responses=rows).received == 1001
    entries = AuditEntry.objects.filter(verb="response.import")
    labels = [entry.batch["model"] for entry in entries]
    assert labels.count("participation.Contribution") == 2
    assert (
        sum(
            entry.batch["count"]
            for entry in entries
            if entry.batch["model"] == "questionnaires.Answer"
        )
        == 2002
    )


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"answers": {"a": {"options": ["q"]}}}, "unknown_option"),
        ({"answers": {"c": float("nan")}}, "unknown_step"),
        ({"answers": {"b": "\ud800"}}, "control_characters"),
        ({"answers": {"gone": 1}}, "unknown_question"),
        ({"answers": {}}, "empty"),
        ({"received_at": dt.datetime(1999, 1, 1, tzinfo=dt.UTC)}, "not_open"),
        ({"received_at": dt.datetime(2026, 11, 21)}, "not_open"),
        ({"capacity": "organisation"}, "capacity"),
    ],
)
def test_a_bad_one_undoes_everything_and_is_named(survey, how, code):
    with pytest.raises(Invalid) as caught:
        import_responses(questionnaire=survey, responses=[one(survey, 1), one(survey, 2, **how)])
    assert caught.value.code == code
    assert caught.value.data["source_id"] == "row 2"
    assert not Contribution.objects.exists()


def test_one_response_a_person_holds_here_too(survey):
    person = make_citizen().person
    with pytest.raises(Conflict):
        import_responses(
            questionnaire=survey,
            responses=[one(survey, 1, person=person), one(survey, 2, person=person)],
        )
    with pytest.raises(Conflict):
        import_responses(questionnaire=survey, responses=[one(survey, 1), one(survey, 1)])
    assert not Response.objects.exists()
