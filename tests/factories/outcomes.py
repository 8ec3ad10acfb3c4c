"""Closed papers with contributions, their officers, and outcomes in parts, by the real actions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Account, Role
from core import audit, clock
from participation.actions.outcome_items import ItemText, add_items, save_item
from participation.actions.outcomes import (
    approve_outcome,
    save_outcome,
    submit_outcome,
    version_of,
)
from participation.models import Engagement, Outcome, OutcomeItem, OutcomeStep
from tests.factories.engagements import grant, make_account, make_bureau, make_engagement

DAY = dt.timedelta(days=1)
SHORT = {"en": "We will plant trees.", "zh-hant": "我們會種樹。"}


def both(text: str) -> dict[str, str]:
    """A text in the two authority languages."""
    return {"en": text, "zh-hant": f"中文：{text}"}


@dataclass
class Desk:
    """An engagement with those who may write and approve its outcome."""

    engagement: Engagement
    officer: Account
    approver: Account


def make_desk(engagement: Engagement | None = None, **fields: Any) -> Desk:
    """Officer and approver of the engagement's bureau; an open engagement unless one is given."""
    engagement = engagement or make_engagement(moderation_policy="after", **fields)
    officer, approver = make_account(), make_account()
    grant(officer, Role.OFFICER, engagement.owner)
    grant(approver, Role.APPROVER, engagement.owner)
    return Desk(engagement, officer, approver)


@transaction.atomic
def close(engagement: Engagement, days_ago: int = 1, due: dt.date | None = None) -> None:
    """Move the whole time of an engagement back, so that it closed some days ago."""
    assert engagement.closes_at is not None
    assert engagement.opens_at is not None
    shift = engagement.closes_at - (clock.now() - days_ago * DAY)
    engagement.opens_at -= shift
    engagement.closes_at -= shift
    engagement.response_due = due
    engagement.save()
    for phase in engagement.phases.all():
        phase.opens_at, phase.closes_at = engagement.opens_at, engagement.closes_at
        phase.save()
    # So that the proof of the audit trail looks past what a test moved.
    audit.record(
        "engagement.publish",
        actor="system",
        engagement_id=engagement.public_id,
        rows=[engagement, *engagement.phases.all()],
    )


def make_item(desk: Desk, kind: str = "whole", key: str = "", **texts: Any) -> OutcomeItem:
    """One part, fully written unless told otherwise."""
    (item,) = add_items(engagement=desk.engagement, targets=[(kind, key)], by=desk.officer)
    fields: dict[str, Any] = {
        "asked": both("Should there be trees?"),
        "said": both("Most want trees."),
        "verdict": "adopted",
        "decided": both("Trees are planted."),
        "why": both("They give shade."),
        "change": both("Two hundred trees."),
        "change_on": dt.date(2027, 3, 1),
        **texts,
    }
    return save_item(
        engagement=desk.engagement,
        item=item.public_id,
        text=ItemText(**fields),
        revision=None,
        by=desk.officer,
    )


def publish(desk: Desk, step: str = OutcomeStep.OUTCOME) -> Outcome:
    """Write the short answer, send and approve."""
    if step == OutcomeStep.OUTCOME:
        save_outcome(engagement=desk.engagement, text=SHORT, by=desk.officer)
    outcome = submit_outcome(engagement=desk.engagement, by=desk.officer, step=step)
    return approve_outcome(
        engagement=desk.engagement, by=desk.approver, version=version_of(outcome)
    )


__all__ = ["SHORT", "Desk", "both", "close", "make_bureau", "make_desk", "make_item", "publish"]
