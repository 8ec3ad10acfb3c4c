"""What the home page gathers, and until when it may be kept."""

import datetime as dt

import pytest

from consultations.cards import _opening, mixed_cards
from consultations.home import gather
from core import clock
from core.dates import FOREVER
from participation.models import Outcome
from participation.stages import HONG_KONG
from tests.factories.engagements import make_draft, make_engagement

pytestmark = [pytest.mark.django_db]

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=HONG_KONG)


def test_a_new_platform_says_that_there_is_nothing_yet() -> None:
    make_draft()
    home = gather(clock.now())
    assert home.nothing_yet
    assert home.statement is None


def test_each_group_holds_its_own() -> None:
    with clock.freeze(NOON):
        soon = make_engagement(closes=2 * DAY)
        later = make_engagement(closes=20 * DAY)
        upcoming = make_engagement(opens=2 * DAY)
        late = make_engagement(
            opens=-90 * DAY, closes=-60 * DAY, response_due=dt.date(2026, 11, 16)
        )
        answered = make_engagement(opens=-90 * DAY, closes=-60 * DAY)
        Outcome.objects.create(
            engagement=answered, text={"en": "Done."}, published_at=NOON, updated_at=NOON
        )
        home = gather(NOON)
    assert home.closing == [soon]
    assert home.open == [later]
    assert home.upcoming == [upcoming]
    assert home.outcomes == [answered]
    assert [(row.engagement, row.days_late) for row in home.owed] == [(late, 5)]
    assert not home.nothing_yet


def test_the_page_may_be_kept_until_the_first_moment_it_changes() -> None:
    with clock.freeze(NOON):
        midnight = dt.datetime(2026, 11, 22, tzinfo=HONG_KONG)
        assert gather(NOON).until == midnight
        paper = make_engagement(closes=dt.timedelta(hours=2))
        assert gather(NOON).until == paper.closes_at
        turning = make_engagement(closes=7 * DAY + dt.timedelta(minutes=5))
        assert gather(NOON).until == turning.closes_at - 7 * DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short.", "Short."),
        ("First line.\nSecond.", "First line."),
        ("我們會。" * 60, "我們會。" * 45),
        ("word " * 60, ("word " * 36).strip() + "…"),
    ],
)
def test_the_opening_of_an_outcome_ends_at_a_sentence_or_word(text: str, expected: str) -> None:
    assert _opening(text) == expected


def test_every_kind_that_is_open_stands_on_it_and_says_its_kind() -> None:
    with clock.freeze(NOON):
        paper = make_engagement(closes=20 * DAY)
        contest = make_engagement(kind="contest", closes=10 * DAY)
        box = make_engagement(kind="contest", closes=FOREVER - NOON)
        home = gather(NOON)
        assert home.open == [contest, paper, box]
        shown = mixed_cards(home.open, NOON)
    assert [str(card["kind"]) for card in shown] == [
        "Idea contest",
        "Consultation",
        "Standing ideas box",
    ]
    assert [card["endless"] for card in shown] == [False, False, True]
