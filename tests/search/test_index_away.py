"""An index that is broken or away holds up no act, and is in line again once it is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import Model

from core import audit_verify, jobs
from ideas.models import Idea
from participation.models import Thread
from search.models import SearchDoc, SearchScope
from search.tasks import mend
from search.writing import differences
from tests.factories.engagements import make_engagement
from tests.factories.ideas import make_contest, make_idea, make_public_idea
from tests.factories.participation import decide

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


@contextmanager
def index_away(model: type[Model] = SearchDoc) -> Iterator[None]:
    table = connection.ops.quote_name(model._meta.db_table)
    away = connection.ops.quote_name(f"{model._meta.db_table}_away")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {away}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {away} RENAME TO {table}")


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


def test_what_is_deleted_while_it_is_away_goes_and_is_found_no_more(tree: None) -> None:
    _page, contest = make_contest(moderation_policy="after")
    gone = make_public_idea(contest, "Numbat benches")
    make_public_idea(contest, "Wombat bridges")
    empty = make_engagement(title="Quokka tunnels")
    jobs.drain()
    key = empty.public_id
    assert SearchScope.objects.filter(key=key).exists()
    with index_away(), index_away(SearchScope):
        Idea.objects.get(pk=gone.pk).delete()
        Thread.objects.filter(engagement=empty).delete()
        empty.delete()
    assert jobs.unfinished("search.forget_again") >= 2
    assert len(differences()) >= 3
    jobs.drain()
    assert indexed() == {"Wombat bridges"}
    assert not SearchScope.objects.filter(key=key).exists()
    assert differences() == []
    # What no job could do the nightly comparison does.
    SearchScope.objects.create(key=key, visible=True)
    assert len(differences()) == 1
    mend()
    jobs.drain()
    assert differences() == []


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
