"""What a jury's scores came to."""

from __future__ import annotations

from django.db import models


class JuryResult(models.Model):
    """Made once, when the jury is closed; it stands, and is public with the contest's result."""

    contest = models.OneToOneField(
        "ideas.Contest", primary_key=True, on_delete=models.PROTECT, related_name="jury_result"
    )
    closed_at = models.DateTimeField()
    #: What the lots among equals are drawn from (``ideas.scoring.lot_of``).
    seed = models.CharField(max_length=32)
    jurors = models.PositiveSmallIntegerField()

    AUDITED_FIELDS = ("contest_id", "closed_at", "seed", "jurors")

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

    AUDITED_FIELDS = (
        "result_id",
        "idea_id",
        "jurors",
        "normal",
        "plain",
        "place",
        "plain_place",
        "decided_by",
    )

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["result", "place"], name="jury_place_once"),
            models.UniqueConstraint(fields=["result", "plain_place"], name="jury_plain_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.place}"
