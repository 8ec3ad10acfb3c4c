"""Two transactions that hold a leading idea and a led one take them in one order (PostgreSQL)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from ideas.actions.merging import merge_ideas
from ideas.models import Idea
from participation.actions.contributions import withdraw_contribution
from participation.models import Contribution
from tests.factories.desk import make_officer
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import make_citizen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]


def _in_thread(job: Callable[[], Any], answers: list[Any]) -> threading.Thread:
    def run() -> None:
        try:
            answers.append(job())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _somebody_waits() -> bool:
    """Locks are told as they are now; activity only as it was when the transaction first asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_lead_is_withdrawn_while_the_same_merge_is_pressed_again() -> None:
    contest = make_contest(moderation_policy="after")[1]
    officer, author = make_officer(contest.owner), make_citizen()
    # The led one has the lower key: by key alone the merge would begin with it.
    led = make_public_idea(contest)
    lead = make_public_idea(contest, account=author)
    merge_ideas(idea=led, into=lead, by=officer)
    answers: list[Any] = []
    with transaction.atomic():
        Contribution.objects.select_for_update(of=("self",)).get(pk=lead.pk)
        thread = _in_thread(lambda: merge_ideas(idea=led, into=lead, by=officer), answers)
        for _try in range(600):
            if _somebody_waits() or not thread.is_alive():
                break
            thread.join(timeout=0.05)
        # Frees the led idea, which nobody may hold meanwhile.
        withdraw_contribution(contribution=lead.contribution, person=author.person, account=author)
    thread.join(timeout=30)
    # The merge came second: it finds a lead that is not public.
    assert [getattr(one, "code", one) for one in answers] == ["not-public"]
    assert Idea.objects.get(pk=led.pk).merged_into is None
