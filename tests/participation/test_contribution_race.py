"""What is sent at once, released together: one entry, one support, one follow."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.models import Account
from core.exceptions import DomainError
from participation.actions.comments import set_support
from participation.actions.contributions import edit_contribution
from participation.actions.follows import follow_engagement
from participation.actions.pending import complete_act, hold_act
from participation.models import Contribution, Engagement, Follow, PendingAct, Receipt, Support
from tests.factories.engagements import make_engagement
from tests.factories.participation import (
    make_citizen,
    make_comment,
    make_public_comment,
    make_receipt,
)
from tests.factories.together import released_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

AT_ONCE = 6


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(moderation_policy="after")


@pytest.fixture
def citizen() -> Account:
    return make_citizen()


def together(work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(number)`` in threads released at once; results, refusals included."""
    return released_together([partial(work, number) for number in range(AT_ONCE)])


def test_the_same_form_at_once_is_one_entry_and_one_receipt(
    engagement: Engagement, citizen: Account
) -> None:
    results = together(
        lambda number: (
            make_receipt(
                engagement, "Sent twice.", account=citizen, idempotency_key="one-form"
            ).code
        )
    )
    assert len(set(results)) == 1
    assert Contribution.objects.count() == Receipt.objects.count() == 1
    assert Contribution.objects.get().comment


def test_a_held_act_completed_at_once_is_one_entry(
    engagement: Engagement, citizen: Account
) -> None:
    act = hold_act(
        engagement=engagement,
        kind="comment",
        payload={"text": "Held.", "publish_choice": "name", "on": "whole", "to": ""},
        language="en",
        source="address:192.0.2.1",
    )
    results = together(
        lambda number: complete_act(token=act.token, person=citizen.person, account=citizen).code
    )
    assert len(set(results)) == 1
    assert Contribution.objects.count() == 1
    assert PendingAct.objects.get().contribution is not None


def test_support_pressed_at_once_is_one(engagement: Engagement, citizen: Account) -> None:
    comment = make_public_comment(engagement)
    together(
        lambda number: set_support(comment=comment, person=citizen.person, account=citizen, on=True)
    )
    assert Support.objects.count() == 1


def test_follows_at_once_are_one(engagement: Engagement, citizen: Account) -> None:
    together(lambda number: follow_engagement(engagement=engagement, account=citizen).pk)
    together(
        lambda number: (
            follow_engagement(
                engagement=engagement, email="reader@example.com", source="address:192.0.2.1"
            ).pk
        )
    )
    assert Follow.objects.filter(account=citizen).count() == 1
    assert Follow.objects.filter(account=None).count() == 1


def test_edits_at_once_are_one_and_conflicts(engagement: Engagement, citizen: Account) -> None:
    entry = make_comment(engagement, account=citizen).contribution
    results = together(
        lambda number: (
            edit_contribution(
                contribution=entry,
                person=citizen.person,
                account=citizen,
                text=f"From window {number}.",
                version=1,
            ).version
        )
    )
    assert results.count(2) == 1
    assert sum(isinstance(row, DomainError) for row in results) == AT_ONCE - 1
    entry.refresh_from_db()
    assert entry.versions.count() == entry.version == 2
