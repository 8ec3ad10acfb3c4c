"""Prizes: reserved, laid out, handed over once against the code, or kept no longer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core import clock
from core.each import SomeFailed
from core.exceptions import Absent, Conflict, Invalid, Refused
from crowdtasks.ledger.reading import balance_of
from crowdtasks.rewards.access import access_prize_by_slip
from crowdtasks.rewards.actions.prizes import hand_over, lay_out
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.models import Redemption, Unit
from crowdtasks.rewards.sealing import Code, unseal
from crowdtasks.rewards.slips import clean_slip, show_slip
from crowdtasks.rewards.tasks import expire_prizes, tell_low_stock
from notifications.models import Notice
from tests.factories import rewards as make
from tests.factories.accounts import make_officer

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def slip_of(row: Redemption) -> Code:
    return unseal(row.slip_sealed, row.slip_digest or "")


@pytest.fixture
def officer(db):
    return make_officer("LCSD")


def test_it_is_found_by_its_code_as_it_is_read_aloud(citizen, officer):
    row = make.redeem(make.make_prize(), citizen)
    shown = show_slip(slip_of(row))
    assert len(shown) == 9
    for typed in (shown, shown.lower(), f" {shown.replace('-', ' ')} "):
        assert access_prize_by_slip(typed, by=officer) == row
    for typed in ("", "0000-0000", "x" * 500, "０" * 8, shown[:-1]):
        with pytest.raises(Absent):
            access_prize_by_slip(typed, by=officer)
    # Another body's officer finds nothing by the right code.
    with pytest.raises(Absent):
        access_prize_by_slip(shown, by=make_officer("EPD"))
    assert clean_slip("O1IL-2345") is not None


def test_laid_out_told_once_and_handed_over_once(citizen, officer):
    row = make.redeem(make.make_prize(), citizen)
    lay_out(redemption=row, by=officer)
    with pytest.raises(Conflict):
        lay_out(redemption=row, by=officer)
    assert Notice.objects.filter(kind="reward-ready", account=citizen).count() == 1
    with pytest.raises(Invalid):
        hand_over(redemption=row, slip=Code("00000000"), by=officer)
    with pytest.raises(Refused):
        hand_over(redemption=row, slip=slip_of(row), by=make_officer("EPD"))
    assert hand_over(redemption=row, slip=slip_of(row), by=officer).state == "collected"
    with pytest.raises(Conflict) as refused:
        hand_over(redemption=row, slip=slip_of(row), by=officer)
    assert refused.value.code == "collected"


def test_nobody_hands_over_their_own(officer):
    make.give_points(officer.person, 100)
    row = make.redeem(make.make_prize(), officer)
    with pytest.raises(Refused):
        hand_over(redemption=row, slip=slip_of(row), by=officer)


@pytest.mark.parametrize("returns", [True, False])
def test_what_nobody_collects_is_given_again_and_the_rule_decides_on_the_points(
    citizen, officer, returns
):
    reward = make.make_prize(stock=1, returns_uncollected=returns, collect_days=7)
    row = make.redeem(reward, citizen)
    with clock.travel(dt.timedelta(days=7, seconds=1)):
        with pytest.raises(Conflict):
            hand_over(redemption=row, slip=slip_of(row), by=officer)
        for _twice in range(2):
            expire_prizes()
        row.refresh_from_db()
        assert (row.state, row.points_back) == ("expired", returns)
        assert balance_of(citizen.person).available == (1000 if returns else 900)
        assert Unit.objects.free().filter(reward=reward).count() == 1
    notice = Notice.objects.get(kind="reward-ended")
    assert notice.params["points"] == (100 if returns else 0)


def test_a_prize_whose_books_are_broken_holds_up_no_other(citizen):
    reward = make.make_prize(stock=3, collect_days=7)
    rows = [make.redeem(reward, citizen) for _each in range(3)]
    # The first one's entry is not to be found: returning its points fails.
    Redemption.objects.filter(pk=rows[0].pk).update(entry_key="gone")
    with clock.travel(dt.timedelta(days=8)):
        for done in (2, 0):
            with pytest.raises(SomeFailed, match=f"1 failed, {done} done"):
                expire_prizes()
    states = Redemption.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["reserved", "expired", "expired"]


def test_a_prize_that_is_refunded_goes_back_unless_it_is_gone(citizen, officer, manager):
    reward = make.make_prize(stock=2)
    kept, gone = make.redeem(reward, citizen), make.redeem(reward, citizen)
    hand_over(redemption=gone, slip=slip_of(gone), by=officer)
    for row in (kept, gone):
        refund_redemption(redemption=row, by=manager, reason="It was torn.")
    assert Unit.objects.free().filter(reward=reward).count() == 1
    with pytest.raises(Conflict):
        hand_over(redemption=kept, slip=slip_of(kept), by=officer)


def test_the_counter_in_pages(client, citizen, officer):
    row = make.redeem(make.make_prize(), citizen)
    client.force_login(citizen, backend=BACKEND)
    own = client.get(reverse("rewards:redemption", args=[row.public_id])).content.decode()
    assert show_slip(slip_of(row)) in own
    client.force_login(officer, backend=BACKEND)
    counter = reverse("rewards:counter")
    assert row.public_id in client.get(counter).content.decode()
    assert client.post(counter, {"slip": "0000-0000"}).status_code == 422
    found = client.post(counter, {"slip": show_slip(slip_of(row))})
    assert found.status_code == 200
    address = reverse("rewards:prize", args=[row.public_id])
    assert address in found.content.decode()
    assert client.post(address, {"act": "ready"}).status_code == 302
    assert client.post(address, {"slip": "0000-0000"}).status_code == 422
    assert client.post(address, {"slip": show_slip(slip_of(row))}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.handed_by) == ("collected", officer)
    assert (
        "collected before"
        in client.post(counter, {"slip": show_slip(slip_of(row))}).content.decode()
    )


def test_administrators_hear_once_that_little_is_left(manager):
    make.make_reward(stock=2, low_at=2)
    make.make_reward(stock=3, low_at=2)
    for _twice in range(2):
        tell_low_stock()
    notice = Notice.objects.get(kind="reward-low")
    assert (notice.account, notice.params["left"]) == (manager, 2)
