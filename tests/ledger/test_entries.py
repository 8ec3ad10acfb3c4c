"""Every way points move, told twice; what the actions refuse (P3, P4, P5, P11, P13)."""

import datetime as dt

import pytest

from accounts.actions.closing import close_account
from accounts.actions.verification import merge_persons
from core import audit, clock
from core.exceptions import Absent, Conflict, Invalid, Refused
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import (
    agree,
    ask_grant,
    ask_reversal,
    earn,
    expire,
    grant_budget,
    refund,
    release,
    reserve,
    return_rest,
    spend,
    take_back,
    top_up,
)
from crowdtasks.ledger.models import AccountKind, Entry, Hold
from crowdtasks.ledger.reading import (
    balance_of,
    balance_of_account,
    budget_of,
    escrow_of,
    statement,
)
from tests.factories.accounts import make_account, make_administrator, make_bureau, make_officer
from tests.factories.engagements import make_engagement
from tests.factories.ledger import fill_budget, give, make_funded

pytestmark = [pytest.mark.db, pytest.mark.django_db]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def books_hold():
    """After every test of this module the ledger and the trail must hold."""
    yield
    assert proof.prove().faults == []
    assert audit.verify().ok


def test_points_go_from_a_budget_to_a_person_and_what_is_left_returns():
    engagement = make_funded(100)
    person = make_account().person
    earn(engagement=engagement, person=person, points=30, key="a")
    assert (escrow_of(engagement), budget_of(engagement.owner)) == (70, 0)
    assert balance_of(person).available == 30
    top_up_needs = pytest.raises(Invalid)
    with top_up_needs as caught:
        top_up(engagement=engagement, points=5, by="system", key="more")
    assert (caught.value.field, caught.value.data["held"]) == ("reward", 0)
    assert return_rest(engagement=engagement, key="close").points == 70
    assert (escrow_of(engagement), budget_of(engagement.owner)) == (0, 70)
    spend(person=person, points=20, key="b")
    assert balance_of(person).available == 10
    lines = [(line.entry.kind, line.available, line.left) for line in statement(person).lines]
    assert lines == [("spend", -20, 10), ("earn", 30, 30)]


def test_a_budget_that_lacks_says_what_it_holds():
    engagement = make_engagement()
    fill_budget(engagement.owner, 40)
    with pytest.raises(Invalid, match=r"needs 1,000 points.*holds 40") as caught:
        reserve(engagement=engagement, points=1_000, by="system", key="a")
    assert caught.value.field == "reward"
    assert budget_of(engagement.owner) == 40


def test_every_act_done_again_with_its_key_is_done_once():
    """P3: a replay, two moderators: one entry; the same key for something else is refused."""
    engagement = make_funded(100)
    person = make_account().person
    later = clock.now() + DAY
    earned = [
        earn(engagement=engagement, person=person, points=30, key="e", hold_until=later)
        for _each in range(2)
    ]
    released = [release(entry_key="e", key="r") for _each in range(2)]
    spent = [spend(person=person, points=30, key="s") for _each in range(2)]
    refunded = [refund(entry_key="s", key="f", reason="Sold out.") for _each in range(2)]
    for pair in (earned, released, spent, refunded):
        assert pair[0] == pair[1]
    assert balance_of(person).available == 30
    with pytest.raises(Conflict) as caught:
        earn(engagement=engagement, person=person, points=31, key="e")
    assert caught.value.status == 422
    with pytest.raises(Conflict):
        spend(person=make_account().person, points=30, key="s")
    with pytest.raises(Conflict):
        release(entry_key="e", key="another")


@pytest.mark.parametrize(
    "amount",
    [-1, 0, 2**63, 10**10, 1.5, True, None, "", "-5", "1e9", "inf", "０１２", "٣", "1_0", "1.0"],
)
def test_an_amount_is_a_whole_number_or_refused(amount):
    """P4."""
    with pytest.raises(Invalid) as caught:
        grant_budget(bureau=make_bureau(), points=amount, by="system", reason="Test.", key="a")
    assert (caught.value.status, caught.value.field) == (422, "points")
    assert not Entry.objects.exists()


def test_held_points_wait_for_their_time_and_cannot_be_spent():
    engagement = make_funded(100)
    person = make_account().person
    until = clock.now() + 7 * DAY
    earn(engagement=engagement, person=person, points=30, key="e", hold_until=until)
    earn(engagement=engagement, person=person, points=20, key="f", review=True)
    assert (balance_of(person).available, balance_of(person).pending) == (0, 50)
    with pytest.raises(Conflict) as caught:
        spend(person=person, points=1, key="s")
    assert (caught.value.code, caught.value.data["available"]) == ("points_short", 0)


def test_taking_back_reverses_once_and_goes_to_the_budget_after_the_close():
    """P5, with P3: once; never more than is left."""
    engagement = make_funded(100)
    officer = make_officer(engagement.owner.code)
    person = make_account().person
    for name, review in (("held", True), ("free", False), ("spent", False)):
        earn(engagement=engagement, person=person, points=20, key=name, review=review)
    take_back(entry_key="held", key="t1", by=officer, reason="Copied answers.")
    assert (balance_of(person).pending, escrow_of(engagement)) == (0, 60)
    assert not Hold.objects.exists()
    with pytest.raises(Conflict) as caught:
        take_back(entry_key="held", key="t2", by=officer, reason="Again.")
    assert caught.value.code == "reversed"
    return_rest(engagement=engagement, key="close")
    take_back(entry_key="free", key="t3", by=officer, reason="Copied answers.")
    assert (escrow_of(engagement), budget_of(engagement.owner)) == (0, 80)
    spend(person=person, points=15, key="s")
    with pytest.raises(Conflict) as caught:
        take_back(entry_key="spent", key="t4", by=officer, reason="Copied answers.")
    assert (caught.value.code, caught.value.data) == ("spent", {"left": 5})


