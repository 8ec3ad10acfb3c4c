"""A list takes as many queries for twenty rows as for two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from participation.actions.sides import edit_comment
from participation.actions.votes import cast_vote
from participation.models import Engagement
from tests.factories.accounts import make_account
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.outcomes import close, make_desk, make_item, publish
from tests.factories.participation import decide, make_comment, make_official_reply
from tests.factories.participation import make_public_comment as commented
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db


def _consultation(engagement: Engagement, voter: Account, number: int) -> None:
    other = make_engagement(bureau=make_bureau(f"B{number}"))
    if number % 2:
        desk = make_desk(other)
        close(other)
        make_item(desk)
        publish(desk)


def _comment(engagement: Engagement, voter: Account, number: int) -> None:
    comment = commented(engagement)
    commented(engagement, parent=comment)
    make_official_reply(comment, make_desk(engagement).officer)
    decide(make_comment(engagement).contribution, "withhold")


def _statement(engagement: Engagement, voter: Account, number: int) -> None:
    statement = make_statement(engagement)
    statement.ballot.engagement = engagement
    cast_vote(ballot=statement.ballot, person=voter.person, choice=1)


def _received(engagement: Engagement, voter: Account, number: int) -> None:
    # So many in a minute are refused.
    cache.clear()
    other = make_engagement()
    comment = make_comment(other, account=voter)
    decide(comment.contribution, "publish")
    edit_comment(
        contribution=comment.contribution, person=voter.person, account=voter, text="New", version=1
    )
    cast_vote(ballot=make_statement(other).ballot, person=voter.person, choice=1)


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("consultations", _consultation),
        ("consultations/{id}/comments", _comment),
        ("consultations/{id}/statements", _statement),
        ("consultations/{id}/votes", _statement),
        ("receipts", _received),
    ],
)
def test_a_list_takes_as_many_queries_for_twenty_as_for_two(
    api, path: str, make: Callable[[Engagement, Account, int], None]
):
    engagement, voter = make_engagement(), make_account(name="Wai")
    program = api(voter)
    counts = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            make(engagement, voter, number)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            status, found = program.ask("GET", f"{path.format(id=engagement.public_id)}?limit=100")
        assert status == 200
        assert len(found["items"]) == found["count"] >= len(numbers)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts
