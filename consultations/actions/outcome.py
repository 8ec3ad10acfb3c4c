"""The outcome's way between two officers, each step told to whoever it now lies with."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Account
from consultations.actions.approval import approvers_for, check_approvers
from consultations.actions.breaks import keep_answer_breaks
from notifications.actions import notify
from participation import faces
from participation.actions.outcomes import (
    approve_outcome,
    send_back_outcome,
    submit_outcome,
    writers_of,
)
from participation.models import Engagement, Outcome, OutcomeStep

SUMMARY_LENGTH = 600


def _about(engagement: Engagement, step: str) -> dict[str, Any]:
    return {
        "title": engagement.title,
        "noun": faces.nouns_of(engagement),
        "bureau": engagement.owner.name,
        "step": step,
        "response_due": engagement.response_due,
    }


def _path(engagement: Engagement, *, review: bool) -> str:
    return f"/cms/desk/{engagement.public_id}/outcome/{'review/' if review else ''}"


@transaction.atomic
def send_outcome(
    *, engagement: Engagement, by: Account, step: str = OutcomeStep.OUTCOME
) -> Outcome:
    """Send the draft (or, 'heard', what was heard) for approval and tell the bureau's approvers.

    Raises as ``submit_outcome``, and ``Conflict`` when nobody but its writers could approve.
    """
    outcome = submit_outcome(engagement=engagement, by=by, step=step)
    keep_answer_breaks(engagement)
    writers = writers_of(outcome)
    approvers = [
        one
        for one in approvers_for(engagement, outcome.written_by or by)
        if one.person_id not in writers
    ]
    check_approvers(approvers)
    notify(
        kind="outcome-wanted",
        event_key=f"outcome-wanted:{engagement.public_id}:{outcome.submitted_at}",
        to=[one for one in approvers if one.person_id != by.person_id],
        params={
            **_about(engagement, step),
            "author": by.get_full_name(),
            "summary": {key: text[:SUMMARY_LENGTH] for key, text in outcome.text.items()},
        },
        path=_path(engagement, review=True),
    )
    return outcome


@transaction.atomic
def publish_outcome(*, engagement: Engagement, by: Account, version: str) -> Outcome:
    """Approve and publish it and tell its writer. Raises as ``approve_outcome``."""
    outcome = approve_outcome(engagement=engagement, by=by, version=version)
    if outcome.written_by is not None:
        step = OutcomeStep.OUTCOME if outcome.published_at else OutcomeStep.HEARD
        notify(
            kind="outcome-approved",
            event_key=f"{step}-approved:{engagement.public_id}",
            to=[outcome.written_by],
            params={**_about(engagement, step), "by": by.get_full_name()},
            path=_path(engagement, review=False),
        )
    return outcome


@transaction.atomic
def return_outcome(*, engagement: Engagement, note: str, by: Account) -> Outcome:
    """Send it back with a note that its writer gets. Raises as ``send_back_outcome``."""
    sent = Outcome.objects.filter(engagement=engagement).values_list("submitted_step", flat=True)
    step = sent.first() or OutcomeStep.OUTCOME
    outcome = send_back_outcome(engagement=engagement, note=note, by=by)
    if outcome.written_by is not None:
        notify(
            kind="outcome-sent-back",
            event_key=f"outcome-sent-back:{engagement.public_id}:{outcome.updated_at}",
            to=[outcome.written_by],
            params={
                **_about(engagement, step),
                "by": by.get_full_name(),
                "note": outcome.sent_back_note,
            },
            path=_path(engagement, review=False),
        )
    return outcome
