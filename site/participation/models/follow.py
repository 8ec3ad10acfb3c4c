"""Following an engagement or a bureau, with an account or by a confirmed address."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import receipt_code


class Follow(models.Model):
    """One subscription. By address it counts only once ``confirmed_at`` is set (double opt-in).

    ``token`` is the one-click unsubscribe and the confirmation. Ended rows of an account stay with
    it; those by address go after a while (``actions.follows.sweep_follows``).
    """

    engagement = models.ForeignKey(
        "participation.Engagement",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="follows",
    )
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.CASCADE, related_name="follows"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="follows",
    )
    address = models.EmailField(max_length=254, blank=True, default="")
    address_canonical = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    token = models.CharField(max_length=32, unique=True, default=receipt_code, editable=False)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("engagement_id", "bureau_id", "account_id", "confirmed_at", "ended_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=False, bureau__isnull=True)
                | Q(engagement__isnull=True, bureau__isnull=False),
                name="follow_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False, address="")
                | (Q(account__isnull=True) & ~Q(address="")),
                name="follow_names_one_reader",
            ),
            models.UniqueConstraint(
                fields=["engagement", "account"],
                condition=Q(ended_at__isnull=True, account__isnull=False, engagement__isnull=False),
                name="follow_engagement_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "account"],
                condition=Q(ended_at__isnull=True, account__isnull=False, bureau__isnull=False),
                name="follow_bureau_once",
            ),
            models.UniqueConstraint(
                fields=["engagement", "address_canonical"],
                condition=Q(ended_at__isnull=True, account__isnull=True, engagement__isnull=False),
                name="follow_engagement_address_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "address_canonical"],
                condition=Q(ended_at__isnull=True, account__isnull=True, bureau__isnull=False),
                name="follow_bureau_address_once",
            ),
        ]

    def __str__(self) -> str:
        return f"follow {self.pk}"
