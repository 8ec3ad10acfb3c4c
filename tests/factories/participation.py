"""Comments, replies and decisions for tests, made by the real actions."""

from itertools import count
from typing import Any

from accounts.actions.verification import merge_persons
from accounts.models import Account, Role
from core import clock
from moderation import actions as moderation
from moderation.models import Item
from participation.actions.comments import reply_officially, submit_comment
from participation.actions.sides import asks_side
from participation.models import (
    Comment,
    Contribution,
    ContributionVersion,
    Engagement,
    Receipt,
    Thread,
)
from tests.factories.engagements import grant, make_account

_numbers = count(1)


def make_citizen(name: str = "", **fields: Any) -> Account:
    """An account that has chosen a display name already."""
    return make_account(display_name=name or f"Neighbour {next(_numbers)}", **fields)


def make_moderator() -> Account:
    """An account that moderates everywhere."""
    account = make_account()
    grant(account, Role.MODERATOR)
    return account


def whole(engagement: Engagement) -> Thread:
    """The thread of the whole engagement."""
    thread = engagement.threads.get(key="whole")
    thread.engagement = engagement
    return thread


def make_receipt(
    engagement: Engagement,
    text: str = "",
    *,
    account: Account | None = None,
    thread: Thread | None = None,
    **fields: Any,
) -> Receipt:
    """The receipt of a comment that was just submitted."""
    account = account or make_citizen()
    thread = thread or whole(engagement)
    if asks_side(thread, fields.get("parent")):
        fields.setdefault("side", "thought")
    return submit_comment(
        engagement=engagement,
        thread=thread,
        person=account.person,
        account=account,
        text=text or f"The bags are too small ({next(_numbers)}).",
        language=fields.pop("language", "en"),
        publish_choice=fields.pop("publish_choice", "name"),
        **fields,
    )


def make_comment(engagement: Engagement, text: str = "", **fields: Any) -> Comment:
    """A comment as submitted; public when the engagement's policy is 'after'."""
    contribution = make_receipt(engagement, text, **fields).contribution
    assert contribution is not None
    return contribution.comment


def decide(
    contribution: Contribution, verdict: str = "publish", by: Account | None = None, **how: Any
) -> Contribution:
    """What a moderator decided on what waits of this entry."""
    item = Item.objects.filter(target_id=contribution.public_id, state="waiting").get()
    last = moderation.last_decision(item.kind, item.target_id)
    moderation.decide(
        item=item,
        verdict=verdict,
        rule=how.pop("rule", "r1" if verdict == "withhold" else ""),
        version=how.pop("version", item.version),
        by=by or make_moderator(),
        after=last.public_id if last else "",
        **how,
    )
    contribution.refresh_from_db()
    return contribution


def make_public_comment(engagement: Engagement, text: str = "", **fields: Any) -> Comment:
    """A comment that everybody can read, whatever the policy."""
    comment = make_comment(engagement, text, **fields)
    if comment.contribution.state == "held":
        decide(comment.contribution)
        comment.contribution.refresh_from_db()
    return comment


def make_official_reply(
    parent: Comment, officer: Account, text: str = "We shall look at it."
) -> Any:
    """The bureau's reply."""
    return reply_officially(parent=parent, account=officer, text=text, language="en")


def make_many_comments(engagement: Engagement, number: int, **fields: Any) -> None:
    """Many public comments in three statements, for counting queries; past the actions."""
    now, thread = clock.now(), whole(engagement)
    rows = Contribution.objects.bulk_create(
        Contribution(
            engagement=engagement,
            kind="comment",
            language="en",
            received_at=now,
            published_at=now,
            state="published",
            author_name="Somebody",
            text=f"Comment {index}",
            **fields,
        )
        for index in range(number)
    )
    ContributionVersion.objects.bulk_create(
        ContributionVersion(contribution=row, number=1, text=row.text, at=now) for row in rows
    )
    Comment.objects.bulk_create(Comment(contribution=row, thread=thread) for row in rows)


def merge(keep: Account, gone: Account) -> None:
    """Two accounts turn out to be one person's."""
    merge_persons(keep=keep.person, gone=gone.person, by="system")
