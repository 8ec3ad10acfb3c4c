"""Written first, signed in last: what a visitor typed, kept until it is submitted."""

from django.db import models

from core.ids import receipt_code


class PendingAct(models.Model):
    """A comment, reply or proposed statement typed before signing in.

    The ``token`` is kept in the visitor's session and nowhere else; the row is swept after
    ``expires_at``. Completing it names the contribution, so a second submit finds the first.
    """

    token = models.CharField(max_length=32, unique=True, default=receipt_code, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=12)
    payload = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    contribution = models.ForeignKey(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
