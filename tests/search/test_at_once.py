"""Two that write what can be found at the same moment (PostgreSQL): the last one has read both.

SQLite has one writer at a time.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from participation.models import Engagement
from search.models import SearchDoc, SearchScope
from search.writing import differences, rebuild
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import decide
from tests.factories.together import beside

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]


def test_what_is_withheld_while_everything_is_read_again_is_not_written() -> None:
    _page, contest = make_contest(moderation_policy="after")
    idea, other = make_public_idea(contest, "Numbat"), make_public_idea(contest, "Wombat")
    # As on the day that search comes to a platform with ideas.
    SearchDoc.objects.all().delete()
    with transaction.atomic():
        decide(idea.contribution, "withhold")
        reading = beside(rebuild)
    reading.result()
    found = SearchDoc.objects.filter(kind="idea").values_list("object_id", flat=True)
    assert list(found) == [other.pk]
    assert differences() == []


def test_what_is_withdrawn_while_everything_is_read_again_has_no_scope() -> None:
    _page, contest = make_contest()
    SearchScope.objects.all().delete()
    with transaction.atomic():
        row = Engagement.objects.select_for_update(no_key=True).get(pk=contest.pk)
        row.state = "withdrawn"
        row.save()
        reading = beside(rebuild)
    reading.result()
    assert not SearchScope.objects.exists()


def test_reading_everything_again_stands_in_no_circle_with_an_act() -> None:
    """It waits for nothing while it holds something, whatever order an act takes things in."""
    _page, contest = make_contest(moderation_policy="after")
    first, second = (make_public_idea(contest, name) for name in ("Numbat", "Wombat"))
    assert first.pk < second.pk
    SearchDoc.objects.all().delete()
    with transaction.atomic():
        decide(second.contribution, "withhold")
        reading = beside(rebuild)
        decide(first.contribution, "withhold")
    reading.result()
    assert not SearchDoc.objects.filter(kind="idea").exists()
    assert differences() == []
