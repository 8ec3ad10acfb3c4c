"""One person did a task with two accounts: rewarded once where that is still possible, and never
more than was set aside."""

import datetime as dt

import pytest

from accounts.actions import close_account
from core import audit, clock
from core.exceptions import Conflict
from crowdtasks.actions.reviewing import settle_declined
from crowdtasks.actions.rewarding import return_rest
from crowdtasks.ledger import proof
from crowdtasks.ledger.reading import budget_of, escrow_of
from crowdtasks.models import Claim
from crowdtasks.querysets import places_left
from tests.factories.crowdtasks import accept, answer, claim, decline, make_campaign
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ledger import fill_budget, points_of
from tests.factories.participation import make_citizen, merge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _funded(**fields):
    bureau = make_bureau()
    fill_budget(bureau, 50)
    return make_campaign(bureau=bureau, **{"places": 5, "reward": 10, **fields})[1]


def _done_twice(campaign):
    """Two accounts of one person, the first one's part before the second one's."""
    keep, gone = make_citizen(), make_citizen()
    answer(campaign, gone)
    with clock.travel(dt.timedelta(minutes=1)):
        answer(campaign, keep)
    return keep, gone


def _states():
    return list(Claim.objects.order_by("finished_at").values_list("state", "points"))


def test_points_of_the_second_that_are_still_held_go_back_and_its_place_is_free():
    campaign = _funded(hold_days=14)
    keep, gone = _done_twice(campaign)
    merge(keep, gone)
    assert _states() == [("accepted", 10), ("withdrawn", 0)]
    assert set(Claim.objects.values_list("person", flat=True)) == {keep.person.pk}
    assert points_of(keep) == (0, 10)
    assert (escrow_of(campaign.engagement), places_left(campaign, clock.now())) == (40, 4)
    assert proof.prove().ok
    assert audit.verify().ok


def test_points_of_both_that_may_be_spent_stay_and_so_do_both_places():
    campaign = _funded()
    keep, gone = _done_twice(campaign)
    merge(keep, gone)
    assert _states() == [("accepted", 10), ("over", 10)]
    assert points_of(keep) == (20, 0)
    # As many places as there is still something set aside for.
    assert (escrow_of(campaign.engagement), places_left(campaign, clock.now())) == (30, 3)
    for _ in range(3):
        answer(campaign)
    with pytest.raises(Conflict):
        answer(campaign)
    with pytest.raises(Conflict) as refused:
        claim(campaign, keep)
    assert refused.value.code == "done_already"
    with clock.travel(dt.timedelta(days=30)):
        return_rest(campaign=campaign)
    assert (escrow_of(campaign.engagement), budget_of(campaign.engagement.owner)) == (0, 0)
    assert proof.prove().ok


def test_what_was_paid_stands_before_what_an_officer_still_looks_at():
    campaign = _funded(review_rule="all")
    keep, gone = _done_twice(campaign)
    second = Claim.objects.get(person=keep.person)
    accept(second, make_officer())
    merge(keep, gone)
    assert _states() == [("withdrawn", 0), ("accepted", 10)]
    assert points_of(keep) == (10, 0)
    assert (escrow_of(campaign.engagement), places_left(campaign, clock.now())) == (40, 4)
    assert proof.prove().ok


def test_nothing_waits_for_ever_for_an_officer_and_declined_for_good_stays_so():
    campaign = _funded(review_rule="all")
    keep, gone = _done_twice(campaign)
    decline(Claim.objects.get(person=gone.person), make_officer())
    merge(keep, gone)
    assert _states() == [("declined", 10), ("withdrawn", 0)]
    assert points_of(keep) == (0, 10)
    assert (escrow_of(campaign.engagement), places_left(campaign, clock.now())) == (40, 4)
    assert proof.prove().ok


def test_the_page_says_that_it_counts_once(client):
    campaign = _funded()
    keep, gone = _done_twice(campaign)
    merge(keep, gone)
    keep.refresh_from_db()
    client.force_login(keep, backend="accounts.backends.AccountBackend")
    code = Claim.objects.get(state="over").contribution.receipt.code
    body = client.get(f"/en/receipts/{code}/").content.decode()
    assert "It counts once, and the points of both stay yours." in body


def test_points_given_up_with_an_account_are_gone_and_so_is_their_place():
    campaign = _funded(review_rule="all")
    leaver, officer = make_citizen(), make_officer()
    answer(campaign, leaver)
    close_account(account=leaver)
    decline(Claim.objects.get(), officer)
    with clock.travel(dt.timedelta(days=15)):
        settle_declined()
        assert _states() == [("over", 10)]
        # Four are left, and there is something set aside for each of them.
        assert (escrow_of(campaign.engagement), places_left(campaign, clock.now())) == (40, 4)
        for _ in range(4):
            answer(campaign)
    assert proof.prove().ok
