"""What a jury's scores came to, and the reasons that are published with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class JuryResult(models.Model):
    """Made once, when the jury is closed; places stand from then on, reasons until approval."""

    contest = models.OneToOneField(
        "ideas.Contest", primary_key=True, on_delete=models.PROTECT, related_name="jury_result"
    )
    closed_at = models.DateTimeField()
    #: What the lots among equals are drawn from (``ideas.scoring.lot_of``).
    seed = models.CharField(max_length=32)
    jurors = models.PositiveSmallIntegerField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("contest_id", "closed_at", "seed", "jurors", "sent_at", "published_at")

    def __str__(self) -> str:
        return str(self.contest_id)


class JuryPlace(models.Model):
    """Where an idea stands: normalised (``place``) and without normalisation (``plain_place``)."""

    result = models.ForeignKey("ideas.JuryResult", on_delete=models.CASCADE, related_name="places")
    idea = models.OneToOneField("ideas.Idea", on_delete=models.CASCADE, related_name="jury_place")
    jurors = models.PositiveSmallIntegerField()
    normal = models.DecimalField(max_digits=8, decimal_places=4)
    plain = models.DecimalField(max_digits=8, decimal_places=4)
    place = models.PositiveIntegerField()
    plain_place = models.PositiveIntegerField()
    decided_by = models.CharField(max_length=10, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")

    AUDITED_FIELDS = (
        "result_id",
        "idea_id",
        "jurors",
        "normal",
        "plain",
        "place",
        "plain_place",
        "decided_by",
        "reason",
    )

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["result", "place"], name="jury_place_once"),
            models.UniqueConstraint(fields=["result", "plain_place"], name="jury_plain_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.place}"
