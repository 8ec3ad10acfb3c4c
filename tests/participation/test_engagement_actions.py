"""Publishing, extending and answering: what may move, and what is written."""

import datetime as dt
from uuid import uuid4

import pytest

from accounts.models import Role
from core import clock
from core.exceptions import Conflict, Invalid, Refused
from core.models import AuditEntry
from participation.actions import outcomes
from participation.actions.engagement import (
    Schedule,
    create_draft,
    extend_engagement,
    publish_engagement,
)
from participation.models import Engagement, EngagementState, Outcome, PublicNotice
from tests.factories.engagements import (
    grant,
    make_account,
    make_bureau,
    make_draft,
    make_engagement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = dt.timedelta(days=1)


def schedule(opens: dt.datetime, closes: dt.datetime, **fields) -> Schedule:
    return Schedule(opens_at=opens, closes_at=closes, title={"en": "Paper"}, **fields)


def test_a_draft_is_made_once_for_its_pages() -> None:
    key = uuid4()
    fields = {"owner": make_bureau(), "translation_key": key, "source_language": "en", "by": None}
    first = create_draft(title={"en": "One"}, **fields)
    again = create_draft(title={"en": "Two"}, **fields)
    assert first.pk == again.pk
    assert first.threads.get().key == "whole"
    assert AuditEntry.objects.filter(verb="engagement.draft").count() == 1


def test_publishing_writes_the_phase_and_an_audit_entry() -> None:
    paper = make_engagement()
    phase = paper.phases.get()
    assert (phase.opens_at, phase.closes_at) == (paper.opens_at, paper.closes_at)
    assert "vote" in phase.verbs
    assert AuditEntry.objects.filter(verb="engagement.publish", engagement=paper.public_id).exists()


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [(0, -1, "closes_at"), (0, 0, "closes_at"), (0, 365 * 30, "closes_at")],
)
def test_impossible_dates_are_refused_and_nothing_is_written(opens, closes, field) -> None:
    draft, now = make_draft(), clock.now()
    with pytest.raises(Invalid) as caught:
        publish_engagement(
            engagement=draft, schedule=schedule(now + opens * DAY, now + closes * DAY), by=None
        )
    assert caught.value.field == field
    assert Engagement.objects.get().state == EngagementState.DRAFT


def test_a_naive_date_is_refused() -> None:
    naive = dt.datetime(2026, 1, 1)
    with pytest.raises(Invalid):
        publish_engagement(
            engagement=make_draft(), schedule=schedule(naive, clock.now() + DAY), by=None
        )


def test_before_opening_everything_may_move() -> None:
    paper = make_engagement(opens=5 * DAY, closes=30 * DAY)
    moved = schedule(paper.opens_at - DAY, paper.closes_at - 10 * DAY)
    paper = publish_engagement(engagement=paper, schedule=moved, by=None)
    assert paper.phases.get().closes_at == moved.closes_at


@pytest.mark.parametrize("change", ["opens", "shorter", "longer"])
def test_after_opening_neither_date_moves_by_publishing(change: str) -> None:
    paper = make_engagement()
    opens, closes = paper.opens_at, paper.closes_at
    if change == "opens":
        opens -= DAY
    elif change == "shorter":
        closes -= dt.timedelta(seconds=1)
    else:
        closes += DAY
    with pytest.raises(Invalid):
        publish_engagement(engagement=paper, schedule=schedule(opens, closes), by=None)
    paper.refresh_from_db()
    assert paper.phases.get().closes_at == paper.closes_at == make_close(paper)


def make_close(paper: Engagement) -> dt.datetime:
    return Engagement.objects.values_list("closes_at", flat=True).get(pk=paper.pk)


def test_the_response_date_cannot_be_put_off_by_publishing_again() -> None:
    paper = make_engagement(response_due=dt.date(2030, 1, 1))
    later = schedule(paper.opens_at, paper.closes_at, response_due=dt.date(2030, 2, 1))
    with pytest.raises(Invalid) as caught:
        publish_engagement(engagement=paper, schedule=later, by=None)
    assert caught.value.field == "response_due"


def test_extending_moves_the_close_and_is_announced() -> None:
    officer = make_account()
    paper = make_engagement()
    later = paper.closes_at + 7 * DAY
    notice = extend_engagement(
        engagement=paper,
        closes_at=later,
        response_due=None,
        reason={"en": "More time for schools."},
        by=officer,
    )
    paper.refresh_from_db()
    assert paper.closes_at == paper.phases.get().closes_at == later
    assert notice.text == {"en": "More time for schools."}
    assert PublicNotice.objects.filter(engagement=paper, kind="extended").count() == 1


@pytest.mark.parametrize(
    "reason", [{}, {"en": "  "}, {"en": "\u200b\u200b"}, {"zh-hant": "只有中文"}]
)
def test_extending_without_a_reason_in_the_source_language_is_refused(reason) -> None:
    paper = make_engagement()
    before = paper.closes_at
    with pytest.raises(Invalid):
        extend_engagement(
            engagement=paper,
            closes_at=before + DAY,
            response_due=None,
            reason=reason,
            by=make_account(),
        )
    paper.refresh_from_db()
    assert paper.closes_at == before
    assert not PublicNotice.objects.exists()


