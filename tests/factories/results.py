"""Results of contests, drawn up, written and published through the real actions."""

from __future__ import annotations

import datetime as dt

from accounts.models import Account
from core import clock
from ideas.actions.jury_result import close_jury
from ideas.actions.result import decide_place, draw_result
from ideas.models import ContestResult, Idea, ResultPlace
from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
from participation.models import Engagement, Outcome
from tests.factories.juries import make_judged, make_juror, score
from tests.factories.outcomes import SHORT, both

HOUR = dt.timedelta(hours=1)


def end_call(engagement: Engagement) -> None:
    """Move the end of the call back by hand: whatever comes after it begins now."""
    ended = clock.now() - HOUR
    Engagement.objects.filter(pk=engagement.pk).update(closes_at=ended)
    engagement.phases.filter(key="call").update(closes_at=ended)
    engagement.phases.exclude(key="call").filter(opens_at__gt=ended, verbs=[]).update(
        opens_at=ended
    )
    engagement.refresh_from_db(fields=["closes_at"])


def make_scored(
    *titles: str, officer: Account, juror: Account | None = None, **fields: object
) -> tuple[Engagement, list[Idea]]:
    """A contest whose jury of one has submitted: the ideas in the order they stand."""
    engagement, ideas = make_judged(*titles, **fields)
    end_call(engagement)
    seat, account = make_juror(engagement, juror, by=officer)
    score(seat, account, {idea: (9 - place, 9 - place) for place, idea in enumerate(ideas)})
    return engagement, ideas


def draw(engagement: Engagement, officer: Account) -> ContestResult:
    """Close the jury and draw up the result."""
    close_jury(engagement=engagement, by=officer)
    return draw_result(engagement=engagement, by=officer)


def give(
    engagement: Engagement,
    idea: Idea,
    distinction: str,
    by: Account,
    *,
    prize: str = "",
    reason: str = "It helps most.",
) -> ResultPlace:
    """Decide on an idea, in the authority languages."""
    return decide_place(
        engagement=engagement,
        idea=idea.contribution.public_id,
        distinction=distinction,
        prize=both(prize) if prize else {},
        reason=both(reason) if reason else {},
        by=by,
    )


def send(engagement: Engagement, by: Account) -> Outcome:
    """Write the answer in short and send all of it for approval."""
    save_outcome(engagement=engagement, text=SHORT, by=by)
    return submit_outcome(engagement=engagement, by=by)


def announce(engagement: Engagement, *, officer: Account, approver: Account) -> Outcome:
    """Send it, and have another officer publish it."""
    send(engagement, officer)
    return approve_outcome(engagement=engagement, by=approver)
