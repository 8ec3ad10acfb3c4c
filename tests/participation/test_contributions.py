"""The register: receiving, editing, withdrawing, deciding."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Account
from core import clock
from core.exceptions import Closed, Conflict, Invalid, Refused, SignInNeeded, TooMany
from moderation.actions import report
from moderation.models import Item
from notifications.models import Notice
from participation import kinds
from participation.actions.contributions import (
    edit_contribution,
    newest_text,
    publish_contribution,
    receive_contribution,
    withdraw_contribution,
    withhold_contribution,
)
from participation.models import Contribution, Engagement, Receipt
from tests.factories.engagements import make_engagement
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_moderator,
    make_public_comment,
    make_receipt,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


@pytest.fixture
def open_at_once() -> Engagement:
    return make_engagement(moderation_policy="after")


@pytest.fixture
def citizen() -> Account:
    return make_citizen("Mei")


def receive(engagement: Engagement, account: Account, text: str = "Too dear.", **how: Any) -> Any:
    return receive_contribution(
        engagement=engagement,
        person=account.person,
        account=account,
        kind="comment",
        text=text,
        language="zh-hant",
        author_name=account.display_name,
        **how,
    )


def edit(contribution: Contribution, account: Account, text: str, version: int = 1) -> Contribution:
    return edit_contribution(
        contribution=contribution,
        person=account.person,
        account=account,
        text=text,
        version=version,
    )


def test_before_policy_holds_and_queues(engagement: Engagement, citizen: Account) -> None:
    received = receive(engagement, citizen, "  膠袋太細。\r\n\r\n")
    entry = received.contribution
    assert received.new
    assert entry.state == "held"
    assert entry.text == "膠袋太細。"
    assert entry.language == "zh-hant"
    assert entry.published_at is None
    assert [version.text for version in entry.versions.all()] == ["膠袋太細。"]
    item = Item.objects.get(target_id=entry.public_id)
    assert (item.kind, item.reason, item.version) == ("comment", "policy", 1)
    assert item.author_id == citizen.person.public_id
    assert item.urgent_at == engagement.closes_at
    assert received.receipt.contribution == entry
    call_command("verify_audit", stdout=io.StringIO())


def test_after_policy_is_public_and_queues_too(open_at_once: Engagement, citizen: Account) -> None:
    entry = receive(open_at_once, citizen).contribution
    assert entry.state == "published"
    assert entry.published_at == entry.received_at
    assert Item.objects.filter(target_id=entry.public_id, state="waiting").exists()


def test_for_the_bureau_only_is_never_queued(open_at_once: Engagement, citizen: Account) -> None:
    entry = receive(open_at_once, citizen, publish_choice="confidential").contribution
    assert entry.state == "confidential"
    assert entry.author_name == ""
    assert not Item.objects.exists()
    with pytest.raises(Conflict):
        publish_contribution(contribution=entry, by=make_moderator(), version=1)


def test_consent_is_kept_with_its_version(engagement: Engagement, citizen: Account) -> None:
    assert receive(engagement, citizen).contribution.consent_version == "2026-11"


def test_receipt_notice_holds_the_code_in_its_link_only(
    engagement: Engagement, citizen: Account
) -> None:
    received = receive(engagement, citizen)
    notice = Notice.objects.get(kind="receipt")
    assert notice.account == citizen
    assert received.receipt.code in notice.path
    assert received.receipt.code not in str(notice.params)
    assert received.contribution.text not in str(notice.params)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\u200b\u2060\ufeff", "a\x00b", "\ud800", "x" * 4001, "a" + "\u0301" * 9, None, 7],
)
def test_bad_text_is_refused_and_nothing_written(
    engagement: Engagement, citizen: Account, text: Any
) -> None:
    with pytest.raises(Invalid) as caught:
        receive(engagement, citizen, text)
    assert caught.value.field == "text"
    assert not Contribution.objects.exists()
    assert not Item.objects.exists()


def test_four_thousand_code_points_are_let_in(engagement: Engagement, citizen: Account) -> None:
    assert len(receive(engagement, citizen, "𨋢" * 4000).contribution.text) == 4000


def test_unknown_publish_choice_is_refused(engagement: Engagement, citizen: Account) -> None:
    with pytest.raises(Invalid) as caught:
        receive(engagement, citizen, publish_choice="everyone")
    assert caught.value.field == "publish_choice"


def test_same_form_twice_is_one_entry(engagement: Engagement, citizen: Account) -> None:
    first = receive(engagement, citizen, idempotency_key="k1")
    again = receive(engagement, citizen, idempotency_key="k1")
    assert not again.new
    assert again.receipt == first.receipt
    assert Contribution.objects.count() == Receipt.objects.count() == 1
    with pytest.raises(Conflict):
        receive(engagement, citizen, "Something else", idempotency_key="k1")
    other = make_citizen()
    assert receive(engagement, other, idempotency_key="k1").new


def test_limit_is_named_and_spent_by_person(engagement: Engagement, citizen: Account) -> None:
    with clock.freeze(clock.now()):
        for index in range(6):
            receive(engagement, citizen, f"Comment {index}")
        with pytest.raises(TooMany):
            receive(engagement, citizen, "One more")
    assert Contribution.objects.count() == 6


def test_editing_a_held_one_replaces_what_the_moderator_reads(
    engagement: Engagement, citizen: Account
) -> None:
    entry = make_comment(engagement, account=citizen).contribution
    entry = edit(entry, citizen, "New words.")
    assert (entry.state, entry.text, entry.version) == ("held", "New words.", 2)
    item = Item.objects.get(target_id=entry.public_id, state="waiting")
    assert item.version == 2
    with pytest.raises(Conflict):
        publish_contribution(contribution=entry, by=make_moderator(), version=1)
    assert decide(entry).text == "New words."
    call_command("verify_audit", stdout=io.StringIO())


def test_edit_of_a_public_one_waits_while_the_old_stays(
    engagement: Engagement, citizen: Account
) -> None:
    entry = make_public_comment(engagement, "Old words.", account=citizen).contribution
    entry = edit(entry, citizen, "New words.")
    assert (entry.state, entry.text, entry.version) == ("published", "Old words.", 1)
    assert newest_text(entry) == "New words."
    item = Item.objects.get(target_id=entry.public_id, state="waiting")
    assert (item.reason, item.version) == ("edit", 2)
    entry = decide(entry)
    assert (entry.text, entry.version, entry.held_version) == ("New words.", 2, None)
    assert entry.edited_at is not None
    call_command("verify_audit", stdout=io.StringIO())


def test_refused_edit_leaves_the_cleared_text_public(
    engagement: Engagement, citizen: Account
) -> None:
    entry = make_public_comment(engagement, "Old words.", account=citizen).contribution
    edit(entry, citizen, "Foul words.")
    entry = decide(entry, "withhold")
    assert (entry.state, entry.text, entry.held_version) == ("published", "Old words.", None)
    entry = edit(entry, citizen, "Better words.")
    assert entry.held_version == 3
    assert decide(entry).text == "Better words."


def test_refused_edit_of_a_reported_text_withholds_it(
    engagement: Engagement, citizen: Account
) -> None:
    entry = make_public_comment(engagement, "Old words.", account=citizen).contribution
    with clock.travel(dt.timedelta(minutes=1)):
        report(
            kind="comment",
            target_id=entry.public_id,
            rule="r1",
            account=None,
            reporter_key="reader",
        )
        edit(entry, citizen, "Foul words.")
        assert decide(entry, "withhold").state == "withheld"


def test_edit_under_the_after_policy_is_public_at_once(
    open_at_once: Engagement, citizen: Account
) -> None:
    entry = make_public_comment(open_at_once, "Old.", account=citizen).contribution
    entry = edit(entry, citizen, "New.")
    assert (entry.text, entry.version, entry.held_version) == ("New.", 2, None)
    assert Item.objects.get(target_id=entry.public_id, state="waiting").version == 2


def test_stale_and_empty_edits(engagement: Engagement, citizen: Account) -> None:
    entry = make_comment(engagement, "First.", account=citizen).contribution
    assert edit(entry, citizen, "First.").version == 1
    entry = edit(entry, citizen, "Second.")
    with pytest.raises(Conflict):
        edit(entry, citizen, "From the other window.", version=1)
    with pytest.raises(Invalid):
        edit(entry, citizen, "\u200b", version=2)
    assert entry.versions.count() == 2


def test_only_the_author_changes_an_entry(engagement: Engagement, citizen: Account) -> None:
    entry = make_public_comment(engagement, account=citizen).contribution
    stranger = make_citizen()
    with pytest.raises(Refused):
        edit(entry, stranger, "Mine now.")
    with pytest.raises(Refused):
        withdraw_contribution(contribution=entry, person=stranger.person, account=stranger)
    with pytest.raises(SignInNeeded):
        edit_contribution(contribution=entry, person=None, account=None, text="x", version=1)
    entry.refresh_from_db()
    assert entry.state == "published"


@pytest.mark.db
def test_editing_and_withdrawing_end_at_the_close(citizen: Account) -> None:
    engagement = make_engagement()
    entry = make_comment(engagement, account=citizen).contribution
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at - dt.timedelta(milliseconds=1)):
        entry = edit(entry, citizen, "In time.")
    with clock.freeze(engagement.closes_at):
        with pytest.raises(Closed):
            edit(entry, citizen, "Too late.", version=2)
        with pytest.raises(Closed):
            withdraw_contribution(contribution=entry, person=citizen.person, account=citizen)
    entry.refresh_from_db()
    assert (entry.text, entry.state) == ("In time.", "held")


def test_withdrawing_takes_it_from_the_queue_and_counts_once(
    engagement: Engagement, citizen: Account
) -> None:
    entry = make_comment(engagement, account=citizen).contribution
    for _again in range(2):
        entry = withdraw_contribution(contribution=entry, person=citizen.person, account=citizen)
    assert entry.state == "withdrawn"
    assert entry.text
    assert Item.objects.get(target_id=entry.public_id).state == "dropped"
    with pytest.raises(Conflict):
        publish_contribution(contribution=entry, by=make_moderator(), version=1)
    call_command("verify_audit", stdout=io.StringIO())


def test_held_at_the_close_can_still_be_decided(engagement: Engagement) -> None:
    entry = make_comment(engagement).contribution
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at + dt.timedelta(days=1)):
        assert decide(entry).state == "published"


def test_withheld_text_is_sealed_not_erased(engagement: Engagement, citizen: Account) -> None:
    entry = make_comment(engagement, "Foul words.", account=citizen).contribution
    entry = decide(entry, "withhold")
    assert (entry.state, entry.text) == ("withheld", "Foul words.")
    with pytest.raises(Closed):
        edit(entry, citizen, "Fine words.")
    decision = Notice.objects.get(kind="decision")
    assert decision.account == citizen
    assert "Foul words." not in str(decision.params)


def test_withholding_the_wrong_version_is_a_conflict(engagement: Engagement) -> None:
    entry = make_comment(engagement).contribution
    with pytest.raises(Conflict):
        withhold_contribution(contribution=entry, by=make_moderator(), version=4)


def test_rooms_hear_of_every_change(
    engagement: Engagement, citizen: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setitem(kinds._followers, "comment", [lambda entry: heard.append(entry.state)])
    entry = make_comment(engagement, account=citizen).contribution
    decide(entry)
    withdraw_contribution(contribution=entry, person=citizen.person, account=citizen)
    assert heard == ["published", "withdrawn"]


def test_received_is_the_sum_of_the_states(engagement: Engagement) -> None:
    decide(make_comment(engagement).contribution)
    decide(make_comment(engagement).contribution, "withhold")
    make_comment(engagement)
    make_receipt(engagement, publish_choice="confidential")
    account = make_citizen()
    gone = make_comment(engagement, account=account).contribution
    withdraw_contribution(contribution=gone, person=account.person, account=account)
    states = sorted(engagement.contributions.values_list("state", flat=True))
    assert states == ["confidential", "held", "published", "withdrawn", "withheld"]
