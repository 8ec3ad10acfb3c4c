"""When each periodic job last ran."""

from __future__ import annotations

from django.db import models


class ScheduleRun(models.Model):
    """One row for each periodic job; taken by a conditional UPDATE, see ``core.schedule``."""

    name = models.CharField(max_length=100, primary_key=True)
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=1000, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name
