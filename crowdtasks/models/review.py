"""What officers decided on somebody's part in a campaign, and what that person said to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy


class Verdict(models.TextChoices):
    ACCEPT = "accept", pgettext_lazy("of a task", "Accept it")
    DECLINE = "decline", pgettext_lazy("of a task", "Decline it")


class Review(models.Model):
    """One decision; append-only. The second one, if any, is on an appeal and by somebody else."""

    claim = models.ForeignKey("crowdtasks.Claim", on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    #: Why it was declined, as written; the person reads it.
    reason = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10)
    on_appeal = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The officer's person, who stays when the account goes: nobody decides twice on one matter.
    decided_by = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    AUDITED_FIELDS = ("claim_id", "verdict", "reason", "on_appeal", "decided_by_id", "at")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "on_appeal"], name="claim_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.verdict}"


class Appeal(models.Model):
    """What somebody said to a declined task; another officer reads it."""

    claim = models.OneToOneField(
        "crowdtasks.Claim", primary_key=True, on_delete=models.PROTECT, related_name="appeal"
    )
    text = models.TextField()
    language = models.CharField(max_length=10)
    at = models.DateTimeField()

    AUDITED_FIELDS = ("claim_id", "text", "at")

    def __str__(self) -> str:
        return str(self.claim_id)
