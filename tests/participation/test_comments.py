"""Comments, replies, official replies and agreement."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from accounts.models import Account, Role
from core import clock
from core.exceptions import Absent, Closed, Conflict, Invalid, Refused, SignInNeeded
from moderation.models import Item
from notifications.models import Notice
from participation.actions.comments import reply_officially, set_support, submit_comment
from participation.models import Comment, Contribution, Engagement, Support, Thread
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_official_reply,
    make_public_comment,
    make_receipt,
    whole,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement(moderation_policy="after")


@pytest.fixture
def officer(engagement: Engagement) -> Account:
    account = make_account()
    grant(account, Role.OFFICER, engagement.owner)
    return account


def test_comment_shows_the_display_name_never_the_address(engagement: Engagement) -> None:
    citizen = make_citizen("阿梅", email="mei@example.com")
    comment = make_comment(engagement, account=citizen)
    assert comment.contribution.author_name == "阿梅"
    assert comment.thread.key == "whole"
    assert comment.paper_version == 1
    call_command("verify_audit", stdout=io.StringIO())


def test_name_is_chosen_at_the_first_public_comment(engagement: Engagement) -> None:
    account = make_account()
    with pytest.raises(Invalid) as caught:
        make_receipt(engagement, account=account)
    assert caught.value.field == "display_name"
    assert not Contribution.objects.exists()
    comment = make_comment(engagement, account=account, display_name="Ah Keung")
    account.refresh_from_db()
    assert account.display_name == comment.contribution.author_name == "Ah Keung"
    item = Item.objects.get(kind="name")
    assert item.target_id == account.public_id


def test_for_the_bureau_only_needs_no_name(engagement: Engagement) -> None:
    comment = make_comment(engagement, account=make_account(), publish_choice="confidential")
    assert comment.contribution.author_name == ""


def test_withheld_name_is_hidden_everywhere_and_not_taken_again(engagement: Engagement) -> None:
    account = make_account()
    first = make_comment(engagement, account=account, display_name="Rude Name").contribution
    item = Item.objects.get(kind="name")
    from moderation.actions import decide as decide_item
    from tests.factories.participation import make_moderator

    decide_item(item=item, verdict="withhold", rule="r1", version=item.version, by=make_moderator())
    first.refresh_from_db()
    account.refresh_from_db()
    assert first.name_withheld
    assert first.state == "published"
    assert account.display_name == ""
    with pytest.raises(Invalid) as caught:
        make_receipt(engagement, account=account, display_name="Rude Name")
    assert caught.value.code == "name_withheld"
    account.refresh_from_db()
    assert account.display_name == ""
    assert make_comment(engagement, account=account, display_name="Good Name")
    call_command("verify_audit", stdout=io.StringIO())


def test_other_engagements_thread_and_parent_do_not_exist_here(engagement: Engagement) -> None:
    other = make_engagement(title="Other")
    with pytest.raises(Absent):
        make_receipt(engagement, thread=whole(other))
    theirs = make_public_comment(other)
    with pytest.raises(Absent):
        make_receipt(engagement, parent=theirs)
    elsewhere = Thread.objects.create(engagement=engagement, key="p-1", kind="part")
    ours = make_public_comment(engagement)
    with pytest.raises(Absent):
        make_receipt(engagement, thread=elsewhere, parent=ours)


def test_one_level_of_reply(engagement: Engagement) -> None:
    parent = make_public_comment(engagement)
    reply = make_public_comment(engagement, parent=parent)
    assert reply.parent == parent
    with pytest.raises(Absent):
        make_receipt(engagement, parent=reply)


def test_retired_thread_and_hidden_parent_are_closed(engagement: Engagement) -> None:
    parent = make_public_comment(engagement)
    decide(parent.contribution, "withhold")
    parent.refresh_from_db()
    with pytest.raises(Closed):
        make_receipt(engagement, parent=parent)
    thread = whole(engagement)
    thread.retired_at = clock.now()
    with pytest.raises(Closed):
        make_receipt(engagement, thread=thread)


@pytest.mark.db
def test_comments_end_at_the_close_to_the_millisecond(engagement: Engagement) -> None:
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at - dt.timedelta(milliseconds=1)):
        make_receipt(engagement)
    with clock.freeze(engagement.closes_at), pytest.raises(Closed):
        make_receipt(engagement)
    early = make_engagement(opens=dt.timedelta(days=1))
    with pytest.raises(Closed):
        make_receipt(early)


def test_nobody_comments_without_signing_in_unless_anyone_may(engagement: Engagement) -> None:
    def submit(where: Engagement, name: str) -> object:
        return submit_comment(
            engagement=where,
            thread=whole(where),
            person=None,
            account=None,
            text="Hello",
            language="en",
            publish_choice="name",
            display_name=name,
        )

    with pytest.raises(SignInNeeded):
        submit(engagement, "Guest")
    anyone = make_engagement(levels={"comment": 0})
    with pytest.raises(Invalid):
        submit(anyone, "")
    submit(anyone, "Guest\u202e")
    entry = Contribution.objects.get()
    assert (entry.person, entry.author_name) == (None, "Guest")


def test_reply_is_told_to_the_author_once_it_is_public() -> None:
    engagement = make_engagement()
    author = make_citizen()
    parent = make_public_comment(engagement, account=author)
    reply = make_comment(engagement, parent=parent)
    assert not Notice.objects.filter(kind="reply").exists()
    decide(reply.contribution)
    notice = Notice.objects.get(kind="reply")
    assert notice.account == author
    assert reply.contribution.text not in str(notice.params)
    make_public_comment(engagement, parent=parent, account=author)
    assert Notice.objects.filter(kind="reply").count() == 1


def test_official_reply_is_the_bureaus_and_told(engagement: Engagement, officer: Account) -> None:
    author = make_citizen()
    parent = make_public_comment(engagement, account=author)
    reply = make_official_reply(parent, officer)
    assert reply.state == "published"
    assert reply.person is None
    assert reply.comment.official
    assert reply.comment.bureau == engagement.owner
    notice = Notice.objects.get(kind="reply")
    assert (notice.account, notice.params["official"]) == (author, "yes")
    assert not Item.objects.filter(target_id=reply.public_id).exists()
    call_command("verify_audit", stdout=io.StringIO())


def test_official_reply_after_the_close_and_twice(engagement: Engagement, officer: Account) -> None:
    parent = make_public_comment(engagement)
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at + dt.timedelta(days=2)):
        for _again in range(2):
            reply_officially(
                parent=parent, account=officer, text="Noted.", language="en", idempotency_key="k"
            )
        with pytest.raises(Conflict):
            reply_officially(
                parent=parent, account=officer, text="Else.", language="en", idempotency_key="k"
            )
    assert Comment.objects.filter(official=True).count() == 1


def test_only_officers_of_the_bureau_reply_officially(engagement: Engagement) -> None:
    parent = make_public_comment(engagement)
    stranger = make_citizen()
    other = make_account()
    grant(other, Role.OFFICER, make_bureau("LCSD"))
    for account in (stranger, other):
        with pytest.raises(Refused):
            make_official_reply(parent, account)
    assert not Comment.objects.filter(official=True).exists()


def test_official_reply_to_a_reply_or_a_hidden_comment(
    engagement: Engagement, officer: Account
) -> None:
    parent = make_public_comment(engagement)
    reply = make_public_comment(engagement, parent=parent)
    with pytest.raises(Absent):
        make_official_reply(reply, officer)
    decide(parent.contribution, "withhold")
    with pytest.raises(Closed):
        make_official_reply(parent, officer)


def test_support_is_one_a_person_and_idempotent(engagement: Engagement) -> None:
    comment, citizen = make_public_comment(engagement), make_citizen()

    def press(on: bool) -> bool:
        return set_support(comment=comment, person=citizen.person, account=citizen, on=on)

    assert press(True)
    assert press(True)
    assert Support.objects.count() == 1
    assert not press(False)
    assert not press(False)
    assert not Support.objects.exists()
    call_command("verify_audit", stdout=io.StringIO())


def test_support_does_not_say_in_the_audit_what_was_agreed_with(engagement: Engagement) -> None:
    from core.models import AuditEntry

    comment, citizen = make_public_comment(engagement), make_citizen()
    set_support(comment=comment, person=citizen.person, account=citizen, on=True)
    entry = AuditEntry.objects.filter(verb="support.give").get()
    assert comment.contribution.public_id not in str(vars(entry))


def test_support_is_refused_on_own_hidden_official_and_closed(
    engagement: Engagement, officer: Account
) -> None:
    author, citizen = make_citizen(), make_citizen()
    comment = make_public_comment(engagement, account=author)
    with pytest.raises(Refused):
        set_support(comment=comment, person=author.person, account=author, on=True)
    official = make_official_reply(comment, officer).comment
    with pytest.raises(Closed):
        set_support(comment=official, person=citizen.person, account=citizen, on=True)
    with pytest.raises(SignInNeeded):
        set_support(comment=comment, person=None, account=None, on=True)
    assert engagement.closes_at is not None
    with clock.freeze(engagement.closes_at), pytest.raises(Closed):
        set_support(comment=comment, person=citizen.person, account=citizen, on=True)
    decide(comment.contribution, "withhold")
    comment.contribution.refresh_from_db()
    with pytest.raises(Closed):
        set_support(comment=comment, person=citizen.person, account=citizen, on=True)
    assert not Support.objects.exists()
