"""The report sent to the bureau, and who received it."""

from django.conf import settings
from django.db import models

from core.ids import public_id


class Delivery(models.Model):
    """The report frozen at the close went out to the bureau and its partners, once.

    ``owed_by`` is the last day on which acknowledging is in time; ``chased_at`` when the head of
    the list was told that nobody has.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    snapshot = models.OneToOneField(
        "feedback.Snapshot", on_delete=models.PROTECT, related_name="delivery"
    )
    delivered_at = models.DateTimeField()
    recipients = models.PositiveIntegerField(default=0)
    owed_by = models.DateField()
    chased_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("public_id", "snapshot_id", "delivered_at", "recipients", "owed_by")

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return self.public_id


class Acknowledgement(models.Model):
    """One officer received it by name, for all of them. The name is for colleagues only."""

    delivery = models.OneToOneField(
        "feedback.Delivery", primary_key=True, on_delete=models.PROTECT, related_name="received"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=60)
    bureau = models.ForeignKey("accounts.Bureau", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    # The account goes when it is closed; who it was stands in the entry as its actor.
    AUDITED_FIELDS = ("delivery_id", "name", "bureau_id", "at")

    def __str__(self) -> str:
        return self.name
