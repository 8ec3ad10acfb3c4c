"""The bureau's own reply to an idea: public at once, in its name, told to whom it concerns."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Closed
from core.text import clean_text
from core.texts import known_language
from ideas.actions.locking import lock_ideas
from ideas.models import Idea, OfficialReply
from ideas.policies import can_reply
from participation import live
from participation.actions.comments import bureau_of
from participation.policies import require

REPLY_LIMIT = 4000


@transaction.atomic
def reply_to_idea(*, idea: Idea, text: str, language: str, by: Account) -> OfficialReply:
    """Reply to a public idea for the bureau, open or closed; its steps stay as they are.

    The same words again right after give the reply that is there. Raises Absent by policy, Closed
    for an idea that is not public, Invalid, TooMany.
    """
    (idea,) = lock_ideas(idea)
    engagement = idea.engagement
    require(can_reply(by, engagement))
    text = clean_text(text, max_length=REPLY_LIMIT, field="text")
    last = idea.replies.last()
    if last is not None and last.sentence == text:
        return last
    limits.spend("official_reply", by.public_id)
    if not idea.is_public:
        raise Closed(_("This idea is not public now."), code="not-public")
    row = OfficialReply.objects.create(
        idea=idea,
        bureau=bureau_of(by, engagement),
        sentence=text,
        language=known_language(language),
        at=clock.now(),
        by=by,
    )
    audit.record(
        "idea.reply_officially",
        actor=by,
        engagement_id=engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row],
    )
    jobs.enqueue("ideas.tell_reply", row.pk)
    live.changed(engagement)
    return row
