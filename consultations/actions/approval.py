"""A paper's way to the public: sent, approved by a second officer, opened (decision 4 and 14).

A sending is bound to the revisions the approver reads. With the central gate on, an administrator
approves after the bureau.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from accounts.models import Account, Role
from accounts.policies import accounts_with
from consultations.actions.paper import check_publishable, latest_revisions, publish_paper
from consultations.checklist import missing
from consultations.models import Submission, SubmissionState
from consultations.policies import can_decide, can_write_papers
from consultations.questions import definition_of_page, summary
from core import audit, clock, limits
from core.exceptions import Conflict, DomainError, Invalid, Refused
from core.models import PlatformSettings
from core.text import clean_text
from notifications.actions import notify
from participation import faces
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from participation.models.pages import FacePage

NOTE_LIMIT = 500


def _locked(engagement: Engagement) -> Engagement:
    return (
        Engagement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=engagement.pk)
    )


def approvers_for(engagement: Engagement, author: Account) -> list[Account]:
    """Who could approve what ``author`` sends: the bureau's approvers without the author."""
    found = accounts_with(Role.APPROVER, engagement.owner)
    return [account for account in found if account.person_id != author.person_id]


def check_approvers(approvers: list[Account]) -> None:
    """Raise ``Conflict`` where what is sent would lie with nobody."""
    if not approvers:
        raise Conflict(
            _(
                "Nobody else in the bureau may approve. "
                "Ask an administrator to make a colleague approver."
            ),
            code="no_approver",
        )


@transaction.atomic
def submit_paper(*, page: FacePage, by: Account, note: str = "") -> Submission:
    """Send the newest drafts of the three languages for approval and tell the approvers.

    Raises ``Refused`` for other bureaux, ``Conflict`` when it waits already, ``Invalid`` for the
    first thing missing (``field``) or when nobody else could approve, ``TooMany``.
    """
    limits.spend("desk_step", by.public_id)
    found = page.engagement
    if found is None:
        raise Conflict(_("Save it first."))
    engagement = _locked(found)
    if not can_write_papers(by, engagement.owner):
        raise Refused
    if engagement.submissions.waiting().exists():
        raise Conflict(_("It waits for approval already."))
    draft = page.get_latest_revision_as_object()
    for step in missing(draft, engagement):
        raise Invalid(step.sentence, field=step.field, code="step_missing")
    approvers = approvers_for(engagement, by)
    check_approvers(approvers)
    submission = Submission.objects.create(
        engagement=engagement,
        revisions=latest_revisions(page),
        submitted_by=by,
        submitted_at=clock.now(),
        note=clean_text(note, max_length=NOTE_LIMIT, field="note", required=False),
    )
    # A hidden approval that has not opened yet is overtaken by this one.
    engagement.submissions.filter(state=SubmissionState.APPROVED).update(
        state=SubmissionState.TAKEN_BACK, decided_at=clock.now()
    )
    _record("paper.submit", by, submission)
    _ask(submission, draft, approvers, gate=False)
    return submission


def _ask(submission: Submission, draft: FacePage, to: list[Account], *, gate: bool) -> None:
    author = submission.submitted_by
    notify(
        kind="approval-wanted",
        event_key=f"approval-wanted:{submission.public_id}:{'gate' if gate else 'bureau'}",
        to=to,
        params={
            "title": _texts(submission, draft, "title"),
            "noun": faces.nouns_of(submission.engagement, closes_at=draft.closes_at),
            "bureau": submission.engagement.owner.name,
            "author": author.get_full_name() if author else "-",
            "opens_at": draft.opens_at,
            "closes_at": draft.closes_at,
            "summary": _texts(submission, draft, "summary"),
            "response_due": draft.response_due,
            "note": submission.note,
            "gate": "yes" if gate else "",
            "change": "yes" if submission.engagement.published_at else "",
            **_questions(draft),
        },
        path=f"/cms/desk/review/{submission.public_id}/",
    )


def _questions(draft: FacePage) -> dict[str, int]:
    if faces.of_page(draft).kind != DEFAULT_KIND:
        return {}
    found = summary(definition_of_page(draft))
    return {"questions": found.asked, "minutes": found.minutes} if found.asked else {}


def _texts(submission: Submission, draft: FacePage, field: str) -> dict[str, str]:
    """A field of the paper in each language that was sent."""
    revisions = Revision.objects.in_bulk(submission.revisions.values())
    found = {
        language: text
        for language, number in submission.revisions.items()
        if number in revisions and (text := revisions[number].content[field])
    }
    return found or {draft.language: getattr(draft, field)}


@transaction.atomic
def take_back(*, submission: Submission, by: Account) -> Submission:
    """The author's bureau takes it back to go on writing. Raises ``TooMany``."""
    limits.spend("desk_step", by.public_id)
    _locked(submission.engagement)
    submission = _waiting(submission)
    if not can_write_papers(by, submission.engagement.owner):
        raise Refused
    submission.state = SubmissionState.TAKEN_BACK
    submission.decided_at = clock.now()
    submission.save(update_fields=["state", "decided_at"])
    _record("paper.take_back", by, submission)
    return submission


def _waiting(submission: Submission) -> Submission:
    row = (
        Submission.objects.waiting()
        .select_for_update(of=("self",))
        .select_related("engagement__owner", "submitted_by")
        .filter(pk=submission.pk)
        .first()
    )
    if row is None:
        raise Conflict(_("It does not wait any more. Somebody has decided."))
    return row


