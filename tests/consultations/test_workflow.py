"""A paper's way to the public: sent, approved by another, opened; every refusal asserted."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import Account
from consultations.actions.approval import (
    approve_paper,
    open_hidden,
    send_back,
    submit_paper,
    take_back,
)
from consultations.actions.extension import extend_paper
from consultations.models import ConsultationPage, Submission, SubmissionState
from core import audit, clock
from core.audit_verify import verify
from core.exceptions import Conflict, Invalid, Refused
from core.models import PlatformSettings
from notifications.models import Notice
from participation.models.pages import HONG_KONG
from tests.factories.consultations import edit_paper, make_paper_draft, today, translate_all
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_bureau

pytestmark = pytest.mark.django_db


def test_sent_tells_the_approvers_with_a_link_to_review() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    notice = Notice.objects.get(kind="approval-wanted")
    assert notice.account == approver
    assert submission.public_id in notice.path
    assert page.engagement is not None
    assert page.engagement.state == "draft"


@pytest.mark.db
def test_a_second_officer_opens_it_and_the_author_is_told() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    submission = approve_paper(submission=submission, by=approver)
    assert submission.state == SubmissionState.PUBLISHED
    assert page.engagement is not None
    assert page.engagement.state == "published"
    assert ConsultationPage.objects.live().count() == 3
    assert Notice.objects.get(kind="approved").account == officer
    assert audit.verify().ok


def test_the_author_may_not_approve_the_own_paper_even_as_approver() -> None:
    bureau = make_bureau()
    both = make_approver(bureau)
    make_approver(bureau)
    page = make_paper_draft(by=both)
    submission = submit_paper(page=page, by=both)
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=both)
    assert not ConsultationPage.objects.live().exists()


def test_whoever_wrote_the_last_words_may_not_approve_them() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    edit_paper(page, by=approver, summary="Rewritten by the approver.")
    translate_all(page, officer)
    submission = submit_paper(page=page, by=officer)
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=approver)


@pytest.mark.parametrize("who", ["officer", "foreign", "administrator"])
def test_others_may_not_approve(who: str) -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    other = {
        "officer": make_officer,
        "foreign": lambda: make_approver(make_bureau("LCSD")),
        "administrator": make_administrator,
    }[who]()
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=other)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.WAITING


def test_a_foreign_officer_may_not_send_it() -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer)
    with pytest.raises(Refused):
        submit_paper(page=page, by=make_officer(make_bureau("LCSD")))


def test_what_is_missing_is_refused_with_its_field() -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer, summary="")
    with pytest.raises(Invalid) as refused:
        submit_paper(page=page, by=officer)
    assert refused.value.field == "summary"


def test_without_a_second_officer_it_says_what_to_do() -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer)
    with pytest.raises(Conflict) as refused:
        submit_paper(page=page, by=officer)
    assert refused.value.code == "no_approver"


def test_sent_back_with_a_note_and_sent_again() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    with pytest.raises(Invalid):
        send_back(submission=submission, note="   ", by=approver)
    send_back(submission=submission, note="Say who pays.", by=approver)
    notice = Notice.objects.get(kind="sent-back")
    assert notice.params["note"] == "Say who pays."
    assert submit_paper(page=page, by=officer).state == SubmissionState.WAITING
    with pytest.raises(Conflict):
        approve_paper(submission=submission, by=approver)


def test_it_waits_once_and_can_be_taken_back() -> None:
    officer = make_officer()
    make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    with pytest.raises(Conflict):
        submit_paper(page=page, by=officer)
    assert page.get_lock() is not None
    take_back(submission=submission, by=officer)
    assert page.get_lock() is None


def test_a_paper_changed_after_it_was_sent_is_not_approved() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    edit_paper(page, by=officer, summary="Changed behind the approver's back.")
    with pytest.raises(Conflict):
        approve_paper(submission=submission, by=approver)
    assert not ConsultationPage.objects.live().exists()


def test_the_central_gate_needs_an_administrator_after_the_bureau() -> None:
    settings = PlatformSettings.load()
    settings.central_gate = True
    settings.save()
    officer, approver, administrator = make_officer(), make_approver(), make_administrator()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    submission = approve_paper(submission=submission, by=approver)
    assert submission.state == SubmissionState.GATE
    assert not ConsultationPage.objects.live().exists()
    gate = Notice.objects.get(kind="approval-wanted", account=administrator)
    assert gate.params["gate"] == "yes"
    with pytest.raises(Refused):
        approve_paper(submission=submission, by=approver)
    approve_paper(submission=submission, by=administrator)
    assert ConsultationPage.objects.live().count() == 3


def test_hidden_until_it_opens() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer, opens=3, hidden_until_open=True)
    submission = approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    assert submission.state == SubmissionState.APPROVED
    assert open_hidden() == 0
    assert not ConsultationPage.objects.live().exists()
    with clock.travel(dt.timedelta(days=4)):
        assert open_hidden() == 1
        assert open_hidden() == 0
    assert ConsultationPage.objects.live().count() == 3


def test_the_languages_that_were_approved_are_proved() -> None:
    """Which versions open later is decided by the approver, and by nobody in the database."""
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer, opens=3, hidden_until_open=True)
    submission = approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    approved = submission.languages
    assert approved
    assert verify().faults == []
    Submission.objects.filter(pk=submission.pk).update(languages=approved[1:])
    assert len(verify().faults) == 1
    # What an older version of the platform entered without them is entered anew when it updates.
    module = import_module("consultations.migrations.0008_languages_are_proved")
    module.enter_again(apps, None)
    assert verify().faults == []


def test_a_hidden_paper_opens_as_it_was_approved_whatever_is_drafted_since() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer, opens=3, hidden_until_open=True, summary="As approved.")
    approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    # Not translated, so the newest drafts lack a sentence in two languages.
    edit_paper(page, by=officer, summary="Nobody has approved this.")
    with clock.travel(dt.timedelta(days=4)):
        assert open_hidden() == 1
    page.refresh_from_db()
    assert ConsultationPage.objects.live().count() == 3
    assert page.summary == "As approved."
    assert page.get_latest_revision_as_object().summary == "Nobody has approved this."
    assert page.engagement is not None
    assert page.engagement.summary["en"] == "As approved."


def test_a_version_completed_after_the_approval_does_not_open_unread() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(
        by=officer,
        opens=3,
        hidden_until_open=True,
        translate=False,
        versions_follow_on=today() + dt.timedelta(days=9),
    )
    approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    translate_all(page, officer)
    with clock.travel(dt.timedelta(days=4)):
        assert open_hidden() == 1
    assert [one.language for one in ConsultationPage.objects.live()] == ["en"]


def save_over_the_last_draft(page: ConsultationPage, officer: Account, summary: str) -> None:
    """What the editor's autosave does in a window that was left open."""
    draft = page.get_latest_revision_as_object()
    draft.summary = summary
    draft.save_revision(user=officer, clean=False, overwrite_revision=page.get_latest_revision())
    page.refresh_from_db()


