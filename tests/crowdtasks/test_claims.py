"""Places: taken, held for a time, used; what is refused says so and loses nothing."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.actions.verification import merge_persons
from core import audit, clock
from core.exceptions import Conflict, Refused
from crowdtasks.actions.claims import sweep_claims
from crowdtasks.models import Claim
from crowdtasks.querysets import places_left
from participation.actions.contributions import withdraw_contribution
from participation.models import Contribution
from questionnaires.actions.responses import submit_response
from questionnaires.models import Draft
from tests.factories.crowdtasks import answer, claim, make_campaign, write_draft
from tests.factories.participation import make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
HOUR = dt.timedelta(hours=1)


def _left(campaign):
    return places_left(campaign, clock.now())


def _send(draft, account):
    return submit_response(draft=draft, person=account.person, account=account)


def test_a_place_is_held_until_it_is_used_and_taken_twice_is_the_same_place():
    _page, campaign = make_campaign(places=2)
    account = make_citizen()
    first = claim(campaign, account)
    assert claim(campaign, account) == first
    assert first.expires_at - first.claimed_at == dt.timedelta(minutes=60)
    assert _left(campaign) == 1
    draft = write_draft(campaign, account)
    with clock.travel(dt.timedelta(minutes=5)):
        receipt = _send(draft, account)
    first.refresh_from_db()
    assert (first.state, first.contribution) == ("accepted", receipt.contribution)
    assert _left(campaign) == 1
    with pytest.raises(Conflict) as refusal:
        claim(campaign, account)
    assert refusal.value.code == "done_already"
    assert audit.verify().ok


def test_after_the_quota_nobody_begins_and_nothing_is_left_behind():
    _page, campaign = make_campaign(places=1)
    claim(campaign)
    late = make_citizen()
    with pytest.raises(Conflict) as refusal:
        write_draft(campaign, late)
    assert refusal.value.code == "places_taken"
    assert not Draft.objects.filter(person=late.person).exists()


def test_an_expired_place_is_anothers_and_the_answers_are_kept():
    _page, campaign = make_campaign(places=1)
    slow, quick = make_citizen(), make_citizen()
    draft = write_draft(campaign, slow)
    with clock.travel(2 * HOUR):
        assert _left(campaign) == 1
        other = claim(campaign, quick)
        assert Claim.objects.get(person=slow.person).state == "expired"
        with pytest.raises(Conflict) as refusal:
            _send(draft, slow)
        assert refusal.value.code == "places_taken"
        assert "answers are kept" in str(refusal.value)
        assert Contribution.objects.count() == 0
        assert Draft.objects.get(pk=draft.pk).answers["uses"] == {"option": "daily"}
    with clock.travel(5 * HOUR):
        # The other's time is over too: the place is free, and what was kept can be sent.
        _send(draft, slow)
        other.refresh_from_db()
        assert other.state == "expired"
        assert _left(campaign) == 0


def test_an_expired_place_that_nobody_wanted_is_still_ones_own():
    _page, campaign = make_campaign(places=1)
    account = make_citizen()
    draft = write_draft(campaign, account)
    with clock.travel(2 * HOUR):
        _send(draft, account)
        assert Claim.objects.get().state == "accepted"


def test_the_sweep_notes_what_is_over():
    _page, campaign = make_campaign(places=3)
    for _each in range(2):
        claim(campaign)
    assert sweep_claims() == 0
    with clock.travel(2 * HOUR):
        assert (sweep_claims(), sweep_claims()) == (2, 0)
        assert set(Claim.objects.values_list("state", flat=True)) == {"expired"}
        assert audit.verify().ok


def test_a_poll_takes_its_place_when_it_is_sent():
    _page, campaign = make_campaign(kind="poll", places=1)
    account = make_citizen()
    draft = write_draft(campaign, account)
    assert not Claim.objects.exists()
    answer(campaign)
    with pytest.raises(Conflict) as refusal:
        _send(draft, account)
    assert refusal.value.code == "places_taken"
    assert Draft.objects.get(pk=draft.pk).answers


def test_what_was_begun_with_anothers_place_is_not_sent():
    _page, campaign = make_campaign(places=2)
    draft = write_draft(campaign, make_citizen())
    with pytest.raises(Refused) as refusal:
        _send(draft, make_citizen())
    assert refusal.value.code == "not_your_place"
    assert Contribution.objects.count() == 0
    assert Draft.objects.get(pk=draft.pk).answers


def test_withdrawing_frees_the_place_and_one_may_take_another():
    _page, campaign = make_campaign(places=1)
    account = make_citizen()
    receipt = answer(campaign, account)
    withdraw_contribution(contribution=receipt.contribution, person=account.person, account=account)
    assert Claim.objects.get().state == "withdrawn"
    assert _left(campaign) == 1
    answer(campaign, account)
    assert _left(campaign) == 0
    assert audit.verify().ok


def test_the_database_itself_holds_the_quota_and_one_claim_a_person():
    _page, campaign = make_campaign(places=2)
    row = claim(campaign)
    other = make_citizen().person
    until = row.expires_at
    for person, place in ((other, row.place), (row.person, campaign.place_rows.get(number=2))):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(
                campaign=campaign,
                person=person,
                place=place,
                claimed_at=clock.now(),
                expires_at=until,
            )


def test_of_two_persons_that_are_one_the_response_handed_in_stands():
    _page, campaign = make_campaign(places=3)
    keep, gone = make_citizen(), make_citizen()
    held = claim(campaign, keep)
    answer(campaign, gone)
    with transaction.atomic():
        merge_persons(keep=keep.person, gone=gone.person, by="system")
    held.refresh_from_db()
    assert held.state == "expired"
    assert Claim.objects.get(state="accepted").person == keep.person
    assert _left(campaign) == 2
    assert audit.verify().ok
