"""What follows a response in its transaction: the moderators' items, the wording, the draft."""

from __future__ import annotations

import datetime as dt
from copy import copy

from accounts.models import Person
from core import audit
from moderation import actions as moderation
from moderation.models import Item
from participation.models import Contribution
from questionnaires.actions.rows import item_facts, to_moderate
from questionnaires.models import Answer, Draft, Questionnaire, Response


def queue_texts(
    contribution: Contribution, response: Response, answers: list[Answer]
) -> list[Item]:
    """Items for the moderators, written at once; the entry's own audit entry names them."""
    facts = item_facts(contribution)
    items = moderation.enqueue_new(
        kind="answer", target_ids=[each.public_id for each in to_moderate(answers)], **facts
    )
    if response.signature_state != "none":
        items += moderation.enqueue_new(
            kind="response", target_ids=[contribution.public_id], **facts
        )
    return Item.objects.bulk_create(items)


def freeze_wording(questionnaire: Questionnaire, now: dt.datetime) -> None:
    """From the first response no wording changes any more."""
    changed = Questionnaire.objects.filter(pk=questionnaire.pk, frozen_at=None).update(
        frozen_at=now
    )
    if not changed:
        return
    # A copy: should the response be refused after all, the one at hand is not frozen.
    frozen = copy(questionnaire)
    frozen.frozen_at = now
    audit.record(
        "questionnaire.freeze",
        actor="system",
        engagement_id=questionnaire.engagement.public_id,
        subject=questionnaire.public_id,
        rows=[frozen],
    )


def empty_draft(draft: Draft, response: Response, person: Person | None, now: dt.datetime) -> None:
    """The draft has done its work: it leads to the response and holds no answer any more."""
    draft.answers, draft.seen, draft.signing, draft.passed = {}, {}, {}, []
    draft.response, draft.submitted_at = response, now
    draft.person = person or draft.person
    draft.save(
        update_fields=[
            "answers",
            "seen",
            "signing",
            "passed",
            "response",
            "submitted_at",
            "person",
        ]
    )
