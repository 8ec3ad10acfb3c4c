"""What came of it; the first cut is a text, approved by a second officer, with a date."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Outcome(models.Model):
    """One an engagement. Public from ``published_at``; approved by another than its author."""

    engagement = models.OneToOneField(
        "participation.Engagement", on_delete=models.PROTECT, related_name="outcome"
    )
    text = models.JSONField(default=dict)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_back_note = models.CharField(max_length=500, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    AUDITED_FIELDS = ("engagement_id", "text", "approved_by_id", "published_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="outcome_approved_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"outcome {self.engagement_id}"
