"""Two persons that turn out to be one: their entries, agreement and receipts."""

import io

import pytest
from django.core.management import call_command

from participation.actions.comments import set_support
from participation.actions.merging import settle_merged
from participation.actions.receipts import new_receipt
from participation.models import Contribution, Receipt, Support
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_citizen, make_public_comment

pytestmark = pytest.mark.django_db


def test_everything_moves_and_nothing_doubles() -> None:
    engagement = make_engagement(moderation_policy="after")
    other = make_engagement(title="Other")
    keep, gone, third = make_citizen(), make_citizen(), make_citizen()
    kept = make_public_comment(engagement, account=keep, idempotency_key="k")
    moved = make_public_comment(engagement, account=gone, idempotency_key="k")
    liked = make_public_comment(engagement, account=third)
    for account in (keep, gone):
        set_support(comment=liked, person=account.person, account=account, on=True)
    set_support(comment=kept, person=gone.person, account=gone, on=True)
    set_support(comment=moved, person=keep.person, account=keep, on=True)
    for account in (keep, gone):
        new_receipt(engagement=engagement, person=account.person)
    alone = new_receipt(engagement=other, person=gone.person)

    settle_merged(keep=keep.person, gone=gone.person)

    assert Contribution.objects.filter(person=keep.person).count() == 2
    assert not Contribution.objects.filter(person=gone.person).exists()
    assert [row.comment_id for row in Support.objects.all()] == [liked.pk]
    assert Support.objects.get().person == keep.person
    assert Receipt.objects.filter(person=keep.person, contribution__isnull=False).count() == 2
    # A printed code goes on opening: the second vote receipt stays where it was.
    assert Receipt.objects.filter(engagement=engagement, contribution=None).count() == 2
    alone.refresh_from_db()
    assert alone.person == keep.person
    call_command("verify_audit", stdout=io.StringIO())


def test_settling_twice_changes_nothing_more() -> None:
    engagement = make_engagement(moderation_policy="after")
    keep, gone = make_citizen(), make_citizen()
    make_public_comment(engagement, account=gone)
    for _twice in range(2):
        settle_merged(keep=keep.person, gone=gone.person)
    assert Contribution.objects.filter(person=keep.person).count() == 1
