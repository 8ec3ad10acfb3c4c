"""Chapters and statements as what an outcome answers to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participation import outcome_targets
from participation.models import Engagement
from tests.factories.consultations import chapter, make_paper, paragraph
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_receipt
from tests.factories.questionnaires import definition, make_questionnaire, question
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db


def paper_of(chapters: int) -> Engagement:
    """Chapters of two paragraphs, each commented on but the last chapter's."""
    body = [
        chapter(
            f"c{number}",
            f"Chapter {number}",
            paragraph(f"p{number}a", "<p>One.</p>"),
            paragraph(f"p{number}b", "<p>Two.</p>"),
        )
        for number in range(chapters)
    ]
    _page, engagement = make_paper(opens=-1, body=body)
    last = engagement.chapters.order_by("order").last()
    for thread in engagement.threads.exclude(key="whole"):
        if thread.paragraph.chapter != last:
            thread.engagement = engagement
            make_receipt(engagement, thread=thread)
    return engagement


def test_what_was_spoken_on_is_found_in_as_many_queries_for_ten_chapters(tree) -> None:
    counts = []
    for chapters in (2, 10):
        engagement = paper_of(chapters)
        with CaptureQueriesContext(connection) as captured:
            found = outcome_targets.spoken_on(engagement)
        anchors = [row.anchor for row in engagement.chapters.order_by("order")]
        assert found == {("whole", ""), *(("chapter", each) for each in anchors[:-1])}
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4


def test_a_question_is_spoken_on_once_answered_and_a_seed_statement_is_not() -> None:
    engagement = make_engagement()
    make_questionnaire(engagement, definition(question("a"), question("b")))
    make_statement(engagement)
    assert outcome_targets.spoken_on(engagement) == {("whole", "")}
