"""The code that proves a contribution is in the register, and one for a person's votes."""

from django.db import models
from django.db.models import Q

from core.ids import receipt_code


class Receipt(models.Model):
    """128 bits; whoever holds the code may read where the contribution stands, nothing more.

    ``contribution`` empty means the receipt for all statement votes of this person here.
    """

    code = models.CharField(max_length=32, unique=True, default=receipt_code, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="receipts"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="receipts"
    )
    contribution = models.OneToOneField(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="receipt",
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "person"],
                condition=Q(contribution__isnull=True),
                name="one_vote_receipt_a_person",
            ),
            models.CheckConstraint(
                condition=Q(contribution__isnull=False) | Q(person__isnull=False),
                name="receipt_is_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
