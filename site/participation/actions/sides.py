"""The side a comment takes, where its thread takes sides; it is a part of each version.

An edit of a public comment may wait for a moderator: until then the public text stands with the
side it was written for (``participation.actions.contributions`` says how versions wait).
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from core import audit
from core.exceptions import Invalid
from participation import threads
from participation.actions.contributions import edit_contribution, newest_version
from participation.models import Comment, Contribution, Side, SideTaken, Thread


def check_side(side: str, *, thread: Thread, parent: Comment | None) -> None:
    """Whether this side can be taken here. Raises Invalid: one is missing, unknown or unasked."""
    if not asks_side(thread, parent):
        if side:
            raise Invalid(_("No side is taken here."), field="side", code="unasked")
        return
    if side not in Side.values:
        raise Invalid(
            _("Say whether you are for it, against it, or ask or think aloud."),
            field="side",
            code="side",
        )


def asks_side(thread: Thread, parent: Comment | None) -> bool:
    """Comments on a thread that takes sides have one; a reply answers a comment and has none."""
    return parent is None and threads.takes_sides(thread)


def take_side(comment: Comment, side: str, *, number: int, by: Account | Person | str) -> None:
    """Write down the side of a version; within the caller's transaction, after the version."""
    if not side:
        return
    row = SideTaken.objects.create(comment=comment, number=number, side=side)
    engagement = comment.contribution.engagement
    audit.record(
        "comment.take_side",
        actor=by,
        engagement_id=engagement.public_id,
        subject=comment.contribution.public_id,
        rows=[row],
    )


def follow_side(contribution: Contribution) -> None:
    """Let the comment show the side of the version that counts (``kinds.on_change``)."""
    found = Comment(pk=contribution.pk).side_at(contribution.version)
    if found:
        Comment.objects.filter(pk=contribution.pk).exclude(side=found).update(side=found)


@transaction.atomic
def edit_comment(
    *,
    contribution: Contribution,
    person: Person | None,
    account: Account | None,
    text: str,
    version: int,
    side: str | None = None,
) -> Contribution:
    """Write a new version of an own comment: its text, and its side where it takes one.

    ``side`` None keeps the side it has. The same text and side again write nothing. Raises what
    ``edit_contribution`` does, and Invalid for the side.
    """
    comment = contribution.comment
    before = comment.side_at(newest_version(contribution))
    wanted = before if side is None else side
    if wanted != before:
        check_side(wanted, thread=comment.thread, parent=comment.parent)
    contribution = edit_contribution(
        contribution=contribution,
        person=person,
        account=account,
        text=text,
        version=version,
        more=wanted != before,
    )
    if wanted != before:
        comment.contribution = contribution
        take_side(
            comment,
            wanted,
            number=newest_version(contribution),
            by=account or person or "system",
        )
        follow_side(contribution)
    return contribution