def test_a_refund_reverses_one_entry_once():
    """P5."""
    person = make_account().person
    give(person, 30)
    spend(person=person, points=30, key="s")
    refund(entry_key="s", key="f", reason="The code did not work.")
    with pytest.raises(Conflict) as caught:
        refund(entry_key="s", key="g", reason="Again.")
    assert caught.value.code == "reversed"
    with pytest.raises(Absent):
        refund(entry_key="earn:none", key="h", reason="Nothing was spent.")
    assert balance_of(person).available == 30


def test_officers_settle_their_own_bureau_and_never_their_own_points():
    """P11."""
    engagement = make_funded(2_000)
    mine, theirs = make_officer(engagement.owner.code), make_officer("TD")
    administrator, second = make_administrator(), make_administrator()
    earn(engagement=engagement, person=mine.person, points=10, key="mine", review=True)
    earn(engagement=engagement, person=make_account().person, points=600, key="big", review=True)
    with pytest.raises(Refused):
        release(entry_key="mine", key="r", by=mine)
    with pytest.raises(Refused):
        release(entry_key="big", key="r", by=theirs)
    with pytest.raises(Invalid) as caught:
        take_back(entry_key="big", key="t", by=mine, reason="Copied.")
    assert caught.value.code == "second_needed"
    proposal = ask_reversal(
        entry=Entry.objects.get(key="big"), by=mine, reason="Copied.", key="ask"
    )
    with pytest.raises(Refused):
        agree(proposal=proposal, by=theirs)
    entry = agree(proposal=proposal, by=administrator)
    assert (entry.by, entry.second) == (mine.person, administrator.person)
    with pytest.raises(Refused):
        grant_budget(bureau=engagement.owner, points=1, by=mine, reason="More.", key="g")
    large = {"bureau": engagement.owner, "points": 200_000, "reason": "More."}
    with pytest.raises(Invalid):
        grant_budget(**large, key="g", by=administrator)
    proposal = ask_grant(**large, key="ask-more", by=administrator)
    with pytest.raises(Refused):
        agree(proposal=proposal, by=administrator)
    assert agree(proposal=proposal, by=second).second == second.person


def test_closing_an_account_gives_up_its_points_and_a_later_refund_too():
    """P13."""
    account = make_account()
    engagement = make_funded(100)
    give(account, 30)
    earn(engagement=engagement, person=account.person, points=20, key="held", review=True)
    give(account, 5)
    spend(person=account.person, points=5, key="s")
    person = close_account(account=account)
    assert balance_of(person) == balance_of(make_account().person)
    assert balance_of_account(AccountKind.FORFEITED) == 50
    refund(entry_key="s", key="f", reason="Never collected.")
    assert balance_of_account(AccountKind.FORFEITED) == 55
    with pytest.raises(Conflict) as caught:
        earn(engagement=engagement, person=person, points=1, key="late")
    assert caught.value.code == "erased"


def test_two_persons_that_are_one_have_one_balance():
    keep, gone = make_account().person, make_account().person
    engagement = make_funded(100)
    give(keep, 10)
    give(gone, 20)
    later = clock.now() + DAY
    earned = {"engagement": engagement, "person": gone, "points": 30, "key": "held"}
    earn(**earned, hold_until=later)
    merge_persons(keep=keep, gone=gone, by="system")
    gone.refresh_from_db()
    assert (balance_of(keep).available, balance_of(keep).pending) == (30, 30)
    # A replay from before the merge is the same entry; what comes now goes to who stands for both.
    assert earn(**earned).key == "held"
    release(entry_key="held", key="r")
    earn(engagement=engagement, person=gone, points=1, key="new")
    assert (balance_of(keep).available, balance_of(gone).available) == (61, 0)


def test_points_expire_oldest_first_at_midnight_in_hong_kong(settings):
    """P12: 24 months after their month; to the instant, whether the job was there or not."""
    person = make_account().person
    engagement = make_funded(1_000)
    hk = dt.timezone(8 * dt.timedelta(hours=1))
    january = dt.datetime(2027, 1, 31, 23, 59, tzinfo=hk)
    with clock.freeze(january):
        earn(engagement=engagement, person=person, points=50, key="jan")
    with clock.freeze(january + dt.timedelta(minutes=1)):
        earn(engagement=engagement, person=person, points=40, key="feb")
        spend(person=person, points=20, key="s")
    end = dt.datetime(2029, 2, 1, tzinfo=hk)
    with clock.freeze(end - dt.timedelta(seconds=1)):
        found = balance_of(person)
        assert (found.available, found.next_expiry, found.expiring) == (70, end, 30)
        assert expire(person=person) is None
    with clock.freeze(end):
        found = balance_of(person)
        assert (found.available, found.expiring) == (40, 40)
        assert found.next_expiry == dt.datetime(2029, 3, 1, tzinfo=hk)
        with pytest.raises(Conflict) as caught:
            spend(person=person, points=41, key="too much")
        assert caught.value.data["available"] == 40
        spend(person=person, points=15, key="s2")
        assert expire(person=person) is None
        assert balance_of(person).available == 25
    kinds = [line.entry.kind for line in statement(person).lines]
    assert kinds == ["spend", "expire", "spend", "earn", "earn"]
    with clock.freeze(dt.datetime(2029, 3, 1, tzinfo=hk)):
        assert expire(person=person).points == 25
        assert balance_of(person).available == 0
