"""How far an idea has come: a dated step with its reason, and everybody concerned is told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit, clock, jobs, limits
from core.exceptions import Closed, Conflict, Invalid
from core.text import clean_text
from core.texts import known_language
from ideas.actions.locking import lock_ideas
from ideas.models import ContestResult, Idea, IdeaStatus, StatusChange
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
    row = _write(
        idea,
        StatusChange(status=status, sentence=sentence, language=known_language(language), by=by),
    )
    jobs.enqueue("ideas.tell_status", row.pk)
    live.changed(engagement)
    return row


def take_step(
    *,
    idea: Idea,
    status: str,
    sentences: Mapping[str, str],
    only_from: Iterable[str],
    result: ContestResult,
    by: Account | None,
) -> StatusChange | None:
    """The step that an announced result takes with an idea, in its transaction.

    Its reason was approved with the result, in several languages. None where the idea does not
    stand at one of ``only_from``. Whom it concerns is told with the result.
    """
    (idea,) = lock_ideas(idea)
    if idea.status not in only_from:
        return None
    language, sentence = next(iter(sentences.items()))
    return _write(
        idea,
        StatusChange(
            status=status,
            sentence=sentence,
            language=language,
            sentences=dict(sentences),
            result=result,
            by=by,
        ),
    )


def _write(idea: Idea, row: StatusChange) -> StatusChange:
    row.idea, row.at = idea, clock.now()
    row.save()
    idea.status = row.status
    idea.save(update_fields=["status"])
    audit.record(
        "idea.change_status",
        actor=row.by or audit.SYSTEM,
        engagement_id=idea.engagement.public_id,
        subject=idea.contribution.public_id,
        rows=[row, idea],
    )
    return row
