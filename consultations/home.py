"""What the home page shows: what can be done in ten seconds, what closes, what came of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from consultations.models import Statement
from consultations.register import consultations
from participation.models import Engagement, ResultsFrom
from participation.policies import can_see_results, can_vote
from participation.querysets import CLOSING_SOON
from participation.stages import days_late, midnight_after
from questionnaires.models import Totals

CLOSING_SHOWN = 4
OPEN_SHOWN = 6
OUTCOMES_SHOWN = 3
OWED_SHOWN = 5
#: Of fewer responses nothing is told (``feedback.disclosure``).
LEAST_SAID = 5


@dataclass(frozen=True)
class Owed:
    """An answer that is owed, with whole days late (0 while in time)."""

    engagement: Engagement
    days_late: int


@dataclass(frozen=True)
class Home:
    """Everything on the home page. Empty groups are shown as what will be there."""

    statement: Statement | None
    closing: list[Engagement]
    open: list[Engagement]
    upcoming: list[Engagement]
    outcomes: list[Engagement]
    owed: list[Owed]
    #: The latest one whose answers are open to see.
    said: Engagement | None
    #: The next instant at which the page would read differently by time alone.
    until: dt.datetime | None

    @property
    def nothing_yet(self) -> bool:
        """True on a new platform: nothing was ever published."""
        return not (self.closing or self.open or self.upcoming or self.outcomes or self.owed)


def gather(now: dt.datetime) -> Home:
    """Read the groups; the number of queries does not depend on the number of rows.

    What people can take part in is of every kind; the statement is of consultations, which have
    them.
    """
    rows = Engagement.objects.public().select_related("owner", "outcome")
    closing = list(rows.closing_soon(now).order_by("closes_at", "public_id")[:CLOSING_SHOWN])
    shown = [engagement.pk for engagement in closing]
    open_now = list(
        rows.open_now(now).exclude(pk__in=shown).order_by("closes_at", "public_id")[:OPEN_SHOWN]
    )
    outcomes = list(rows.with_outcome().order_by("-outcome__published_at")[:OUTCOMES_SHOWN])
    owed = list(rows.answer_owed(now).order_by("response_due", "public_id")[:OWED_SHOWN])
    upcoming = list(rows.upcoming(now).order_by("opens_at", "public_id")[:CLOSING_SHOWN])
    return Home(
        statement=_ten_seconds(consultations().open_now(now), now),
        closing=closing,
        open=open_now,
        upcoming=upcoming,
        outcomes=outcomes,
        owed=[Owed(engagement, days_late(engagement, now)) for engagement in owed],
        said=_said(rows, now),
        until=next_change(rows, now),
    )


def _said(rows: QuerySet[Engagement], now: dt.datetime) -> Engagement | None:
    """The latest to open of those whose results may be seen and that a few have answered."""
    seen = (
        Q(results_from=ResultsFrom.LIVE, opens_at__lte=now)
        | Q(results_from=ResultsFrom.CLOSE, closes_at__lte=now)
        | Q(results_from=ResultsFrom.OUTCOME, outcome__published_at__isnull=False)
    )
    asked = Totals.objects.filter(
        questionnaire__engagement=OuterRef("pk"),
        questionnaire__published_at__isnull=False,
        responses__gte=LEAST_SAID,
    ).values("responses")[:1]
    found = (
        rows.filter(seen)
        .annotate(responses=Subquery(asked))
        .exclude(responses=None)
        .order_by("-opens_at", "-pk")
        .first()
    )
    # The rule has one place; the conditions above only find who to ask it of.
    if found is None or not can_see_results(engagement=found, now=now).allowed:
        return None
    return found


def _ten_seconds(open_rows: QuerySet[Engagement], now: dt.datetime) -> Statement | None:
    """A published statement of an open consultation, another one each hour."""
    ids = list(
        Statement.objects.filter(
            engagement__in=open_rows.order_by().values("pk"),
            state="published",
            retired_at__isnull=True,
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:500]
    )
    if not ids:
        return None
    hour = int(now.timestamp() // 3600)
    # A stride of seven shows neighbours far apart and still comes by most of them.
    chosen = (
        Statement.objects.select_related("engagement", "engagement__owner")
        .prefetch_related("engagement__phases")
        .get(pk=ids[hour * 7 % len(ids)])
    )
    # A vote asks for a person; the page only asks whether voting is part of it and open.
    verdict = can_vote(engagement=chosen.engagement, person=None, now=now)
    return chosen if verdict.allowed or verdict.would_help else None


def next_change(rows: QuerySet[Engagement], now: dt.datetime) -> dt.datetime:
    """The next moment at which a list of these would read differently by time alone."""
    found = rows.order_by().aggregate(
        opens=Min("opens_at", filter=Q(opens_at__gt=now)),
        closes=Min("closes_at", filter=Q(closes_at__gt=now)),
        turns=Min("closes_at", filter=Q(closes_at__gt=now + CLOSING_SOON)),
    )
    turning = found["turns"] and found["turns"] - CLOSING_SOON
    later = [found["opens"], found["closes"], turning]
    return min([midnight_after(now), *(moment for moment in later if moment)])


def next_change_of(engagement: Engagement, now: dt.datetime) -> dt.datetime:
    """The same for one engagement: opening, close, 'closing soon', or the days at midnight."""
    moments = [midnight_after(now)]
    if engagement.opens_at:
        moments.append(engagement.opens_at)
    if engagement.closes_at:
        moments += [engagement.closes_at, engagement.closes_at - CLOSING_SOON]
    return min(moment for moment in moments if moment > now)
