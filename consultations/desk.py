"""What an officer's desk shows: own engagements, numbers today, what waits for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Account, Bureau, Role
from accounts.policies import bureaux_for, has_role
from consultations.models import Submission, SubmissionState
from consultations.policies import can_decide
from core import clock
from participation.models import Contribution, Engagement, Outcome
from participation.models.ballot import Vote
from participation.policies import can_see_results
from participation.stages import HONG_KONG, Stage, days_late, stage

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One engagement on the desk."""

    engagement: Engagement
    stage: Stage
    submission: Submission | None
    comments_today: int
    comments: int
    #: None while results are sealed: numbers of voters are part of them.
    voters: int | None
    voters_today: int | None
    days_late: int
    #: The last one, when it was sent back and nothing was sent since.
    sent_back: Submission | None = None


@dataclass(frozen=True)
class Desk:
    lines: list[Line]
    to_decide: list[Submission]
    outcomes_to_decide: list[Outcome]
    may_write: bool
    #: An administrator, who asks the first officers in.
    may_invite: bool


def own_bureaux(account: Account) -> list[Bureau]:
    """The bodies an account writes papers for."""
    found = bureaux_for(account, Role.OFFICER) | bureaux_for(account, Role.APPROVER)
    return list(found.distinct())


def gather(account: Account) -> Desk:
    """Everything on the desk; the number of queries does not depend on the number of lines."""
    now = clock.now()
    bureaux = own_bureaux(account)
    administrator = has_role(account, Role.ADMINISTRATOR)
    rows = Engagement.objects.select_related("owner", "outcome").order_by("-created_at")
    if not administrator:
        rows = rows.filter(owner__in=bureaux)
    found = list(rows.filter(translation_key__isnull=False)[:SHOWN])
    keys = [row.pk for row in found]
    comments, voters = _counts(keys, now)
    last: dict[int, Submission] = {}
    sendings = Submission.objects.filter(engagement__in=keys).select_related("submitted_by")
    for submission in sendings.order_by("submitted_at", "pk"):
        last[submission.engagement_id] = submission
    lines = [_line(row, now, last.get(row.pk), comments, voters) for row in found]
    waiting = Submission.objects.waiting().select_related("engagement__owner", "submitted_by")
    return Desk(
        lines=sorted(lines, key=_urgency),
        to_decide=[one for one in waiting if can_decide(account, one)],
        outcomes_to_decide=_outcomes(account),
        may_write=bool(bureaux),
        may_invite=has_role(account, Role.ADMINISTRATOR, now=now),
    )


def _counts(
    keys: list[int], now: dt.datetime
) -> tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]:
    midnight = now.astimezone(HONG_KONG).replace(hour=0, minute=0, second=0, microsecond=0)
    comments = {
        row["engagement"]: (row["today"], row["all"])
        for row in Contribution.objects.filter(engagement__in=keys, kind="comment")
        .by_citizens()
        .values("engagement")
        .annotate(today=Count("pk", filter=Q(received_at__gte=midnight)), all=Count("pk"))
    }
    voters = {
        row["ballot__engagement"]: (row["today"], row["all"])
        for row in Vote.objects.filter(ballot__engagement__in=keys)
        .values("ballot__engagement")
        .annotate(
            today=Count("person", distinct=True, filter=Q(cast_at__gte=midnight)),
            all=Count("person", distinct=True),
        )
    }
    return comments, voters


def _line(
    row: Engagement,
    now: dt.datetime,
    last: Submission | None,
    comments: dict[int, tuple[int, int]],
    voters: dict[int, tuple[int, int]],
) -> Line:
    today, total = comments.get(row.pk, (0, 0))
    voted_today, voted = voters.get(row.pk, (0, 0))
    # A draft has no results to seal.
    open_to_see = row.published_at is None or can_see_results(engagement=row, now=now).allowed
    return Line(
        engagement=row,
        stage=stage(row, now),
        submission=last if last and last.state in SubmissionState.values[:3] else None,
        comments_today=today,
        comments=total,
        voters=voted if open_to_see else None,
        voters_today=voted_today if open_to_see else None,
        days_late=days_late(row, now),
        sent_back=last if last and last.state == SubmissionState.SENT_BACK else None,
    )


_ORDER = [
    Stage.OUTCOME_OVERDUE,
    Stage.CLOSING_SOON,
    Stage.DRAFT,
    Stage.OPEN,
    Stage.OUTCOME_DUE,
    Stage.UPCOMING,
    Stage.CLOSED,
    Stage.OUTCOME_PUBLISHED,
]


def _urgency(line: Line) -> tuple[bool, int]:
    return (line.sent_back is None, _ORDER.index(line.stage))


def _outcomes(account: Account) -> list[Outcome]:
    """Outcomes that wait for this account's approval; never the own ones."""
    waiting = Outcome.objects.filter(
        submitted_at__isnull=False,
        published_at__isnull=True,
        engagement__owner__in=bureaux_for(account, Role.APPROVER),
    )
    return list(
        waiting.exclude(written_by=account).select_related("engagement__owner", "written_by")
    )
