"""What officers decided on somebody's part in a campaign, and what that person said to it."""

from __future__ import annotations

from django.db import models

from crowdtasks.models.part import Decision, Objection, Verdict

__all__ = ["Appeal", "Review", "Verdict"]


class Review(Decision):
    """One decision on a part in a campaign."""

    claim = models.ForeignKey("crowdtasks.Claim", on_delete=models.PROTECT, related_name="reviews")

    AUDITED_FIELDS = ("claim_id", "verdict", "reason", "on_appeal", "decided_by_id", "at")

    class Meta(Decision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["claim", "on_appeal"], name="claim_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.verdict}"


class Appeal(Objection):
    """What somebody said to a declined task; another officer reads it."""

    claim = models.OneToOneField(
        "crowdtasks.Claim", primary_key=True, on_delete=models.PROTECT, related_name="appeal"
    )

    AUDITED_FIELDS = ("claim_id", "text", "at")

    def __str__(self) -> str:
        return str(self.claim_id)
