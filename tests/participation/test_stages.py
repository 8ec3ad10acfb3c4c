"""Stages by time: the predicate and the filters must be one rule."""

import datetime as dt

import pytest

from core import clock
from participation.models import Engagement, Outcome
from participation.stages import HONG_KONG, Stage, days_late, stage
from tests.factories.engagements import make_draft, make_engagement

pytestmark = [pytest.mark.django_db, pytest.mark.db]

START = dt.datetime(2026, 3, 1, tzinfo=HONG_KONG)
CLOSE = dt.datetime(2026, 4, 1, tzinfo=HONG_KONG)
DUE = dt.date(2026, 5, 27)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def paper() -> Engagement:
    with clock.freeze(START - dt.timedelta(days=10)):
        return make_engagement(
            opens=dt.timedelta(days=10),
            closes=CLOSE - START + dt.timedelta(days=10),
            response_due=DUE,
        )


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (START - SECOND, Stage.UPCOMING),
        (START, Stage.OPEN),
        (CLOSE - dt.timedelta(days=7) - SECOND, Stage.OPEN),
        (CLOSE - dt.timedelta(days=7), Stage.CLOSING_SOON),
        # "Until 31 March" is until the last instant of that day in Hong Kong (reliability T2).
        (dt.datetime(2026, 3, 31, 15, 59, 59, 999999, tzinfo=dt.UTC), Stage.CLOSING_SOON),
        (dt.datetime(2026, 3, 31, 16, 0, tzinfo=dt.UTC), Stage.OUTCOME_DUE),
        (dt.datetime(2026, 5, 27, 23, 59, 59, tzinfo=HONG_KONG), Stage.OUTCOME_DUE),
        (dt.datetime(2026, 5, 28, 0, 0, tzinfo=HONG_KONG), Stage.OUTCOME_OVERDUE),
    ],
)
def test_stage_by_time(paper: Engagement, instant: dt.datetime, expected: Stage) -> None:
    assert stage(paper, instant) is expected


def test_filters_agree_with_the_stage_at_every_hour(paper: Engagement) -> None:
    rows = Engagement.objects
    instant = START - dt.timedelta(days=2)
    seen = set()
    while instant < dt.datetime(2026, 6, 1, tzinfo=HONG_KONG):
        current = stage(paper, instant)
        seen.add(current)
        assert rows.upcoming(instant).exists() == (current is Stage.UPCOMING), instant
        assert rows.open_now(instant).exists() == current.is_open, instant
        assert rows.closing_soon(instant).exists() == (current is Stage.CLOSING_SOON), instant
        assert rows.closed(instant).exists() == current.is_past, instant
        owed = current in {Stage.OUTCOME_DUE, Stage.OUTCOME_OVERDUE}
        assert rows.answer_owed(instant).exists() == owed, instant
        instant += dt.timedelta(hours=12)
    assert seen == {
        Stage.UPCOMING,
        Stage.OPEN,
        Stage.CLOSING_SOON,
        Stage.OUTCOME_DUE,
        Stage.OUTCOME_OVERDUE,
    }


def test_days_late_counts_hong_kong_days_and_stops_at_the_answer(paper: Engagement) -> None:
    late = dt.datetime(2026, 6, 1, 0, 30, tzinfo=HONG_KONG)
    assert days_late(paper, late) == 5
    Outcome.objects.create(
        engagement=paper, text={"en": "Done."}, published_at=late, updated_at=late
    )
    paper.refresh_from_db()
    assert days_late(paper, late) == 0
    assert stage(paper, late) is Stage.OUTCOME_PUBLISHED
    assert Engagement.objects.with_outcome().count() == 1


def test_without_a_response_date_it_is_just_closed() -> None:
    paper = make_engagement(opens=dt.timedelta(days=-9), closes=dt.timedelta(days=-1))
    assert stage(paper, clock.now()) is Stage.CLOSED


def test_a_draft_is_never_public() -> None:
    draft = make_draft()
    assert stage(draft, clock.now()) is Stage.DRAFT
    assert not Engagement.objects.public().exists()