def source_page(engagement: Engagement) -> Any:
    """The page the others follow."""
    return faces.of_kind(engagement.kind).page_class._default_manager.get(
        translation_key=engagement.translation_key,
        locale__language_code=engagement.source_language,
    )


def _decidable(submission: Submission, by: Account) -> Submission:
    limits.spend("desk_step", by.public_id)
    _locked(submission.engagement)
    row = _waiting(submission)
    # One person may hold two accounts.
    if row.submitted_by is not None and row.submitted_by.person_id == by.person_id:
        raise Refused(_("Somebody else must approve what you sent."))
    if not can_decide(by, row):
        raise Refused(_("Only an approver of the bureau can do this."))
    return row


@transaction.atomic
def approve_paper(*, submission: Submission, by: Account) -> Submission:
    """Approve what was read. Opens it (or, with the central gate, passes it on).

    Raises ``Refused`` for the author and others without the role, ``Conflict`` when it was decided
    or changed meanwhile, and whatever publishing would refuse; nothing is half-published.
    """
    submission = _decidable(submission, by)
    engagement = submission.engagement
    page = source_page(engagement)
    if submission.revisions != latest_revisions(page):
        raise Conflict(_("It was changed since it was sent, so it must be sent again."))
    draft = page.get_latest_revision_as_object()
    writers = Revision.objects.filter(pk__in=submission.revisions.values())
    if writers.filter(user__person_id=by.person_id).exists():
        raise Refused(_("Somebody else must approve what you wrote."))
    now = clock.now()
    if submission.state == SubmissionState.WAITING:
        submission.approved_by, submission.approved_at = by, now
        if PlatformSettings.load().central_gate:
            check_publishable(page, draft, engagement)
            submission.state = SubmissionState.GATE
            submission.save()
            _record("paper.approve", by, submission)
            administrators = [
                one
                for one in accounts_with(Role.ADMINISTRATOR)
                if one.pk not in {by.pk, submission.submitted_by_id}
            ]
            _ask(submission, draft, administrators, gate=True)
            return submission
    else:
        submission.gate_by = by
    submission.decided_at = now
    hidden = draft.hidden_until_open and draft.opens_at is not None and draft.opens_at > now
    if hidden and engagement.published_at is None:
        submission.languages = check_publishable(page, draft, engagement)
        submission.state = SubmissionState.APPROVED
    else:
        publish_paper(page=page, by=by, revisions=submission.revisions)
        submission.state = SubmissionState.PUBLISHED
    submission.save()
    _record("paper.approve", by, submission)
    _tell_author("approved", submission, draft, by)
    return submission


@transaction.atomic
def send_back(*, submission: Submission, note: str, by: Account) -> Submission:
    """Return it to its author with a note that says what to change."""
    submission = _decidable(submission, by)
    submission.note = clean_text(note, max_length=NOTE_LIMIT, field="note")
    submission.state = SubmissionState.SENT_BACK
    submission.decided_at = clock.now()
    submission.save()
    _record("paper.send_back", by, submission)
    draft = source_page(submission.engagement).get_latest_revision_as_object()
    _tell_author("sent-back", submission, draft, by)
    return submission


def _tell_author(kind: str, submission: Submission, draft: FacePage, by: Account) -> None:
    author = submission.submitted_by
    if author is None:
        return
    params = {
        "title": _texts(submission, draft, "title"),
        "noun": faces.nouns_of(submission.engagement, closes_at=draft.closes_at),
        "bureau": submission.engagement.owner.name,
        "by": by.get_full_name(),
    }
    if kind == "approved":
        coming = draft.opens_at is not None and draft.opens_at > clock.now()
        params["opens_at"] = draft.opens_at if coming else None
    else:
        params["note"] = submission.note
    notify(
        kind=kind,
        event_key=f"{kind}:{submission.public_id}",
        to=[author],
        params=params,
        path=f"/cms/desk/{submission.engagement.public_id}/",
    )


def open_hidden() -> int:
    """Open the approved papers that were kept hidden and whose time has come; how many opened.

    Each in a transaction of its own; one that cannot open any more goes back to its author.
    """
    opened = 0
    for submission in Submission.objects.filter(state=SubmissionState.APPROVED):
        opened += _open_one(submission)
    return opened


@transaction.atomic
def _open_one(submission: Submission) -> bool:
    _locked(submission.engagement)
    row = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("engagement__owner", "approved_by", "submitted_by")
        .filter(pk=submission.pk, state=SubmissionState.APPROVED)
        .first()
    )
    if row is None:
        return False
    page = source_page(row.engagement)
    source = Revision.objects.get(pk=row.revisions[row.engagement.source_language])
    opens_at = source.as_object().opens_at
    if opens_at is None or opens_at > clock.now():
        return False
    try:
        with transaction.atomic():
            # What is drafted since then is judged when it is sent itself.
            publish_paper(
                page=page, by=row.approved_by, revisions=row.revisions, complete=row.languages
            )
    except DomainError as error:
        row.state, row.note = SubmissionState.SENT_BACK, str(error)[:NOTE_LIMIT]
        row.save()
        _record("paper.send_back", None, row)
        if row.approved_by is not None:
            _tell_author("sent-back", row, page.get_latest_revision_as_object(), row.approved_by)
        return False
    row.state = SubmissionState.PUBLISHED
    row.save()
    _record("paper.open", None, row)
    return True


def _record(verb: str, by: Account | None, submission: Submission) -> None:
    audit.record(
        verb,
        actor=by or audit.SYSTEM,
        engagement_id=submission.engagement.public_id,
        subject=submission.public_id,
        rows=[submission],
    )
