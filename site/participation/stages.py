"""Where an engagement stands, told by time alone: the public stages of product.md.

``EngagementQuerySet`` holds the same rules as filters; a test walks both through time and
compares them.
"""

import datetime as dt
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.models import Engagement, Outcome
from participation.querysets import CLOSING_SOON

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


class Stage(Enum):
    """One of these at any instant; ``DRAFT`` covers whatever the public may not see."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING_SOON = "closing-soon"
    CLOSED = "closed"
    OUTCOME_DUE = "outcome-due"
    OUTCOME_OVERDUE = "outcome-overdue"
    OUTCOME_PUBLISHED = "outcome-published"

    @property
    def label(self) -> str | Promise:
        """The word on the tag, translated."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether people can take part (closing soon is open)."""
        return self in {Stage.OPEN, Stage.CLOSING_SOON}

    @property
    def is_past(self) -> bool:
        """Whether the close has passed."""
        return self in {
            Stage.CLOSED,
            Stage.OUTCOME_DUE,
            Stage.OUTCOME_OVERDUE,
            Stage.OUTCOME_PUBLISHED,
        }


_LABELS = {
    Stage.DRAFT: _("Draft"),
    Stage.UPCOMING: _("Upcoming"),
    Stage.OPEN: _("Open"),
    Stage.CLOSING_SOON: _("Closing soon"),
    Stage.CLOSED: _("Closed"),
    Stage.OUTCOME_DUE: _("Outcome due"),
    Stage.OUTCOME_OVERDUE: _("Outcome overdue"),
    Stage.OUTCOME_PUBLISHED: _("Outcome published"),
}


def outcome_of(engagement: Engagement) -> Outcome | None:
    """The outcome in whatever state, None while nobody began one."""
    try:
        return engagement.outcome
    except Outcome.DoesNotExist:
        return None


def published_outcome(engagement: Engagement) -> Outcome | None:
    """The outcome if it is public, else None. Use ``select_related('outcome')`` in lists."""
    outcome = outcome_of(engagement)
    return outcome if outcome is not None and outcome.published_at else None


def today(now: dt.datetime) -> dt.date:
    """The calendar day in Hong Kong, which response dates are counted in."""
    return now.astimezone(HONG_KONG).date()


def midnight_after(now: dt.datetime) -> dt.datetime:
    """The next start of a day in Hong Kong: days left and days late change then."""
    local = now.astimezone(HONG_KONG) + dt.timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def stage(engagement: Engagement, now: dt.datetime) -> Stage:
    """The stage at an instant. The response date itself is still in time (due, not overdue)."""
    opens_at, closes_at = engagement.opens_at, engagement.closes_at
    if engagement.state != "published" or opens_at is None or closes_at is None:
        return Stage.DRAFT
    if now < opens_at:
        return Stage.UPCOMING
    if now < closes_at:
        return Stage.CLOSING_SOON if closes_at <= now + CLOSING_SOON else Stage.OPEN
    return _past_stage(engagement, now)


def _past_stage(engagement: Engagement, now: dt.datetime) -> Stage:
    """After the close: whether an answer is owed, late or there."""
    if published_outcome(engagement):
        return Stage.OUTCOME_PUBLISHED
    if engagement.response_due is None:
        return Stage.CLOSED
    return Stage.OUTCOME_OVERDUE if days_late(engagement, now) else Stage.OUTCOME_DUE


def days_late(engagement: Engagement, now: dt.datetime) -> int:
    """Whole days in Hong Kong past the response date; 0 while in time or answered."""
    if engagement.response_due is None or published_outcome(engagement):
        return 0
    return max(0, (today(now) - engagement.response_due).days)
