"""A decision with its reason; append-only."""

from django.conf import settings
from django.db import models

from core.ids import public_id


class Decision(models.Model):
    """Publish or withhold, by whom, under which house rule, with a free sentence if any.

    ``rule`` is the id of a house rule (``r1``...) or empty for publish. ``sentence`` is told to
    the author and never shown in public. A later decision supersedes an earlier one.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    item = models.ForeignKey("moderation.Item", on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=32)
    verdict = models.CharField(
        max_length=8, choices=[("publish", "Publish"), ("withhold", "Withhold")]
    )
    rule = models.CharField(max_length=8, blank=True, default="")
    sentence = models.CharField(max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    AUDITED_FIELDS = ("public_id", "kind", "target_id", "verdict", "rule", "version", "decided_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="publish") | ~models.Q(rule=""),
                name="withholding_names_rule",
            )
        ]
        indexes = [models.Index(fields=["kind", "target_id"])]

    def __str__(self) -> str:
        return f"{self.verdict} {self.target_id}"
