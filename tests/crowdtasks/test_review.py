"""What looks odd is looked at by an officer; declined, another one may be asked, once."""

import datetime as dt

import pytest
from django.test import Client

from accounts.actions import close_account
from core import audit, clock
from core.exceptions import Closed, Conflict, Refused
from crowdtasks.actions.reviewing import appeal_claim, decide_claim, settle_declined
from crowdtasks.models import Appeal, Claim
from crowdtasks.querysets import places_left
from notifications.models import Notice
from questionnaires.actions.responses import submit_response
from questionnaires.models import Response
from tests.factories.crowdtasks import (
    accept,
    answer,
    claim,
    decline,
    make_campaign,
    write_draft,
)
from tests.factories.desk import make_approver, make_officer
from tests.factories.participation import make_citizen
from tests.questionnaires.walking import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

SAID = "The benches stand where nobody ever wants to sit down at all."


def _sent(campaign, after, **answers):
    account = make_citizen()
    draft = write_draft(campaign, account, answers or None)
    with clock.travel(after):
        submit_response(draft=draft, person=account.person, account=account)
    return Claim.objects.get(person=account.person)


def test_what_looks_odd_is_marked_and_everything_counts():
    _page, campaign = make_campaign()
    slowly, share = dt.timedelta(minutes=5), dt.timedelta(seconds=campaign.seconds / 4 + 1)
    assert _sent(campaign, slowly).flags == []
    assert _sent(campaign, share).flags == []
    assert _sent(campaign, dt.timedelta(seconds=1)).flags == ["fast"]
    assert _sent(campaign, slowly, check={"option": "b"}).flags == ["attention"]
    # Which way somebody answers is no reason; leaving a check out neither.
    assert _sent(campaign, slowly, uses={"option": "never"}).flags == []
    assert _sent(campaign, slowly, why=SAID).flags == []
    assert _sent(campaign, slowly, why=f"  {SAID.upper()} ").flags == ["repeated"]
    assert _sent(campaign, slowly, why="Nothing.").flags == []
    assert _sent(campaign, slowly, why="Nothing.").flags == []
    assert set(Claim.objects.exclude(flags=[]).values_list("state", flat=True)) == {"review"}
    assert Response.objects.counted().count() == 9


def test_all_or_a_part_may_be_looked_at():
    _page, every = make_campaign(review_rule="all")
    answer(every)
    assert Claim.objects.get().flags == ["rule"]
    _page, some = make_campaign(review_rule="sample", sample_percent=99)
    for _each in range(6):
        answer(some)
    assert ["sample"] in list(Claim.objects.filter(campaign=some).values_list("flags", flat=True))


def test_declined_with_a_reason_then_accepted_by_another_officer():
    officer, colleague = make_officer(), make_approver()
    _page, campaign = make_campaign(places=1, review_rule="all")
    account = make_citizen()
    answer(campaign, account)
    row = decline(Claim.objects.get(), officer)
    assert row.state == "declined"
    assert places_left(campaign, clock.now()) == 0
    told = Notice.objects.get(kind="task-decided")
    assert (told.account, told.params["reason"]) == (account, "Nothing was read.")
    with pytest.raises(Closed):
        accept(row, colleague)
    with pytest.raises(Refused):
        appeal_claim(claim=row, person=make_citizen().person, text="Mine.", language="en")
    appeal_claim(claim=row, person=account.person, text="I read it all.", language="en")
    with pytest.raises(Closed):
        appeal_claim(claim=row, person=account.person, text="Again.", language="en")
    with pytest.raises(Refused) as refusal:
        accept(row, officer)
    assert refusal.value.code == "decided_before"
    assert accept(row, colleague).state == "accepted"
    assert audit.verify().ok


def test_what_is_declined_for_good_frees_the_place_and_is_not_done_again():
    officer = make_officer()
    _page, campaign = make_campaign(places=1, review_rule="all")
    account = make_citizen()
    answer(campaign, account)
    decline(Claim.objects.get(), officer)
    assert settle_declined() == 0
    with clock.travel(dt.timedelta(days=15)):
        with pytest.raises(Closed):
            appeal_claim(
                claim=Claim.objects.get(), person=account.person, text="Late.", language="en"
            )
        assert (settle_declined(), settle_declined()) == (1, 0)
        assert Claim.objects.get().state == "refused"
        assert places_left(campaign, clock.now()) == 1
        with pytest.raises(Conflict):
            write_draft(campaign, account)


def test_nobody_decides_on_the_own_task_or_on_what_has_changed():
    officer = make_officer()
    _page, campaign = make_campaign(review_rule="all")
    answer(campaign, officer)
    row = Claim.objects.get()
    with pytest.raises(Refused) as refusal:
        accept(row, officer)
    assert refusal.value.code == "own_task"
    colleague = make_approver()
    with pytest.raises(Conflict):
        decide_claim(
            claim=row, verdict="accept", reason="", language="en", by=colleague, known="declined"
        )


def test_the_desk_shows_answers_without_a_name_and_the_receipt_says_what_can_be_done():
    officer = make_officer()
    _page, campaign = make_campaign(review_rule="all")
    account = make_citizen("Strange Name")
    code = answer(campaign, account).code
    client, mine = Client(), Client()
    client.force_login(officer, backend=BACKEND)
    mine.force_login(account, backend=BACKEND)
    base = f"/en/e/{campaign.engagement.public_id}/task/"
    assert "All responses are looked at" in client.get(f"{base}review/").content.decode()
    path = f"{base}review/{Claim.objects.get().public_id}/"
    page = client.get(path).content.decode()
    assert "Daily" in page
    assert "Strange Name" not in page
    lacking = client.post(path, {"verdict": "decline", "known": "review"})
    assert lacking.status_code == 422
    sent = client.post(path, {"verdict": "decline", "reason": "Random.", "known": "review"})
    assert sent.status_code == 302
    receipt = mine.get(f"/en/receipts/{code}/").content.decode()
    assert "Random." in receipt
    assert f"{base}appeal/" in receipt
    assert mine.post(f"{base}appeal/", {"text": "I read it all."}).status_code == 302
    assert "Another officer was asked" in mine.get(f"/en/receipts/{code}/").content.decode()
    assert "A colleague decides" in client.get(path).content.decode()


def test_a_closed_account_leaves_no_words_and_holds_no_place():
    officer = make_officer()
    _page, campaign = make_campaign(review_rule="all", places=2)
    _page, other = make_campaign(places=1)
    account = make_citizen()
    claim(other, account)
    answer(campaign, account)
    row = decline(Claim.objects.get(state="review"), officer)
    appeal_claim(claim=row, person=account.person, text="I read it all.", language="en")
    close_account(account=account)
    assert Appeal.objects.get().text == ""
    assert places_left(other, clock.now()) == 1
    assert Claim.objects.get(pk=row.pk).state == "declined"
    assert audit.verify().ok
