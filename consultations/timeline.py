"""Where a consultation stands, in five steps that are always all shown (ux P19)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.kaifong import hk_date, hk_deadline
from participation.models import Engagement
from participation.stages import Stage, days_late, published_outcome


def steps(engagement: Engagement, current: Stage, now: dt.datetime) -> list[dict[str, Any]]:
    """The steps with name, date and state (done, now, late, next) for the timeline component."""
    outcome = published_outcome(engagement)
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
            "name": _("The bureau reads everything"),
            "when": "",
            "state": "done" if answered else ("now" if past and not late else "next"),
        },
        {
            "name": _("Answered") if answered else _("The bureau answers in public"),
            "when": hk_date(outcome.published_at) if outcome else (hk_date(due) if due else ""),
            "state": "done" if answered else ("late" if late else "next"),
            "note": _("%(days)s days late") % {"days": days_late(engagement, now)} if late else "",
        },
        {
            "name": _("What changes is followed up"),
            "when": "",
            "state": "now" if answered else "next",
        },
    ]
