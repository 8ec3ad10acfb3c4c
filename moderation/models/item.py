"""What waits in the queue. Targets are known by registered kind and opaque id only."""

from django.db import models

from core.ids import public_id
from moderation.querysets import ItemQuerySet


class ItemState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DECIDED = "decided", "Decided"
    DROPPED = "dropped", "Dropped"


class Item(models.Model):
    """One thing a moderator must look at.

    ``urgent_at`` is the close of the engagement (soonest-closing first); ``bureau_code`` and
    ``engagement_id`` (opaque) let the queue be filtered without knowing the models. ``reason`` is
    why it waits: policy (before publication), report, edit, name. ``version`` is what was looked
    at: a decision on an older version is refused as a conflict.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=32)
    author_id = models.CharField(max_length=16, blank=True, default="")
    engagement_id = models.CharField(max_length=16, blank=True, default="")
    bureau_code = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=16, default="policy")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.WAITING)
    created_at = models.DateTimeField()
    urgent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reports = models.PositiveIntegerField(default=0)

    AUDITED_FIELDS = ("kind", "target_id", "reason", "version", "state")

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"],
                condition=models.Q(state="waiting"),
                name="item_waits_once",
            )
        ]
        indexes = [models.Index(fields=["state", "urgent_at", "created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"
