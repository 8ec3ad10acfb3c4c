"""Addresses go when they are no longer needed, by the schedule and the moved clock (R5)."""

import datetime as dt

import pytest

from accounts import export
from accounts.actions import accept_invitation, invite, revoke_invitation
from accounts.models import Invitation, Role
from accounts.tasks import forget_addresses as forget_invitations
from core import audit, clock, schedule
from notifications.actions import Address, notify
from notifications.models import Notice
from notifications.tasks import forget_addresses as forget_notices
from participation.actions.follows import (
    confirm_follow,
    end_follow,
    follow_bureau,
    follow_engagement,
)
from participation.models import Engagement, Follow, Outcome
from participation.tasks import forget_addresses_of_follows
from tests.factories.accounts import make_account, make_administrator
from tests.factories.engagements import make_bureau, make_engagement

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def follow(thing, email: str) -> Follow:
    start = follow_engagement if isinstance(thing, Engagement) else follow_bureau
    key = "engagement" if isinstance(thing, Engagement) else "bureau"
    row = start(**{key: thing}, email=email, source=email)
    return confirm_follow(token=row.token)


def addresses() -> set[str]:
    forget_addresses_of_follows()
    return set(Follow.objects.exclude(address="").values_list("address", flat=True))


def test_each_sweep_is_on_the_schedule():
    names = {row.name: row.every for row in schedule.registered()}
    for name in (
        "accounts.sweep_codes",
        "accounts.sweep_invitations",
        "notifications.sweep_addresses",
        "participation.sweep_follows",
        "participation.sweep_acts",
        "core.tidy",
    ):
        assert names[name] <= days(1), name


def test_notices_to_bare_addresses_go_after_a_month_and_those_of_accounts_stay():
    account = make_account()
    to = [account, Address("reader@people.example")]
    notify(kind="account-closed", event_key="x:1", to=to, params={"at": clock.now()})
    with clock.travel(days(29)):
        forget_notices()
        assert Notice.objects.count() == 2
    with clock.travel(days(31)):
        newer = notify(
            kind="account-closed", event_key="x:2", to=to[1:], params={"at": clock.now()}
        )
        forget_notices()
        forget_notices()
    left = set(Notice.objects.values_list("account", "address"))
    assert left == {(account.pk, ""), (None, "reader@people.example")}
    assert Notice.objects.get(account=None) == newer[0]


def test_follows_by_address_go_when_stopped_or_over_and_not_before():
    answered, owed, withdrawn = make_engagement(), make_engagement(), make_engagement()
    for name, thing in (
        ("stopped", owed),
        ("answered", answered),
        ("owed", owed),
        ("withdrawn", withdrawn),
        ("bureau", make_bureau()),
    ):
        follow(thing, f"{name}@people.example")
    own = follow_engagement(engagement=answered, account=make_account())
    end_follow(token=Follow.objects.get(address="stopped@people.example").token)
    Outcome.objects.create(engagement=answered, published_at=clock.now(), updated_at=clock.now())
    withdrawn.state = "withdrawn"
    withdrawn.save(update_fields=["state"])
    audit.record(
        "engagement.withdraw",
        actor=audit.SYSTEM,
        engagement_id=withdrawn.public_id,
        rows=[withdrawn],
    )
    everybody = addresses()
    assert len(everybody) == 5
    with clock.travel(days(29)):
        assert addresses() == everybody
    with clock.travel(days(31)):
        assert everybody - addresses() == {"stopped@people.example"}
    with clock.travel(days(364)):
        assert len(addresses()) == 4
    with clock.travel(days(400)):
        assert addresses() == {"owed@people.example", "bureau@people.example"}
    # An account's own follow holds no address.
    own.refresh_from_db()
    assert own.ended_at is None
    assert audit.verify().ok


def test_settled_invitations_lose_their_address_and_waiting_ones_do_not():
    administrator = make_administrator()
    rows = {
        name: invite(email=f"{name}@people.example", role=Role.JUROR, by=administrator)
        for name in ("accepted", "revoked", "expired")
    }
    account = make_account("accepted@people.example")
    accept_invitation(invitation=rows["accepted"], account=account)
    revoke_invitation(invitation=rows["revoked"], by=administrator)
    with clock.travel(days(29)):
        forget_invitations()
    assert Invitation.objects.exclude(email="").count() == 3
    with clock.travel(days(32)):
        invite(email="waiting@people.example", role=Role.JUROR, by=administrator)
        forget_invitations()
        assert list(Invitation.objects.exclude(email="").values_list("email", flat=True)) == [
            "expired@people.example",
            "waiting@people.example",
        ]
    with clock.travel(days(38)):
        forget_invitations()
        forget_invitations()
    assert Invitation.objects.get(email_canonical="waiting@people.example")
    assert Invitation.objects.filter(email="", email_canonical="").count() == 3
    # Who accepted one still finds it among the own data.
    assert [row["role"] for row in export.export_of(account)["account"]["invitations"]] == ["juror"]
    assert audit.verify().ok
