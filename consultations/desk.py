"""What an officer's desk shows: own engagements, numbers today, what waits for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.utils.functional import Promise

from accounts.models import Account, Bureau, Role
from accounts.policies import bureaux_for, has_role
from consultations.models import Submission, SubmissionState
from consultations.policies import can_decide
from core import clock
from core.dates import FOREVER
from participation import faces, kinds
from participation.actions.outcomes import waiting_for
from participation.models import Contribution, ContributionState, Engagement, Outcome
from participation.models.ballot import Vote
from participation.policies import can_see_results
from participation.stages import HONG_KONG, Stage, days_late, stage

SHOWN = 50


@dataclass(frozen=True)
class Received:
    """Entries of one kind on the register, without withdrawn ones: in all, and since midnight."""

    title: str | Promise
    total: int
    today: int


@dataclass(frozen=True)
class Line:
    """One engagement on the desk."""

    engagement: Engagement
    stage: Stage
    submission: Submission | None
    #: What the kind of engagement is called.
    kind: str | Promise
    received: list[Received]
    #: None while results are sealed: numbers of voters are part of them.
    voters: int | None
    voters_today: int | None
    days_late: int
    #: The last one, when it was sent back and nothing was sent since.
    sent_back: Submission | None = None
    #: What its room says is owed while it is open.
    owes: faces.Owes | None = None

    @property
    def endless(self) -> bool:
        """Whether it has no close to name."""
        return self.engagement.closes_at == FOREVER

    @property
    def standing(self) -> str | Promise:
        """Where it stands, in the words of its kind: a product in the making takes no comments."""
        own = faces.words_of(self.engagement).open if self.stage is Stage.OPEN else ""
        return own or self.stage.label


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
    administrator = has_role(account, Role.ADMINISTRATOR, now=now)
    rows = Engagement.objects.select_related("owner", "outcome").order_by("-created_at")
    if not administrator:
        rows = rows.filter(owner__in=bureaux)
    found = list(rows.filter(translation_key__isnull=False)[:SHOWN])
    keys = [row.pk for row in found]
    midnight = now.astimezone(HONG_KONG).replace(hour=0, minute=0, second=0, microsecond=0)
    received, voters = _received(keys, midnight), _voters(keys, midnight)
    last: dict[int, Submission] = {}
    sendings = Submission.objects.filter(engagement__in=keys).select_related("submitted_by")
    for submission in sendings.order_by("submitted_at", "pk"):
        last[submission.engagement_id] = submission
    owed = faces.owed_on(found, now)
    lines = [
        replace(_line(row, now, last.get(row.pk), received, voters), owes=owed.get(row.pk))
        for row in found
    ]
    waiting = Submission.objects.waiting().select_related("engagement__owner", "submitted_by")
    return Desk(
        lines=sorted(lines, key=_urgency),
        to_decide=[one for one in waiting if can_decide(account, one)],
        outcomes_to_decide=waiting_for(account),
        may_write=bool(bureaux),
        may_invite=administrator,
    )


def _received(keys: list[int], midnight: dt.datetime) -> dict[int, list[Received]]:
    """By engagement, the kinds in the register's order: comments, responses, a room's own."""
    rows = (
        Contribution.objects.filter(engagement__in=keys)
        .exclude(state=ContributionState.WITHDRAWN)
        .by_citizens()
        .order_by()
        .values_list("engagement", "kind")
        .annotate(total=Count("pk"), today=Count("pk", filter=Q(received_at__gte=midnight)))
    )
    counted = {(engagement, kind): (total, today) for engagement, kind, total, today in rows}
    return {
        key: [
            Received(kinds.titles(kind), *counted[key, kind])
            for kind in kinds.names()
            if (key, kind) in counted
        ]
        for key in keys
    }


def _voters(keys: list[int], midnight: dt.datetime) -> dict[int, tuple[int, int]]:
    return {
        row["ballot__engagement"]: (row["today"], row["all"])
        for row in Vote.objects.filter(ballot__engagement__in=keys)
        .values("ballot__engagement")
        .annotate(
            today=Count("person", distinct=True, filter=Q(cast_at__gte=midnight)),
            all=Count("person", distinct=True),
        )
    }


def _line(
    row: Engagement,
    now: dt.datetime,
    last: Submission | None,
    received: dict[int, list[Received]],
    voters: dict[int, tuple[int, int]],
) -> Line:
    voted_today, voted = voters.get(row.pk, (0, 0))
    # A draft has no results to seal.
    open_to_see = row.published_at is None or can_see_results(engagement=row, now=now).allowed
    return Line(
        engagement=row,
        stage=stage(row, now),
        submission=last if last and last.state in SubmissionState.values[:3] else None,
        kind=faces.title_of(row),
        received=received[row.pk],
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
    late = line.owes is not None and line.owes.late
    return (line.sent_back is None, _ORDER.index(Stage.OUTCOME_OVERDUE if late else line.stage))
