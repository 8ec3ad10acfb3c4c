"""Points for completing: set aside at publishing, earned, held, taken back, the rest returned."""

import datetime as dt

import pytest

from consultations.actions.paper import publish_paper
from consultations.checklist import missing
from core import audit, clock
from core.each import SomeFailed
from core.exceptions import Conflict, Invalid
from crowdtasks.actions.reviewing import appeal_claim, settle_declined
from crowdtasks.actions.rewarding import return_rest, to_be_returned
from crowdtasks.face import check
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import grant_budget
from crowdtasks.ledger.models import Entry
from crowdtasks.ledger.reading import balance_of, budget_of, escrow_of
from crowdtasks.models import Claim
from crowdtasks.querysets import places_left
from crowdtasks.tasks import return_what_nobody_earned
from participation.actions.contributions import withdraw_contribution
from questionnaires.actions.responses import submit_response
from questionnaires.models import Response
from tests.factories.crowdtasks import (
    accept,
    answer,
    decline,
    edit_campaign,
    fresh,
    make_campaign,
    make_campaign_draft,
    write_draft,
)
from tests.factories.desk import make_approver, make_officer
from tests.factories.engagements import make_bureau
from tests.factories.ledger import fill_budget
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def _funded(points=100, **fields):
    bureau = make_bureau()
    fill_budget(bureau, points)
    return make_campaign(bureau=bureau, **{"places": 5, "reward": 10, **fields})


def _held(campaign):
    engagement = campaign.engagement
    return budget_of(engagement.owner), escrow_of(engagement)


def test_the_whole_cost_is_set_aside_when_it_is_published():
    bureau = make_bureau()
    page = make_campaign_draft(bureau=bureau, places=5, reward=10)
    draft = page.get_latest_revision_as_object()
    lacking = [step.key for step in missing(draft, page.engagement)]
    assert lacking == ["reward"]
    with pytest.raises(Invalid) as refusal:
        publish_paper(page=page, by=None)
    assert refusal.value.field == "reward"
    assert page.engagement.state == "draft"
    fill_budget(bureau, 60)
    campaign = fresh(publish_paper(page=page, by=None))
    assert _held(campaign) == (10, 50)
    assert campaign.set_aside == 50
    edit_campaign(page, places=7)
    with pytest.raises(Invalid):
        publish_paper(page=page, by=None)
    fill_budget(bureau, 100)
    publish_paper(page=page, by=None)
    assert _held(campaign) == (90, 70)


def test_a_budget_is_spent_to_exactly_nothing_and_then_pays_for_nothing():
    _page, campaign = _funded(points=50)
    assert _held(campaign) == (0, 50)
    page = make_campaign_draft(bureau=campaign.engagement.owner, places=1, reward=1)
    for _twice in range(2):
        with pytest.raises(Invalid) as refusal:
            publish_paper(page=page, by=None)
        assert refusal.value.field == "reward"
    assert _held(campaign) == (0, 50)
    assert page.engagement.state == "draft"
    # What costs nothing needs no budget.
    edit_campaign(page, reward=0)
    publish_paper(page=page, by=None)
    assert proof.prove().ok


def test_before_the_opening_a_lower_cost_goes_back_and_a_higher_one_is_added():
    page, campaign = _funded(opens=3)
    for places, reward, left in ((5, 4, 80), (2, 4, 92), (5, 20, 0), (5, 0, 100), (5, 10, 50)):
        edit_campaign(page, places=places, reward=reward)
        publish_paper(page=page, by=None)
        assert _held(campaign) == (left, 100 - left)


def test_a_reward_needs_places_and_stands_once_open():
    page, _campaign = _funded()
    draft = page.get_latest_revision_as_object()
    draft.reward = 12
    with pytest.raises(Invalid) as refusal:
        check(draft, draft.engagement)
    assert refusal.value.field == "reward"
    other = make_campaign_draft(reward=5).get_latest_revision_as_object()
    with pytest.raises(Invalid) as refusal:
        check(other, other.engagement)
    assert refusal.value.field == "places"


