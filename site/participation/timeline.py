"""Where an engagement stands, in five steps that are always all shown (ux P19)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core import texts
from core.templatetags.kaifong import hk_date, hk_deadline
from participation.models import Engagement, Outcome, PublicNotice
from participation.stages import Stage, days_late, outcome_of, published_outcome


@dataclass(frozen=True, slots=True)
class Delay:
    """Why an answer is late, since when that is public, and when it is expected."""

    text: dict[str, str]
    at: dt.datetime
    expected: dt.date | None


def reason_for_delay(engagement: Engagement) -> Delay | None:
    """The newest public reason for being late with the response date that stands; one query."""
    if engagement.response_due is None:
        return None
    due = engagement.response_due.isoformat()
    notice: PublicNotice | None = engagement.public_notices.filter(
        kind="late", data__response_due=due
    ).first()
    if notice is None:
        return None
    expected = notice.data.get("expected")
    return Delay(notice.text, notice.at, dt.date.fromisoformat(expected) if expected else None)


def steps(engagement: Engagement, current: Stage, now: dt.datetime) -> list[dict[str, Any]]:
    """The steps with name, date and state (done, now, late, next) for the timeline component.

    A late one has a note with the days, and the reason given (texts by language) or that none is.
    """
    outcome = published_outcome(engagement)
    heard = _heard(engagement)
    past = current.is_past
    late = current is Stage.OUTCOME_OVERDUE
    due = engagement.response_due
    answered = current is Stage.OUTCOME_PUBLISHED
    return [
        {
            "name": _("Opens") if current is Stage.UPCOMING else _("Opened"),
            "when": hk_date(engagement.opens_at),
            "state": "now" if current is Stage.UPCOMING else "done",
        },
        {
            "name": _("Closed") if past else _("Open for your views until"),
            "when": hk_deadline(engagement.closes_at),
            "state": "done" if past else ("now" if current.is_open else "next"),
        },
        {
            "name": _("What people said is public") if heard else _("The bureau reads everything"),
            "when": hk_date(heard.heard_at) if heard else "",
            "state": "done" if answered or heard else ("now" if past and not late else "next"),
        },
        {
            "name": _("Answered") if answered else _("The bureau answers in public"),
            "when": hk_date(outcome.published_at) if outcome else (hk_date(due) if due else ""),
            "state": "done" if answered else ("late" if late else "next"),
            "note": _late(engagement, now) if late else "",
            "reason": _reason(engagement) if late else None,
        },
        {
            "name": _("What changes is followed up"),
            "when": "",
            "state": "now" if answered else "next",
        },
    ]


def _heard(engagement: Engagement) -> Outcome | None:
    """The outcome once what was heard was published by itself."""
    outcome = outcome_of(engagement)
    return outcome if outcome is not None and outcome.heard_at else None


def _late(engagement: Engagement, now: dt.datetime) -> str:
    return _("%(days)s days late") % {"days": days_late(engagement, now)}


def _reason(engagement: Engagement) -> texts.Text | str:
    delay = reason_for_delay(engagement)
    return texts.pick(delay.text) if delay else _("The bureau has not said why.")
