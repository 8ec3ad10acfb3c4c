"""Duplicates: one idea leads; the other's address leads on to it, nothing of it is lost.

Rows of comments and of agreement stay where they were written, so taking a merge back needs no
guess; reading puts them together and counts one person once.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, limits
from core.exceptions import Closed, Conflict, Invalid
from ideas.actions.ideas import follow_contribution
from ideas.actions.locking import lock_ideas, lock_merges
from ideas.actions.telling import tell_merged
from ideas.models import Idea, Merge, Screened
from ideas.policies import can_merge
from participation import live
from participation.models import Contribution, ContributionState
from participation.policies import require


@transaction.atomic
def merge_ideas(*, idea: Idea, into: Idea, by: Account) -> Merge:
    """Let ``into`` lead ``idea``, until the vote opens. The same merge again writes nothing.

    Raises Absent and Closed by policy, Closed for an idea that is not public, Conflict for one that
    is merged elsewhere, Invalid (field 'into') for itself, another contest's, one that is merged,
    withdrawn or declined, and for an idea that leads others: so chains and circles cannot be.
    """
    if idea.pk == into.pk:
        raise Invalid(_("An idea cannot be merged into itself."), field="into", code="self")
    lock_merges(idea.engagement_id)
    idea, into = lock_ideas(idea, into)
    engagement = idea.engagement
    require(can_merge(by, engagement, clock.now()))
    limits.spend("merge_ideas", by.public_id)
    if idea.merged_into_id is not None:
        if idea.merged_into_id == into.pk:
            return idea.merges.get(undone_at=None)
        raise Conflict(_("It is merged into another idea already."), code="merged")
    if not idea.is_public:
        raise Closed(_("This idea is not public now."), code="not-public")
    _check_lead(idea, into)
    now = clock.now()
    row = Merge.objects.create(idea=idea, into=into, at=now, by=by)
    idea.merged_into = into
    idea.save(update_fields=["merged_into"])
    audit.record(
        "idea.merge",
        actor=by,
        engagement_id=engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row],
    )
    follow_contribution(idea.contribution)
    tell_merged(row, idea, into)
    live.changed(engagement)
    return row


def _check_lead(idea: Idea, into: Idea) -> None:
    if into.engagement_id != idea.engagement_id:
        sentence, code = _("This is an idea of another contest."), "elsewhere"
    elif into.merged_into_id is not None:
        sentence, code = _("This idea is merged into another one itself."), "merged"
    elif not into.is_public:
        sentence, code = _("This idea is not public now."), "not-public"
    elif into.screened == Screened.DECLINED:
        sentence, code = _("This idea was declined, so it cannot lead others."), "declined"
    elif idea.led_ideas.exists():
        sentence, code = (
            _("Others are merged into this idea. Let it lead, or take those apart first."),
            "leads",
        )
    else:
        return
    raise Invalid(sentence, field="into", code=code)


@transaction.atomic
def unmerge_idea(*, idea: Idea, by: Account) -> Idea:
    """Let a merged idea stand for itself again, until the vote opens; a second call does nothing.

    Raises Absent and Closed by policy, TooMany.
    """
    (idea,) = lock_ideas(idea)
    require(can_merge(by, idea.engagement, clock.now()))
    limits.spend("merge_ideas", by.public_id)
    if idea.merged_into_id is not None:
        take_apart(idea, by=by)
    return idea


def take_apart(idea: Idea, *, by: Account | str) -> None:
    """End the merge of an idea; within the caller's transaction and lock."""
    row = idea.merges.get(undone_at=None)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    idea.merged_into = None
    idea.save(update_fields=["merged_into"])
    audit.record(
        "idea.unmerge",
        actor=by,
        engagement_id=idea.engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row],
    )
    follow_contribution(idea.contribution)
    live.changed(idea.engagement)


def release_led(lead: Contribution) -> None:
    """A leading idea is not public any more: what it led stands for itself again.

    Nobody's idea goes with somebody else's withdrawal. Called within the act on the lead's entry
    (``participation.kinds.on_change``).
    """
    if lead.state == ContributionState.PUBLISHED:
        return
    led = list(Idea.objects.filter(merged_into=lead.pk).order_by("pk"))
    for idea in lock_ideas(*led) if led else []:
        take_apart(idea, by="system")
