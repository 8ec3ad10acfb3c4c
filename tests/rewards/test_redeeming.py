"""Points for a thing: confirmed before, spent once, given once, returned once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import export
from accounts.actions.verification import merge_persons
from core import clock
from core.exceptions import Closed, Conflict, Invalid, Refused
from core.models import AuditEntry
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.models import Redemption, Unit
from notifications.models import Notice
from tests.factories import rewards as make
from tests.factories.accounts import make_administrator, make_officer

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def available(account) -> int:
    return balance_of(account.person).available


def test_one_press_spends_gives_and_tells(citizen):
    reward = make.make_reward(points=300)
    row = make.redeem(reward, citizen)
    assert (row.state, row.points, available(citizen)) == ("given", 300, 700)
    assert row.unit.taken_at == row.at
    assert make.entries_of(citizen)[-1].key == row.entry_key
    assert AuditEntry.objects.filter(verb="reward.redeem", subject=row.public_id).count() == 1
    notice = Notice.objects.get(kind="reward-redeemed")
    assert notice.account == citizen


def test_the_same_press_twice_is_one_redemption(citizen):
    reward = make.make_reward()
    row = make.redeem(reward, citizen, key="one-press-of-a-button")
    assert make.redeem(reward, citizen, key="one-press-of-a-button") == row
    assert available(citizen) == 900
    other = make.rich()
    for again in ((reward, other), (make.make_reward(), citizen)):
        with pytest.raises(Conflict) as refused:
            make.redeem(*again, key="one-press-of-a-button")
        assert refused.value.code == "key"
    assert available(other) == 1000


@pytest.mark.parametrize(
    ("more", "kind", "code"),
    [
        ({"points": 1001}, Refused, "points"),
        ({"stock": 0}, Conflict, "sold-out"),
        ({"offered": False}, Closed, "not-offered"),
        ({"opens_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, Closed, "not-offered"),
        (
            {
                "opens_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
                "closes_at": dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
            },
            Closed,
            "not-offered",
        ),
    ],
    ids=["too-few-points", "none-left", "a-draft", "not-yet", "over"],
)
def test_what_cannot_be_redeemed_touches_nothing(citizen, more, kind, code):
    reward = make.make_reward(**more)
    with pytest.raises(kind) as refused:
        make.redeem(reward, citizen)
    assert refused.value.code == code
    assert available(citizen) == 1000
    assert not Redemption.objects.exists()
    assert not Unit.objects.filter(taken_at__isnull=False).exists()


def test_the_price_that_was_read_is_the_price(citizen):
    reward = make.make_reward(points=100)
    with pytest.raises(Conflict) as refused:
        make.redeem(reward, citizen, agreed=90)
    assert refused.value.code == "price"
    assert available(citizen) == 1000


@pytest.mark.db
def test_a_limit_a_person_is_a_constraint_and_a_refund_frees_it(citizen, manager):
    reward = make.make_reward(per_person=2, stock=5)
    rows = [make.redeem(reward, citizen) for _each in range(2)]
    with pytest.raises(Refused) as refused:
        make.redeem(reward, citizen)
    assert refused.value.code == "limit"
    unit = Unit.objects.free().first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.create(
            reward=reward,
            person=citizen.person,
            unit=unit,
            points=1,
            state="given",
            key="past-the-action",
            entry_key="past-the-action",
            slot=rows[0].slot,
            at=clock.now(),
        )
    refund_redemption(redemption=rows[0], by=manager, reason="It did not work.")
    assert make.redeem(reward, citizen).slot == rows[0].slot


@pytest.mark.db
def test_a_unit_belongs_to_one_redemption_for_ever(citizen, manager):
    row = make.redeem(make.make_reward(), citizen)
    refund_redemption(redemption=row, by=manager, reason="It did not work.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.create(
            reward=row.reward,
            person=citizen.person,
            unit=row.unit,
            points=1,
            state="given",
            key="again",
            entry_key="again",
            at=clock.now(),
        )


def test_points_come_back_once_by_one_reversing_entry(citizen, manager):
    """P5: twice, and of a voucher that is over by now."""
    reward = make.make_reward(points=300)
    row = make.redeem(reward, citizen)
    with clock.travel(dt.timedelta(days=400)):
        ended = refund_redemption(redemption=row, by=manager, reason="The shop has closed.")
        assert (ended.state, available(citizen)) == ("refunded", 1000)
        for _again in range(2):
            with pytest.raises(Conflict) as refused:
                refund_redemption(redemption=row, by=manager, reason="Again.")
            assert refused.value.code == "refunded"
    *_before, spent, back = make.entries_of(citizen)
    assert (back.reverses, back.points) == (spent, 300)
    notice = Notice.objects.get(kind="reward-ended")
    assert notice.params["points"] == 300


def test_who_returns_points_is_an_administrator_and_somebody_else(manager, citizen):
    row = make.redeem(make.make_reward(), citizen)
    with pytest.raises(Refused):
        refund_redemption(redemption=row, by=make_officer(), reason="For a friend.")
    with pytest.raises(Invalid):
        refund_redemption(redemption=row, by=manager, reason=" ")
    own = make_administrator()
    make.give_points(own.person, 500)
    mine = make.redeem(make.make_reward(), own)
    with pytest.raises(Refused):
        refund_redemption(redemption=mine, by=own, reason="For myself.")
    assert available(own) == 400


def test_the_page_asks_before_it_spends_and_a_reload_spends_nothing(client, citizen, kept_contexts):
    reward = make.make_reward(points=300)
    client.force_login(citizen, backend=BACKEND)
    address = reverse("rewards:redeem", args=[reward.public_id])
    page = client.get(address)
    body = page.content.decode()
    for words in ("300 points", "1,000 points", "700 points", "Good for one ride."):
        assert words in body
    assert "no-store" in page.headers["Cache-Control"]
    assert available(citizen) == 1000
    form = {"key": page.context["form"]["key"].value(), "agreed": "300"}
    first, second = client.post(address, form), client.post(address, form)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert available(citizen) == 700
    for junk in ({"key": "x"}, {"key": "k" * 64, "agreed": "1e309"}, {}):
        assert client.post(address, {**junk}).status_code == 422
    assert available(citizen) == 700


@pytest.mark.parametrize("gone", ["withdrawn", "over"])
def test_a_press_sent_again_finds_what_it_made_when_the_reward_has_left(
    client, citizen, kept_contexts, gone
):
    reward = make.make_reward(points=300)
    client.force_login(citizen, backend=BACKEND)
    address = reverse("rewards:redeem", args=[reward.public_id])
    form = {"key": client.get(address).context["form"]["key"].value(), "agreed": "300"}
    first = client.post(address, form)
    left = {"state": "draft"} if gone == "withdrawn" else {"closes_at": clock.now()}
    type(reward).objects.filter(pk=reward.pk).update(**left)
    again = client.post(address, form)
    assert (again.status_code, again.url) == (302, first.url)
    assert available(citizen) == 700
    # Another press, another person and another reward find nothing.
    for key in ("k" * 32, "\x00", ""):
        assert client.post(address, {**form, "key": key}).status_code == 404
    other = reverse("rewards:redeem", args=[make.make_reward().public_id])
    assert client.post(other, {**form, "agreed": "100"}).status_code == 409
    client.force_login(make.rich(), backend=BACKEND)
    assert client.post(address, form).status_code == 404
    assert Redemption.objects.count() == 1


def test_sold_out_while_reading_is_said_on_the_same_page(client, citizen, kept_contexts):
    reward = make.make_reward(stock=1)
    client.force_login(citizen, backend=BACKEND)
    address = reverse("rewards:redeem", args=[reward.public_id])
    form = {"key": client.get(address).context["form"]["key"].value(), "agreed": "100"}
    make.redeem(reward, make.rich())
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "None are left" in answer.content.decode()
    assert available(citizen) == 1000


def test_after_a_new_price_the_next_press_agrees_to_it(client, citizen, kept_contexts):
    reward = make.make_reward(points=300)
    client.force_login(citizen, backend=BACKEND)
    address = reverse("rewards:redeem", args=[reward.public_id])
    form = {"key": client.get(address).context["form"]["key"].value(), "agreed": "300"}
    type(reward).objects.filter(pk=reward.pk).update(points=350)
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "350 points" in answer.content.decode()
    assert available(citizen) == 1000
    again = {name: answer.context["form"][name].value() for name in ("key", "agreed")}
    assert (again["key"], str(again["agreed"])) == (form["key"], "350")
    assert client.post(address, again).status_code == 302
    assert available(citizen) == 650


def test_merged_persons_keep_what_both_had(citizen):
    other = make.rich()
    reward = make.make_reward(per_person=1)
    rows = [make.redeem(reward, one) for one in (citizen, other)]
    merge_persons(keep=citizen.person, gone=other.person, by="system")
    found = Redemption.objects.filter(person=citizen.person)
    assert set(found) == set(rows)
    assert sorted(row.slot or 0 for row in found) == [1, 2]


def test_own_data_names_what_was_redeemed_and_no_code(citizen):
    row = make.redeem(make.make_reward(), citizen)
    held = export.export_of(citizen)["redemptions"]
    assert [one["id"] for one in held] == [row.public_id]
    assert "CANARY" not in str(held)