def test_a_poll_pays_at_once_and_once():
    _page, campaign = _funded(kind="poll")
    account = make_citizen()
    answer(campaign, account)
    assert balance_of(account.person).available == 10
    assert _held(campaign) == (50, 40)
    with pytest.raises(Conflict):
        answer(campaign, account)
    assert balance_of(account.person).available == 10
    assert proof.prove().ok


def test_a_poll_does_not_hold_its_points_for_days():
    page, _campaign = _funded(kind="poll")
    edit_campaign(page, hold_days=3)
    draft = page.get_latest_revision_as_object()
    with pytest.raises(Invalid) as refusal:
        check(draft, draft.engagement)
    assert refusal.value.field == "hold_days"
    with pytest.raises(Invalid) as refusal:
        publish_paper(page=page, by=None)
    assert refusal.value.field == "hold_days"
    # It says the same of a survey that would become a poll.
    survey = make_campaign_draft(hold_days=3).get_latest_revision_as_object()
    check(survey, survey.engagement)
    survey.kind, survey.questions = "poll", draft.questions
    with pytest.raises(Invalid) as refusal:
        check(survey, survey.engagement)
    assert refusal.value.field == "hold_days"


def test_which_way_somebody_answers_earns_the_same():
    _page, campaign = _funded(kind="poll")
    for option in ("yes", "no", "unsure"):
        account = make_citizen()
        answer(campaign, account, {"q1": {"option": option}})
        assert balance_of(account.person).available == 10


def test_a_survey_may_hold_its_points_for_days():
    _page, campaign = _funded(hold_days=7)
    account = make_citizen()
    draft = write_draft(campaign, account)
    with clock.travel(dt.timedelta(minutes=9)):
        submit_response(draft=draft, person=account.person, account=account)
    balance = balance_of(account.person)
    assert (balance.available, balance.pending) == (0, 10)
    assert Claim.objects.get().state == "accepted"


def test_odd_ones_wait_for_an_officer_who_releases_them():
    _page, campaign = _funded(review_rule="all")
    account = make_citizen()
    answer(campaign, account)
    assert balance_of(account.person).pending == 10
    accept(Claim.objects.get(), make_officer())
    balance = balance_of(account.person)
    assert (balance.available, balance.pending) == (10, 0)
    assert [*audit.verify().faults] == []


def test_declined_points_wait_for_the_appeal_and_go_back_to_the_escrow():
    officer, colleague = make_officer(), make_approver()
    _page, campaign = _funded(review_rule="all", places=2, reward=50)
    first, second = make_citizen(), make_citizen()
    for account in (first, second):
        answer(campaign, account)
        decline(Claim.objects.get(person=account.person), officer)
    assert _held(campaign) == (0, 0)
    row = Claim.objects.get(person=first.person)
    appeal_claim(claim=row, person=first.person, text="I read it.", language="en")
    assert decline(row, colleague).state == "refused"
    assert _held(campaign) == (0, 50)
    with clock.travel(dt.timedelta(days=15)):
        settle_declined()
    assert _held(campaign) == (0, 100)
    assert places_left(campaign, clock.now()) == 2
    assert balance_of(first.person).pending == balance_of(second.person).pending == 0
    # Their answers count all the same.
    assert Response.objects.counted().count() == 2
    assert proof.prove().ok


def test_a_long_reason_of_the_second_officer_is_told_whole_and_kept_short_in_the_books():
    officer, colleague = make_officer(), make_approver()
    _page, campaign = _funded(review_rule="all")
    account = make_citizen()
    answer(campaign, account)
    row = decline(Claim.objects.get(), officer)
    appeal_claim(claim=row, person=account.person, text="I read it.", language="en")
    reason = "It says nothing of the park.\n\n" * 18
    assert decline(row, colleague, reason).state == "refused"
    assert row.reviews.get(on_appeal=True).reason == reason.strip()
    line = Entry.objects.get(kind="take_back").reason
    assert line.startswith("It says nothing of the park. It says")
    assert len(line) <= 300
    assert balance_of(account.person).pending == 0
    assert proof.prove().ok


