"""Two acts that want the same rows take them in one order (PostgreSQL, ``ledger.locks``).

Each test lets two real acts meet between their locks: with the locks the other way round the
database breaks a deadlock by ending one of them, and the test with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts import merging
from accounts.actions import close_account
from accounts.actions.verification import merge_persons
from accounts.models import Account
from accounts.persons import lock_person
from consultations.actions.paper import publish_paper
from core import clock
from core.exceptions import Invalid
from crowdtasks.actions.claims import claim_place
from crowdtasks.actions.reviewing import settle_declined
from crowdtasks.findings.actions.merging import merge_findings
from crowdtasks.findings.actions.triage import ship_findings
from crowdtasks.findings.models import Finding
from crowdtasks.ledger import proof
from crowdtasks.ledger.actions import agree, ask_award, ask_reversal
from crowdtasks.ledger.models import Entry, Proposal
from crowdtasks.models import Claim, Place
from crowdtasks.panel.actions.drawing import lock_draw, take_turn
from crowdtasks.panel.actions.volunteering import leave_panel
from crowdtasks.panel.models import Invitation
from crowdtasks.products.models import Attempt, Award
from crowdtasks.rewards.actions.prizes import expire_prize
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.actions.stock import withdraw_batch
from crowdtasks.rewards.models import Batch, Redemption, Unit
from participation.actions.contributions import withdraw_contribution
from questionnaires.actions.drafts import begin_draft
from questionnaires.actions.responses import submit_response
from questionnaires.models import Response
from tests.factories import rewards as make
from tests.factories.accounts import make_administrator, make_officer
from tests.factories.crowdtasks import (
    accept,
    answer,
    checked_questions,
    claim,
    decline,
    edit_campaign,
    make_campaign,
    write_draft,
)
from tests.factories.engagements import make_bureau
from tests.factories.findings import find, triage
from tests.factories.ledger import fill_budget
from tests.factories.panel import drawn, invited_with, make_invited, volunteers
from tests.factories.participation import make_citizen
from tests.factories.products import (
    begin,
    build,
    builds_of,
    edit,
    hand_in,
    make_product,
    make_rewarded,
    make_round,
    send,
    tell,
)
from tests.factories.together import Beside, beside

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("tree"),
    pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time."),
]

Meeting = tuple[Account, Callable[[], Any]]


def _refund() -> Meeting:
    account, by = make.rich(), make.manager()
    row = make.redeem(make.make_reward(), account)
    return account, lambda: refund_redemption(redemption=row, by=by, reason="It did not work.")


def _expire() -> Meeting:
    account = make.rich()
    row = make.redeem(make.make_prize(returns_uncollected=True), account)

    def late() -> bool:
        with clock.freeze(row.collect_by + dt.timedelta(hours=1)):
            return expire_prize(redemption=row)

    return account, late


def _rewarded(**fields: Any) -> Any:
    bureau = make_bureau()
    fill_budget(bureau, 50)
    return make_campaign(bureau=bureau, places=5, reward=10, **fields)[1]


def _odd() -> tuple[Account, Any, Claim]:
    """A poll's part that waits for an officer, with its points."""
    campaign, account = _rewarded(kind="poll", questions=checked_questions()), make_citizen()
    answer(campaign, account, {"check": {"option": "b"}})
    return account, campaign, Claim.objects.get()


def _accept() -> Meeting:
    account, campaign, row = _odd()
    officer = make_officer(campaign.engagement.owner.code)
    return account, lambda: accept(row, officer)


def _settle_declined() -> Meeting:
    account, campaign, row = _odd()
    decline(row, make_officer(campaign.engagement.owner.code))

    def late() -> int:
        with clock.travel(dt.timedelta(days=60)):
            return settle_declined()

    return account, late


def _withdraw(account: Account, row: Any) -> Meeting:
    entry = row.contribution
    return account, lambda: withdraw_contribution(
        contribution=entry, person=account.person, account=account
    )


def _withdraw_a_task() -> Meeting:
    account, _campaign, row = _odd()
    return _withdraw(account, row)


def _withdraw_a_try() -> Meeting:
    account, row = make_citizen(), make_rewarded()[1]
    hand_in(row, account, minutes=0)
    return _withdraw(account, Award.objects.get())


def _hand_in_a_task() -> Meeting:
    campaign, account = _rewarded(), make_citizen()
    claim(campaign, account)
    draft = write_draft(campaign, account)
    return account, lambda: submit_response(draft=draft, person=account.person, account=account)


def _hand_in_a_try() -> Meeting:
    account, row = make_citizen(), make_rewarded()[1]
    attempt = begin(row, account.person)
    tell(attempt)
    return account, lambda: send(attempt, account)


def _begin_an_invited_try() -> Meeting:
    account = make_citizen()
    round = invited_with(account).draw.plan.round
    return account, lambda: begin(round, account.person)


@pytest.mark.parametrize(
    "meeting",
    [
        _refund,
        _expire,
        _accept,
        _settle_declined,
        _withdraw_a_task,
        _withdraw_a_try,
        _hand_in_a_task,
        _hand_in_a_try,
        _begin_an_invited_try,
    ],
)
def test_an_act_on_a_row_meets_the_merge_of_its_person(meeting: Callable[[], Meeting]) -> None:
    """Merging holds both persons and then wants their rows: whoever holds a row waits no more."""
    account, work = meeting()
    keep, by = make_citizen().person, make_administrator()
    others: list[Beside] = []
    # Before all rooms, whose settlements come in the order of their names.
    merging.register("a meeting", lambda *, keep, gone: others.append(beside(work)))
    try:
        merge_persons(keep=keep, gone=account.person, by=by)
    finally:
        merging.unregister("a meeting")
    (other,) = others
    other.result()
    for model in (Redemption, Claim, Award, Invitation, Response):
        assert not model.objects.filter(person=account.person).exists()
    assert proof.prove().ok


