"""What is in stock: one row for each thing that can be given, sealed codes among them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import public_id
from crowdtasks.rewards.querysets import UnitQuerySet
from crowdtasks.rewards.sealing import SEALED_MAXIMUM


class Batch(models.Model):
    """Units that came into stock together: a file of codes, or a number of things.

    ``guarded``: an administrator said that the supplier guards these codes by a list and a limit of
    its own, so they may be short. ``withdrawn_at``: what was left of it then may not be given any
    more.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    reward = models.ForeignKey("rewards.Reward", on_delete=models.PROTECT, related_name="batches")
    has_codes = models.BooleanField()
    guarded = models.BooleanField(default=False)
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "reward_id",
        "has_codes",
        "guarded",
        "count",
        "at",
        "withdrawn_at",
    )

    def __str__(self) -> str:
        return self.public_id


class Unit(models.Model):
    """One thing that can be given once: a voucher with its sealed code, or a prize on a shelf.

    ``sealed`` is the code encrypted and ``digest`` its keyed digest (``rewards.sealing``); both are
    empty for prizes, and for units of an outside supplier until it has answered. ``taken_at`` is
    set by the redemption that takes it and never unset: what comes back into stock is a new row.
    """

    reward = models.ForeignKey("rewards.Reward", on_delete=models.PROTECT, related_name="units")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="units")
    sealed = models.CharField(max_length=SEALED_MAXIMUM, blank=True, default="", editable=False)
    digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    taken_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    # Not the sealed form: it changes with the key and says nothing.
    AUDITED_FIELDS = ("reward_id", "batch_id", "digest", "taken_at", "void_at")

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed="", digest__isnull=True)
                | (~Q(sealed="") & Q(digest__isnull=False)),
                name="unit_code_has_digest",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(void_at__isnull=True),
                name="unit_taken_or_void",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reward", "id"],
                condition=Q(taken_at__isnull=True, void_at__isnull=True),
                name="unit_free",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
