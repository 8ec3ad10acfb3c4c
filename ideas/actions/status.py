"""How far an idea has come: a dated step with its reason, and everybody concerned is told once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Closed, Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from ideas.actions.locking import lock_ideas
from ideas.models import Idea, IdeaStatus, StatusChange
from ideas.policies import can_change_status
from participation import live
from participation.policies import require

SENTENCE_LIMIT = 1000


@transaction.atomic
def change_status(
    *, idea: Idea, status: str, sentence: str, language: str, by: Account, known: str
) -> StatusChange:
    """Take a public idea a step on (or back), with a reason that everybody reads.

    ``known`` is the status the officer saw: Conflict when a colleague has changed it meanwhile.
    Raises Absent by policy, Closed for an idea that is not public, Invalid with its field, TooMany.
    """
    (idea,) = lock_ideas(idea)
    engagement = idea.engagement
    require(can_change_status(by, engagement))
    limits.spend("idea_status", by.public_id)
    if not idea.is_public:
        raise Closed(_("This idea is not public now."), code="not-public")
    if status not in IdeaStatus.values:
        raise Invalid(_("Choose where the idea stands."), field="status")
    if known != idea.status:
        raise Conflict(_("A colleague has changed it meanwhile. Read it again."), code="changed")
    if status == idea.status:
        raise Invalid(_("The idea stands there already."), field="status")
    sentence = clean_text(sentence, max_length=SENTENCE_LIMIT, field="sentence")
    row = StatusChange.objects.create(
        idea=idea,
        status=status,
        sentence=sentence,
        language=known_language(language),
        at=clock.now(),
        by=by,
    )
    idea.status = status
    idea.save(update_fields=["status"])
    audit.record(
        "idea.change_status",
        actor=by,
        engagement_id=engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row, idea],
    )
    jobs.enqueue("ideas.tell_status", row.pk)
    live.changed(engagement)
    return row
