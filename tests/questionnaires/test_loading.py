"""From rows to the plain definition: the same, in a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from questionnaires.loading import load_definition, load_for_writing, questionnaire_of
from questionnaires.models import Question
from tests.factories.engagements import make_engagement
from tests.factories.questionnaires import make_questionnaire, many, twelve

pytestmark = pytest.mark.django_db


def test_what_was_written_is_what_is_read():
    row = make_questionnaire(make_engagement(), twelve())
    assert load_definition(row) == twelve()


@pytest.mark.parametrize(("load", "queries"), [(load_definition, 2), (load_for_writing, 1)])
def test_the_number_of_queries_does_not_grow(load, queries):
    for number in (12, 60):
        row = make_questionnaire(make_engagement(), many(number))
        with CaptureQueriesContext(connection) as found:
            load(row)
        assert len(found) == queries


def test_for_writing_it_is_the_same_without_words():
    row = make_questionnaire(make_engagement(), twelve())
    definition, rows = load_for_writing(row)
    shape = [
        (q.key, q.anchor, q.kind, q.required, q.is_key, q.settings, q.condition)
        for q in definition.questions()
    ]
    assert shape == [
        (q.key, q.anchor, q.kind, q.required, q.is_key, q.settings, q.condition)
        for q in twelve().questions()
    ]
    assert [[(o.key, o.other, o.alone) for o in q.options] for q in definition.questions()] == [
        [(o.key, o.other, o.alone) for o in q.options] for q in twelve().questions()
    ]
    assert set(rows.questions.values()) == set(Question.objects.values_list("pk", flat=True))
    assert len(rows.options) == sum(len(q.options) for q in twelve().questions())


def test_retired_questions_are_not_asked():
    row = make_questionnaire(make_engagement())
    Question.objects.filter(block_id="best").update(retired_at=clock.now())
    for load in (load_definition, lambda one: load_for_writing(one)[0]):
        assert "best" not in {question.key for question in load(row).questions()}


def test_an_unpublished_questionnaire_is_not_found():
    engagement = make_engagement()
    assert questionnaire_of(engagement) is None
    row = make_questionnaire(engagement)
    assert questionnaire_of(engagement) == row
    assert questionnaire_of(engagement, "other") is None
    row.published_at = None
    row.save()
    assert questionnaire_of(engagement) is None
