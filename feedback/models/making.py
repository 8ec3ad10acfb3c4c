"""A report that is being made: what the officer who waits for it sees."""

from django.conf import settings
from django.db import models

from core.ids import public_id


class MakingState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Making(models.Model):
    """One job: freeze a report (or take ``snapshot``, frozen before), then make its files.

    ``percent`` is written while it runs, outside the reads' transaction. Files are made in
    ``language``, or in all three where it is empty (at the close). ``without_pdf`` is noted where
    the libraries that write PDF are not installed.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.CASCADE, related_name="+"
    )
    snapshot = models.ForeignKey(
        "feedback.Snapshot", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=8, default="asked")
    language = models.CharField(max_length=10, blank=True, default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=MakingState.choices, default=MakingState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    without_pdf = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One report at the close, whoever asks for it and how often.
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(reason="close"),
                name="report_made_once_at_close",
            )
        ]
        indexes = [models.Index(fields=["state", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.state} {self.percent}%"
