"""Figures kept by the job: equal to a recount, after every kind of write, in few queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock, jobs
from core.audit_verify import verify
from questionnaires import tasks
from questionnaires.actions import counting
from questionnaires.actions.counting import count_responses, figures_agree, keep_figures
from questionnaires.actions.stale import mark_stale
from questionnaires.models import Spread, Tally, Totals
from tests.factories.engagements import make_engagement
from tests.factories.reports import make_questionnaire, make_response

pytestmark = [pytest.mark.django_db, pytest.mark.db]

ALL = {
    "one": "one-yes",
    "several": {"options": ["several-yes", "several-other"], "other": "Perhaps"},
    "scale": 4,
    "number": "12.50",
    "date": "2028-02-29",
    "long": "As it is",
    "consent": True,
}


def figures(survey) -> dict[str, int]:
    return {
        f"{row.question.block_id} {row.bucket}": row.count
        for row in Tally.objects.filter(question__questionnaire=survey).select_related("question")
    }


@pytest.fixture
def survey():
    cache.clear()
    return make_questionnaire(make_engagement())


def run_round() -> None:
    """What the clock and a worker do."""
    tasks.watch_figures()
    jobs.drain()


def test_every_kind_is_counted_in_its_own_words(survey):
    make_response(survey, ALL)
    make_response(survey, {"one": "one-no", "number": "12.5", "scale": 1})
    make_response(survey, ALL, state="withdrawn")
    keep_figures(questionnaire=survey)
    assert Totals.objects.get().responses == 2
    assert figures(survey) == {
        "one answered": 2,
        "one one-yes": 1,
        "one one-no": 1,
        "several answered": 1,
        "several several-yes": 1,
        "several several-other": 1,
        "several text": 1,
        "scale answered": 2,
        "scale 4": 1,
        "scale 1": 1,
        "number answered": 2,
        "number 12.5": 2,
        "date answered": 1,
        "date 2028-02-29": 1,
        "long answered": 1,
        "long text": 1,
        "consent answered": 1,
        "consent agreed": 1,
    }


def test_figures_follow_a_submit_and_a_withdrawal_within_a_minute(survey):
    gone = make_response(survey, ALL)
    make_response(survey, {"one": "one-no"})
    jobs.enqueue("questionnaires.received", gone.pk)
    jobs.drain()
    run_round()
    assert figures(survey)["one answered"] == 2
    assert Totals.objects.get().stale_since is None
    gone.live = False
    gone.save()
    jobs.enqueue("questionnaires.changed", survey.pk)
    jobs.drain()
    run_round()
    assert figures(survey)["one answered"] == 2, "the figures rest for some seconds"
    with clock.travel(dt.timedelta(seconds=30)):
        run_round()
    assert figures(survey) == {"one answered": 1, "one one-no": 1}


def test_a_write_marks_the_figures_through_the_queue_alone(survey):
    entry = make_response(survey, ALL, state="published").contribution
    keep_figures(questionnaire=survey)
    with CaptureQueriesContext(connection) as queries:
        from questionnaires.actions.settling import follow_contribution

        entry.state = "withdrawn"
        entry.save()
        follow_contribution(entry)
    touched = [one["sql"] for one in queries if "questionnaires_totals" in one["sql"]]
    assert touched == []
    jobs.drain()
    assert Totals.objects.get().stale_since is not None


def test_a_write_during_a_count_marks_again(survey, monkeypatch):
    make_response(survey, ALL)
    plain = counting._count

    def meanwhile(questionnaire):
        found = plain(questionnaire)
        make_response(survey, ALL)
        mark_stale(questionnaire=questionnaire)
        return found

    monkeypatch.setattr(counting, "_count", meanwhile)
    keep_figures(questionnaire=survey)
    totals = Totals.objects.get()
    assert (totals.responses, totals.stale_since is None) == (1, False)
    monkeypatch.undo()
    keep_figures(questionnaire=survey)
    assert Totals.objects.get().responses == 2


def test_an_earlier_count_never_writes_over_a_later_one(survey):
    make_response(survey, ALL)
    assert keep_figures(questionnaire=survey)
    with clock.travel(-dt.timedelta(minutes=1)):
        assert not keep_figures(questionnaire=survey)
    assert keep_figures(questionnaire=survey)


def test_a_count_that_fails_leaves_the_mark(survey, monkeypatch):
    def broken(questionnaire):
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(counting, "_count", broken)
    with pytest.raises(RuntimeError):
        keep_figures(questionnaire=survey)
    assert Totals.objects.get().stale_since is not None


def test_as_many_queries_for_forty_responses_as_for_one(survey):
    counted = []
    for number in (1, 39):
        for _time in range(number):
            make_response(survey, ALL)
        with CaptureQueriesContext(connection) as queries:
            count_responses(survey)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 9


def test_many_different_numbers_are_kept_as_they_lie_not_one_by_one(survey, monkeypatch):
    for number in range(25):
        make_response(survey, {"number": number})
    keep_figures(questionnaire=survey)
    assert not Spread.objects.exists()
    assert len(figures(survey)) == 26
    make_response(survey, {"number": "1234.5"})
    keep_figures(questionnaire=survey)
    assert len(figures(survey)) == 27
    monkeypatch.setattr(counting, "MOST_KEPT", 25)
    keep_figures(questionnaire=survey)
    assert figures(survey) == {"number answered": 26}
    kept = Spread.objects.get().data
    assert kept["summary"]["n"] == sum(one[2] for one in kept["stretches"]) == 26
    assert (kept["summary"]["median"], kept["summary"]["most"]) == (12.5, 1234.5)
    assert list(figures_agree()) == []
    Spread.objects.update(data={**kept, "stretches": []})
    assert [survey.public_id in one for one in figures_agree()] == [True]
    survey.responses.filter(answers__number__gt=100).update(live=False)
    keep_figures(questionnaire=survey)
    assert not Spread.objects.exists()
    assert len(figures(survey)) == 26


def test_verify_finds_figures_that_are_no_recount(survey):
    make_response(survey, ALL)
    keep_figures(questionnaire=survey)
    assert list(figures_agree()) == []
    Tally.objects.filter(bucket="one-yes").update(count=7)
    assert [survey.public_id in one for one in figures_agree()] == [True]
    assert any("not a recount" in one for one in verify().faults)
    mark_stale(questionnaire=survey)
    assert list(figures_agree()) == [], "what waits for its count is not judged"


def test_nothing_is_counted_of_what_was_deleted():
    tasks.changed(0)
    tasks.count(0)
    assert not Totals.objects.exists()