@pytest.mark.parametrize("days", [3, -1])
def test_what_was_approved_cannot_be_saved_over(days: int) -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(
        by=officer, opens=days, hidden_until_open=True, summary="As approved.", translate=False
    )
    translate_all(page, officer)
    submission = approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    page.refresh_from_db()
    save_over_the_last_draft(page, officer, "Slipped in.")
    approved = page.revisions.get(pk=submission.revisions["en"])
    assert approved.as_object().summary == "As approved."
    assert page.latest_revision_id != approved.pk
    # A draft that nobody was shown is saved over as ever.
    newest = page.latest_revision_id
    save_over_the_last_draft(page, officer, "Slipped in again.")
    assert page.latest_revision_id == newest


def test_a_draft_that_waits_cannot_be_saved_over() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    submission = submit_paper(page=page, by=officer)
    save_over_the_last_draft(page, officer, "Slipped in.")
    with pytest.raises(Conflict):
        approve_paper(submission=submission, by=approver)


def test_extending_moves_the_page_too_so_the_next_change_can_be_published() -> None:
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    page.refresh_from_db()
    later = today() + dt.timedelta(days=60)
    with pytest.raises(Invalid):
        extend_paper(page=page, last_day=later, response_due=None, reason={"en": " "}, by=officer)
    extend_paper(
        page=page,
        last_day=later,
        response_due=today() + dt.timedelta(days=150),
        reason={"en": "More time to answer."},
        by=officer,
    )
    page.refresh_from_db()
    engagement = page.engagement
    assert engagement is not None
    assert engagement.closes_at is not None
    assert engagement.closes_at.astimezone(HONG_KONG).date() == later + dt.timedelta(days=1)
    assert page.closes_on == later
    assert page.live
    assert engagement.public_notices.get().kind == "extended"
    edit_paper(page, by=officer, summary="A later word.")
    translate_all(page, officer)
    approve_paper(submission=submit_paper(page=page, by=officer), by=approver)
    engagement.refresh_from_db()
    assert engagement.summary["en"] == "A later word."
