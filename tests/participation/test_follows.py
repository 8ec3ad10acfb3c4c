"""Following and being told."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts.models import Account
from core import clock, jobs
from core.exceptions import Absent, Invalid, TooMany
from notifications.models import Notice
from participation.actions import telling
from participation.actions.engagement import Schedule, extend_engagement, publish_engagement
from participation.actions.follows import (
    confirm_follow,
    end_follow,
    follow_bureau,
    follow_engagement,
    sweep_follows,
)
from participation.models import Engagement, Follow, Outcome
from tests.factories.engagements import make_account, make_bureau, make_engagement
from tests.factories.participation import make_citizen, make_receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


def by_address(engagement: Engagement, email: str, *, confirmed: bool = True) -> Follow:
    follow = follow_engagement(
        engagement=engagement, email=email, language="zh-hant", source="address:192.0.2.1"
    )
    return confirm_follow(token=follow.token) if confirmed else follow


def extend(engagement: Engagement) -> None:
    assert engagement.closes_at is not None
    extend_engagement(
        engagement=engagement,
        closes_at=engagement.closes_at + dt.timedelta(days=7),
        response_due=None,
        reason={"en": "A typhoon closed the counters."},
        by=make_account(),
    )


def test_account_follows_at_once_and_once(engagement: Engagement) -> None:
    account = make_account()
    first = follow_engagement(engagement=engagement, account=account)
    again = follow_engagement(engagement=engagement, account=account)
    assert first == again
    assert first.confirmed_at is not None
    assert not Notice.objects.exists()
    end_follow(token=first.token)
    assert follow_engagement(engagement=engagement, account=account) != first
    call_command("verify_audit", stdout=io.StringIO())


def test_address_counts_only_once_confirmed(engagement: Engagement) -> None:
    follow = by_address(engagement, "Reader@example.com", confirmed=False)
    assert follow.confirmed_at is None
    notice = Notice.objects.get(kind="follow-confirm")
    assert notice.address.lower() == "reader@example.com"
    assert follow.token in notice.path
    assert not telling.followers_of(engagement).exists()
    confirm_follow(token=follow.token)
    assert telling.followers_of(engagement).get() == follow


def test_asking_again_for_an_address_is_one_follow_and_limited(engagement: Engagement) -> None:
    with clock.freeze(clock.now()):
        for second in range(3):
            with clock.travel(dt.timedelta(seconds=second)):
                by_address(engagement, "reader@example.com", confirmed=False)
        with pytest.raises(TooMany):
            by_address(engagement, "Reader+x@example.com", confirmed=False)
    assert Follow.objects.count() == 1
    assert Notice.objects.filter(kind="follow-confirm").count() == 3


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@example.com", "x@example.com\n\rBcc:y"]
)
def test_bad_addresses_are_refused(engagement: Engagement, email: str) -> None:
    with pytest.raises(Invalid):
        by_address(engagement, email)
    assert not Follow.objects.exists()


def test_ended_follow_is_not_confirmed_again(engagement: Engagement) -> None:
    follow = by_address(engagement, "reader@example.com", confirmed=False)
    end_follow(token=follow.token)
    end_follow(token=follow.token)
    with pytest.raises(Absent):
        confirm_follow(token=follow.token)
    with pytest.raises(Absent):
        end_follow(token="unknown")


def test_unconfirmed_addresses_are_forgotten(engagement: Engagement) -> None:
    by_address(engagement, "reader@example.com", confirmed=False)
    kept = by_address(engagement, "other@example.com")
    with clock.travel(dt.timedelta(days=8)):
        assert sweep_follows() == 1
        assert sweep_follows() == 0
    assert Follow.objects.get() == kept
    call_command("verify_audit", stdout=io.StringIO())


def test_extension_reaches_followers_and_contributors_once(engagement: Engagement) -> None:
    contributor, follower = make_citizen(), make_account()
    make_receipt(engagement, account=contributor)
    follow_engagement(engagement=engagement, account=follower)
    # The contributor follows too, and once more by address: still one notice.
    follow_engagement(engagement=engagement, account=contributor)
    by_address(engagement, contributor.email)
    by_address(engagement, "reader@example.com")
    by_address(engagement, "unconfirmed@example.com", confirmed=False)
    gone = by_address(engagement, "gone@example.com")
    end_follow(token=gone.token)
    follow_bureau(bureau=engagement.owner, account=make_account())
    follow_bureau(bureau=make_bureau("LCSD"), account=make_account())
    extend(engagement)
    jobs.drain()
    told = Notice.objects.filter(kind="extended")
    assert told.count() == 4
    assert told.filter(account=contributor).count() == 1
    address = told.get(account=None)
    assert address.address == "reader@example.com"
    assert address.language == "zh-hant"
    assert "/follow/stop/" in address.unsubscribe_path
    event = telling.find_event("extended", engagement.public_notices.get().pk)
    assert event is not None
    telling.tell_batch(event=event, source="follows", after=0)
    telling.tell_batch(event=event, source="contributors", after=0)
    assert Notice.objects.filter(kind="extended").count() == 4


def test_many_readers_are_told_in_batches(
    engagement: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    for number in range(5):
        follow_engagement(engagement=engagement, account=make_account())
        with clock.travel(dt.timedelta(hours=number)):
            make_receipt(engagement)
    extend(engagement)
    jobs.drain()
    assert Notice.objects.filter(kind="extended").count() == 10


def test_outcome_is_told_with_days_late(engagement: Engagement) -> None:
    author = make_citizen()
    make_receipt(engagement, account=author)
    engagement.response_due = clock.now().date() - dt.timedelta(days=9)
    engagement.save(update_fields=["response_due"])
    outcome = Outcome.objects.create(
        engagement=engagement,
        text={"en": "Yes."},
        published_at=clock.now(),
        updated_at=clock.now(),
    )
    jobs.enqueue("participation.tell_readers", "outcome", outcome.pk)
    jobs.drain()
    notice = Notice.objects.get(kind="outcome")
    assert notice.account == author
    assert notice.params["late_days"] in {8, 9, 10}


def test_unpublished_outcome_and_unknown_event_tell_nobody(engagement: Engagement) -> None:
    outcome = Outcome.objects.create(engagement=engagement, updated_at=clock.now())
    assert telling.find_event("outcome", outcome.pk) is None
    assert telling.find_event("extended", 10**9) is None
    with pytest.raises(ValueError, match="Unknown event"):
        telling.find_event("nope", 1)


def test_bureau_followers_hear_of_an_opening() -> None:
    bureau = make_bureau("EPD")
    reader: Account = make_account()
    follow_bureau(bureau=bureau, account=reader)
    make_engagement(bureau=bureau)
    jobs.drain()
    assert Notice.objects.get(kind="opened").account == reader


def test_an_announced_paper_is_told_when_it_opens_even_if_that_moved() -> None:
    bureau = make_bureau("EPD")
    reader = make_account()
    follow_bureau(bureau=bureau, account=reader)
    day = dt.timedelta(days=1)
    engagement = make_engagement(bureau=bureau, opens=5 * day)
    jobs.drain()
    assert not Notice.objects.filter(kind="opened").exists()
    later = Schedule(
        opens_at=engagement.opens_at + 2 * day,
        closes_at=engagement.closes_at,
        title=engagement.title,
    )
    publish_engagement(engagement=engagement, schedule=later, by=None)
    with clock.travel(6 * day):
        jobs.drain()
    assert not Notice.objects.filter(kind="opened").exists()
    with clock.travel(8 * day):
        jobs.drain()
    assert Notice.objects.get(kind="opened").account == reader
