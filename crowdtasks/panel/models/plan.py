"""Whom an invited round invites: the plan, the draw with all that makes it again, its places."""

from __future__ import annotations

from django.db import models

from core.ids import public_id
from crowdtasks.panel.cells import By


class Turn(models.Model):
    """One row that all draws lock, one after the other: the limit of invitations is counted over
    all bureaux, and two draws at once would not see one another's."""

    AUDITED_FIELDS = ("id",)

    def __str__(self) -> str:
        return str(self.pk)


class Plan(models.Model):
    """Whom a round shall invite. ``quota`` counts people by cell; ``narrowed`` says who alone is
    drawn from: ``{"districts": […], "languages": […], "assistive": […]}``, any one of each list.

    ``opened_at``: when the round was opened to everybody instead, for the reason ``opened_why``.
    """

    round = models.OneToOneField(
        "products.Round", primary_key=True, on_delete=models.PROTECT, related_name="plan"
    )
    by = models.CharField(max_length=8, choices=By.choices, default=By.AGE)
    quota = models.JSONField(default=dict, blank=True)
    narrowed = models.JSONField(default=dict, blank=True)
    answer_days = models.PositiveSmallIntegerField(default=7)
    saved_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_why = models.CharField(max_length=12, blank=True, default="")

    AUDITED_FIELDS = (
        "round_id",
        "by",
        "quota",
        "narrowed",
        "answer_days",
        "opened_at",
        "opened_why",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=True, opened_why="")
                | (models.Q(opened_at__isnull=False) & ~models.Q(opened_why="")),
                name="plan_opened_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.round_id)

    @property
    def total(self) -> int:
        """How many people shall be invited."""
        return sum(self.quota.values())


class Draw(models.Model):
    """A sample that was drawn, with all that makes it again. Written once, never changed.

    ``frame`` are keys made for this draw alone, each with its cells: ``[[key, [cell, …]], …]``.
    Nobody is in it by name; who leaves the panel can no longer be found by their key.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    plan = models.OneToOneField("panel.Plan", on_delete=models.PROTECT, related_name="draw")
    method = models.CharField(max_length=40)
    seed = models.CharField(max_length=64)
    #: Whether an officer named the seed (drawn in public, say), or it was made at the draw.
    seed_given = models.BooleanField(default=False)
    by = models.CharField(max_length=8, choices=By.choices)
    quota = models.JSONField()
    narrowed = models.JSONField(default=dict, blank=True)
    answer_days = models.PositiveSmallIntegerField()
    frame = models.JSONField()
    frame_size = models.PositiveIntegerField()
    frame_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    #: When it was noted who had accepted and did not come.
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "plan_id",
        "method",
        "seed",
        "seed_given",
        "by",
        "quota",
        "narrowed",
        "frame_size",
        "frame_digest",
        "at",
    )

    def __str__(self) -> str:
        return self.public_id


class Seat(models.Model):
    """One of the places a quota counts. At most one invitation holds it at a time."""

    draw = models.ForeignKey("panel.Draw", on_delete=models.PROTECT, related_name="seats")
    cell = models.CharField(max_length=40)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "cell", "number"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.cell} {self.number}"
