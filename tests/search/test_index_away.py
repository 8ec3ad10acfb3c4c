"""An index that is broken or away holds up no act, and is in line again once it is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from core import audit_verify, jobs
from ideas.models import Idea
from search.models import SearchDoc
from search.writing import differences
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.factories.participation import decide

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


@contextmanager
def index_away() -> Iterator[None]:
    table = connection.ops.quote_name(SearchDoc._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO search_away")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE search_away RENAME TO {table}")


def indexed() -> set[str]:
    return set(SearchDoc.objects.filter(kind="idea").values_list("title", flat=True))


def test_texts_are_handed_in_and_withheld_while_it_is_away(tree: None) -> None:
    _page, contest = make_contest(moderation_policy="after")
    shown = make_public_idea(contest, "Numbat benches")
    assert indexed() == {"Numbat benches"}
    jobs.drain()
    with index_away():
        other = make_idea(contest, "Wombat bridges")
        decide(shown.contribution, "withhold")
        # A job that comes while it is still away fails, and comes again.
        jobs.drain()
    assert set(Idea.objects.public()) == {other}
    assert audit_verify.verify().faults == []
    assert jobs.unfinished("search.follow_again") >= 2
    assert indexed() == {"Numbat benches"}


def test_the_job_that_the_act_left_brings_it_in_line(tree: None) -> None:
    _page, contest = make_contest(moderation_policy="after")
    shown = make_public_idea(contest, "Numbat benches")
    jobs.drain()
    with index_away():
        make_idea(contest, "Wombat bridges")
        decide(shown.contribution, "withhold")
    assert len(differences()) == 2
    jobs.drain()
    assert indexed() == {"Wombat bridges"}
    assert differences() == []
