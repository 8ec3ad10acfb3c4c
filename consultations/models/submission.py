"""A paper sent for approval: with whom it lies, since when, what became of it.

Wagtail's workflows approve one page in one language; a paper is three pages that open together,
so the state is our own: one row for each sending.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import BaseLock

from core.ids import public_id
from participation.approving import Approvals


class SubmissionState(models.TextChoices):
    WAITING = "waiting", _("With the bureau's approvers")
    GATE = "gate", _("With the administrators")
    APPROVED = "approved", _("Approved, opens hidden")
    PUBLISHED = "published", _("Published")
    SENT_BACK = "sent-back", _("Sent back")
    TAKEN_BACK = "taken-back", _("Taken back")


OPEN_STATES = (SubmissionState.WAITING, SubmissionState.GATE)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def waiting(self) -> SubmissionQuerySet:
        """Not decided yet, by the bureau or by the central gate."""
        return self.filter(state__in=OPEN_STATES)

    def waiting_for(self, translation_key: UUID) -> Submission | None:
        return self.waiting().filter(engagement__translation_key=translation_key).first()

    def names(self, *, translation_key: UUID, revision: int) -> bool:
        """Whether a sending of the paper, decided or not, is bound to this revision."""
        sent = self.filter(engagement__translation_key=translation_key)
        return any(
            revision in numbers.values() for numbers in sent.values_list("revisions", flat=True)
        )


class Submission(models.Model):
    """One sending of a paper, bound to the very revisions the approver reads."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="submissions"
    )
    #: Revision primary keys by language: {"en": 12, "zh-hant": 13, "zh-hans": 14}.
    revisions = models.JSONField(default=dict)
    #: The versions that lacked nothing when it was approved to open later; they open, whatever is
    #: drafted meanwhile.
    languages = models.JSONField(default=list)
    state = models.CharField(
        max_length=12, choices=SubmissionState.choices, default=SubmissionState.WAITING
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    gate_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")

    AUDITED_FIELDS = (
        "public_id",
        "engagement_id",
        "revisions",
        "languages",
        "state",
        "submitted_by_id",
        "approved_by_id",
        "gate_by_id",
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(state__in=["waiting", "gate"]),
                name="paper_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="paper_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class ApprovalLock(BaseLock):
    """Holds the editor shut while a paper waits for approval."""

    def __init__(self, page: Any, submission: Submission) -> None:
        super().__init__(page)
        self.submission = submission

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return gettext("It waits for approval. Take it back on the desk to go on writing.")

    def get_locked_by(self, user: Any) -> str:
        return gettext("Sent for approval")

    def get_description(self, user: Any) -> str:
        return self.get_message(user)


def _lock_of(page: Any) -> ApprovalLock | None:
    waiting = Submission.objects.waiting_for(page.translation_key)
    return ApprovalLock(page, waiting) if waiting else None


def _is_bound(translation_key: UUID, revision: int) -> bool:
    return Submission.objects.names(translation_key=translation_key, revision=revision)


#: What the pages of engagements ask of the desk.
approvals = Approvals(_lock_of, _is_bound)