def test_an_account_is_closed_while_its_person_redeems() -> None:
    account, reward = make.rich(), make.make_reward()
    with transaction.atomic():
        # As redeeming does: the person, and at last a notice that points to the account.
        lock_person(account.person)
        other = beside(lambda: close_account(account=account))
        make.redeem(reward, account)
    other.result()
    assert not Account.objects.filter(pk=account.pk).exists()
    assert Redemption.objects.get().person_id == account.person_id
    assert proof.prove().ok


def test_a_proposal_is_agreed_to_while_the_same_is_asked_for() -> None:
    by, second, bureau = make_administrator(), make_administrator(), make_bureau()
    fill_budget(bureau)
    person = make_citizen().person
    one = {"person": person, "bureau": bureau, "by": by, "reason": "Late."}
    agree(proposal=ask_award(points=900, key="a", **one), by=second)
    entry = Entry.objects.get(kind="award")
    waiting = ask_reversal(entry=entry, by=by, reason="Twice.", key="b")
    assert isinstance(waiting, Proposal)
    with transaction.atomic():
        # As whoever asks: the person, then a proposal that another one's would meet.
        type(person).objects.select_for_update(no_key=True).get(pk=person.pk)
        other = beside(lambda: agree(proposal=waiting, by=second))
        with pytest.raises(Exception, match="waits") as caught:
            ask_reversal(entry=entry, by=by, reason="Twice.", key="c")
        assert getattr(caught.value, "code", "") == "waits"
    assert other.result().reverses_id == entry.pk


def test_who_leaves_two_draws_meets_who_declines_in_the_second() -> None:
    (leaver, *_others) = volunteers(5)
    first, second = [drawn(make_invited(), {"25-34": 5}) for _each in range(2)]
    held = Invitation.objects.filter(person=leaver.person).order_by("draw")
    assert [row.draw_id for row in held] == [first.pk, second.pk]
    with transaction.atomic():
        lock_draw(second.pk)
        other = beside(lambda: leave_panel(person=leaver.person))
        take_turn()
    assert other.result() is True
    assert not Invitation.objects.filter(person=leaver.person).exists()


def test_a_try_is_begun_while_its_round_is_published_again() -> None:
    page, row = make_round()
    edit(page, summary="Try to book a seat for two.")
    questionnaire = row.engagement.questionnaires.get()
    with transaction.atomic():
        draft = begin_draft(questionnaire=questionnaire, person=None, language="en", source="test")
        # What a row points to is locked when it is committed, one after the other: up to here.
        connection.check_constraints()
        other = beside(lambda: publish_paper(page=page, by=None))
        Attempt.objects.create(round=row, draft=draft, begun_at=clock.now())
    assert other.result() == row.engagement


def test_who_begins_a_try_waits_for_a_publication_of_the_round() -> None:
    """What is published never changes under a try that it did not see."""
    _page, row = make_round()
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        other = beside(lambda: begin(row))
        assert not other.is_over(0)
    assert isinstance(other.result(), Attempt)


def test_a_response_comes_in_while_there_are_to_be_more_places() -> None:
    bureau, one, two = make_bureau(), make_citizen(), make_citizen()
    fill_budget(bureau, 100)
    page, campaign = make_campaign(bureau=bureau, kind="poll", places=5, reward=10)
    answer(campaign, one)
    edit_campaign(page, places=6)
    with transaction.atomic():
        # It holds the campaign's points, and points to the questionnaire and the campaign.
        answer(campaign, two)
        other = beside(lambda: publish_paper(page=page, by=None))
    assert other.result() == campaign.engagement
    assert Claim.objects.filter(state="accepted").count() == 2
    assert proof.prove().ok


def test_the_last_place_is_taken_while_there_are_to_be_fewer() -> None:
    page, campaign = make_campaign(places=2)
    person = make_citizen().person
    claim(campaign)
    edit_campaign(page, places=1)
    with transaction.atomic():
        Place.objects.select_for_update().get(campaign=campaign, number=2)
        other = beside(lambda: publish_paper(page=page, by=None))
        taken = claim_place(campaign=campaign, person=person)
    refused = other.result()
    assert isinstance(refused, Invalid)
    assert refused.field == "places"
    assert Claim.objects.get(pk=taken.pk).place.number == 2


def test_findings_are_merged_while_they_are_told_as_mended() -> None:
    page, product = make_product(builds=[build("1"), build("2")])
    row = make_round(build=builds_of(product)[0])[1]
    officer = make_officer(row.engagement.owner.code)
    found = [find(row, make_citizen()) for _each in range(2)]
    for one in found:
        triage(one, officer, "mended", version="3")
    edit(page, builds=[build("1"), build("2"), build("3")])
    publish_paper(page=page, by=None)
    earlier, later = found
    with transaction.atomic():
        # As the job does: in the order of their numbers.
        Finding.objects.select_for_update(of=("self",)).get(pk=earlier.pk)
        other = beside(lambda: merge_findings(finding=later, into=earlier, by=officer))
        assert ship_findings(product=row.build.product_id) == 2
    assert other.result().pk == earlier.pk


def test_nothing_comes_back_into_a_batch_that_is_just_taken_out() -> None:
    by = make.manager()
    row = make.redeem(make.make_prize(), make.rich())
    batch = Batch.objects.get()
    with transaction.atomic():
        withdraw_batch(batch=batch, by=by)
        other = beside(lambda: refund_redemption(redemption=row, by=by, reason="Not there."))
    other.result()
    assert not Unit.objects.free().exists()
