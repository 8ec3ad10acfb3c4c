"""Every fetch of a paper or statement at an edge: hidden and absent look the same (decision 3)."""

from __future__ import annotations

from typing import Any

from accounts.models import Account
from consultations.models import (
    ConsultationIndexPage,
    ConsultationPage,
    Statement,
    Submission,
)
from consultations.policies import can_read_papers, can_write_papers
from core.exceptions import Absent
from core.ids import is_public_id
from participation import faces
from participation.access import access_engagement_of
from participation.models import Engagement


def access_paper(
    public_id: str, account: Account | None, *, write: bool = False, kind: str = ""
) -> tuple[Engagement, Any]:
    """An own bureau's page in any state, with its source version. Raises ``Absent`` otherwise.

    ``kind`` narrows to one kind of engagement, for what the desk does with papers alone.
    """
    engagement = Engagement.objects.select_related("owner").filter(public_id=public_id).first()
    may = can_write_papers if write else can_read_papers
    if engagement is None or not may(account, engagement.owner):
        raise Absent
    if kind and engagement.kind != kind:
        raise Absent
    page = (
        faces.of_kind(engagement.kind)
        .page_class._default_manager.select_related("locale", "latest_revision")
        .filter(
            translation_key=engagement.translation_key,
            locale__language_code=engagement.source_language,
        )
        .first()
    )
    if page is None:
        raise Absent
    return engagement, page


def access_submission(public_id: str, account: Account | None) -> tuple[Submission, Any]:
    """A sending of an own bureau's paper (administrators: of any)."""
    submission = (
        Submission.objects.select_related("engagement__owner", "submitted_by", "approved_by")
        .filter(public_id=public_id)
        .first()
    )
    if submission is None:
        raise Absent
    _engagement, page = access_paper(submission.engagement.public_id, account)
    return submission, page


def access_statement(engagement: Engagement, public_id: object) -> Statement:
    """A statement of this engagement that takes votes, with its ballot. Raises Absent.

    ``statement.ballot.engagement`` is the engagement given, so that its phases are not read twice.
    """
    if not is_public_id(public_id):
        raise Absent
    row = (
        Statement.objects.select_related("ballot")
        .filter(engagement=engagement, public_id=public_id, state="published")
        .filter(retired_at=None)
        .first()
    )
    if row is None:
        raise Absent
    row.ballot.engagement = engagement
    row.ballot.statement = row
    return row


def access_index(language: str) -> ConsultationIndexPage:
    """The live page of the register in that language. Raises Absent."""
    page = (
        ConsultationIndexPage.objects.live()
        .select_related("locale")
        .filter(locale__language_code=language, url_path__endswith="/consultations/")
        .first()
    )
    if page is None:
        raise Absent
    return page


def access_public_paper(
    bureau: str, slug: str, language: str
) -> tuple[ConsultationPage, Engagement]:
    """The live page at ``/<language>/consultations/<bureau>/<slug>/`` and its engagement.

    Raises Absent for drafts, unpublished and unknown ones.
    """
    page = (
        ConsultationPage.objects.live()
        .select_related("locale", "cover")
        .filter(
            locale__language_code=language,
            slug=slug,
            url_path__endswith=f"/consultations/{bureau}/{slug}/",
        )
        .first()
    )
    if page is None:
        raise Absent
    return page, access_engagement_of(page)