def test_extending_to_an_earlier_day_or_after_the_close_is_refused() -> None:
    paper = make_engagement()
    officer = make_account()
    with pytest.raises(Invalid):
        extend_engagement(
            engagement=paper,
            closes_at=paper.closes_at,
            response_due=None,
            reason={"en": "No."},
            by=officer,
        )
    with clock.freeze(paper.closes_at), pytest.raises(Conflict):
        extend_engagement(
            engagement=paper,
            closes_at=paper.closes_at + DAY,
            response_due=None,
            reason={"en": "Too late."},
            by=officer,
        )


@pytest.fixture
def closed():
    """A closed paper of EPD with its officer and approver."""
    epd = make_bureau("EPD")
    paper = make_engagement(bureau=epd, opens=-9 * DAY, closes=-1 * DAY)
    officer, approver = make_account(), make_account()
    grant(officer, Role.OFFICER, epd)
    grant(approver, Role.APPROVER, epd)
    return paper, officer, approver


TEXTS = {"en": "We will.", "zh-hant": "我們會做。"}


def test_an_outcome_is_written_by_one_and_approved_by_another(closed) -> None:
    paper, officer, approver = closed
    outcomes.save_outcome(engagement=paper, text=TEXTS, by=officer)
    outcomes.submit_outcome(engagement=paper, by=officer)
    outcome = outcomes.approve_outcome(engagement=paper, by=approver)
    assert outcome.published_at
    assert outcome.approved_by == approver
    with pytest.raises(Conflict):
        outcomes.save_outcome(engagement=paper, text={"en": "Changed."}, by=officer)


def test_an_approver_does_not_approve_the_own_text(closed) -> None:
    paper, _officer, approver = closed
    outcomes.save_outcome(engagement=paper, text=TEXTS, by=approver)
    outcomes.submit_outcome(engagement=paper, by=approver)
    with pytest.raises(Refused):
        outcomes.approve_outcome(engagement=paper, by=approver)
    assert Outcome.objects.get().published_at is None


def test_strangers_and_officers_without_the_role_do_not_approve(closed) -> None:
    paper, officer, _approver = closed
    outcomes.save_outcome(engagement=paper, text=TEXTS, by=officer)
    outcomes.submit_outcome(engagement=paper, by=officer)
    other = make_account()
    grant(other, Role.APPROVER, make_bureau("LCSD"))
    for account in (officer, other, make_account()):
        with pytest.raises(Refused):
            outcomes.approve_outcome(engagement=paper, by=account)


def test_an_outcome_needs_both_authority_texts_and_a_closed_paper(closed) -> None:
    paper, officer, _approver = closed
    outcomes.save_outcome(engagement=paper, text={"en": "Only English."}, by=officer)
    with pytest.raises(Invalid) as caught:
        outcomes.submit_outcome(engagement=paper, by=officer)
    assert caught.value.field == "text_zh-hant"
    outcomes.save_outcome(engagement=paper, text=TEXTS, by=officer)
    with clock.freeze(paper.closes_at - DAY), pytest.raises(Conflict):
        outcomes.submit_outcome(engagement=paper, by=officer)


def test_sending_back_returns_it_with_a_note(closed) -> None:
    paper, officer, approver = closed
    outcomes.save_outcome(engagement=paper, text=TEXTS, by=officer)
    outcomes.submit_outcome(engagement=paper, by=officer)
    outcome = outcomes.send_back_outcome(engagement=paper, note="Say when.", by=approver)
    assert (outcome.submitted_at, outcome.sent_back_note) == (None, "Say when.")
    with pytest.raises(Conflict):
        outcomes.approve_outcome(engagement=paper, by=approver)


@pytest.mark.parametrize("days", [-10, 10, None])
def test_once_opened_the_response_date_stands(days: int | None) -> None:
    due = dt.date(2030, 1, 1)
    paper = make_engagement(response_due=due)
    moved = None if days is None else due + dt.timedelta(days=days)
    with pytest.raises(Invalid) as caught:
        publish_engagement(
            engagement=paper,
            schedule=schedule(paper.opens_at, paper.closes_at, response_due=moved),
            by=None,
        )
    assert caught.value.field == "response_due"
    paper.refresh_from_db()
    assert paper.response_due == due


def test_before_opening_an_announced_response_date_comes_earlier_only() -> None:
    due = dt.date(2030, 1, 1)
    paper = make_engagement(opens=5 * DAY, response_due=due)
    sooner = schedule(paper.opens_at, paper.closes_at, response_due=due - dt.timedelta(days=1))
    assert publish_engagement(engagement=paper, schedule=sooner, by=None).response_due < due
    with pytest.raises(Invalid):
        publish_engagement(
            engagement=paper,
            schedule=schedule(paper.opens_at, paper.closes_at, response_due=due),
            by=None,
        )
