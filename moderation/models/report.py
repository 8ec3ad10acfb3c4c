"""'Report' on a public text: it raises, it never hides."""

from django.conf import settings
from django.db import models


class Report(models.Model):
    """One report by one reader; signed-in readers once a target, others by a daily address key."""

    kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=32)
    rule = models.CharField(max_length=8, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reporter_key = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id", "reporter_key"], name="report_once_a_reader"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"