@pytest.mark.parametrize("finally_", [False, True])
def test_what_was_declined_is_not_done_again_after_withdrawing(finally_):
    _page, campaign = _funded(review_rule="all", places=5)
    account = make_citizen()
    receipt = answer(campaign, account)
    row = decline(Claim.objects.get(), make_officer())
    if finally_:
        appeal_claim(claim=row, person=account.person, text="I read it.", language="en")
        decline(row, make_approver())
    withdraw_contribution(contribution=receipt.contribution, person=account.person, account=account)
    assert Claim.objects.get().state == "refused"
    assert _held(campaign) == (50, 50)
    assert places_left(campaign, clock.now()) == 5
    with pytest.raises(Conflict):
        answer(campaign, account)
    assert proof.prove().ok


def test_withdrawing_gives_held_points_back_but_what_is_ones_own_stays():
    _page, campaign = _funded(review_rule="all", places=5)
    account = make_citizen()
    receipt = answer(campaign, account)
    withdraw_contribution(contribution=receipt.contribution, person=account.person, account=account)
    assert _held(campaign) == (50, 50)
    assert balance_of(account.person).pending == 0
    _page, paid = _funded(points=50, kind="poll")
    receipt = answer(paid, account)
    withdraw_contribution(contribution=receipt.contribution, person=account.person, account=account)
    assert Claim.objects.get(campaign=paid).state == "accepted"
    assert (balance_of(account.person).available, places_left(paid, clock.now())) == (10, 4)
    with pytest.raises(Conflict):
        answer(paid, account)
    assert proof.prove().ok


def test_after_the_close_the_rest_returns_once():
    _page, campaign = _funded(kind="poll", closes=2)
    answer(campaign)
    assert to_be_returned() == []
    with clock.travel(dt.timedelta(days=4)):
        for row in to_be_returned() * 2:
            return_rest(campaign=row)
        assert to_be_returned() == []
        assert _held(campaign) == (90, 0)
        assert proof.prove().ok


def test_a_campaign_whose_escrow_is_broken_holds_up_no_other():
    (_first, broken), (_second, sound) = (_funded(kind="poll", closes=2) for _each in range(2))
    with clock.travel(dt.timedelta(days=4)):
        # Somebody used its key for something else: the ledger refuses to return its rest.
        key = f"campaign:{broken.engagement.public_id}:rest"
        grant_budget(bureau=make_bureau(), points=1, by="system", reason="Tests.", key=key)
        with pytest.raises(SomeFailed, match="1 failed, 1 done"):
            return_what_nobody_earned()
    sound.refresh_from_db()
    broken.refresh_from_db()
    assert (broken.returned_at, sound.returned_at is not None) == (None, True)


def test_what_was_declined_is_settled_beside_what_cannot_be():
    officer = make_officer()
    _page, campaign = _funded(review_rule="all", places=2, reward=50)
    for _each in range(2):
        account = make_citizen()
        answer(campaign, account)
        decline(Claim.objects.get(person=account.person), officer)
    broken, _sound = Claim.objects.order_by("pk")
    key = f"back:{broken.key}"
    grant_budget(bureau=make_bureau(), points=1, by="system", reason="Tests.", key=key)
    with (
        clock.travel(dt.timedelta(days=15)),
        pytest.raises(SomeFailed, match="1 failed, 1 done"),
    ):
        settle_declined()
    states = Claim.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["declined", "refused"]


def test_after_the_close_nothing_more_is_set_aside():
    page, campaign = _funded(kind="poll", closes=2)
    with clock.travel(dt.timedelta(days=4)):
        for row in to_be_returned():
            return_rest(campaign=row)
        draft = page.get_latest_revision_as_object()
        draft.places = campaign.places + 1
        with pytest.raises(Invalid) as refused:
            check(draft, draft.engagement)
        assert refused.value.field == "places"
        assert _held(campaign) == (100, 0)
