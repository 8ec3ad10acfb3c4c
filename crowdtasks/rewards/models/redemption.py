"""What a person got for points, and each time a code was shown."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from crowdtasks.rewards.querysets import RedemptionQuerySet
from crowdtasks.rewards.sealing import SEALED_MAXIMUM

#: How often the code of one redemption is shown, each time behind a sign-in of its own.
SHOWINGS_MAXIMUM = 3


class RedemptionState(models.TextChoices):
    #: An outside supplier was asked and what it did is unknown.
    WAITING = "waiting", _("Waiting for the supplier")
    GIVEN = "given", _("Given")
    RESERVED = "reserved", _("Reserved")
    READY = "ready", _("Ready to collect")
    COLLECTED = "collected", _("Collected")
    EXPIRED = "expired", _("Not collected in time")
    REFUNDED = "refunded", _("Points returned")


class Redemption(models.Model):
    """Points spent on one unit of a reward.

    ``key`` is the form's: a second press is the same redemption. ``slot`` counts the person's own
    of this reward from 1; it is given up with a refund, and unique, so that a limit a person holds
    whatever comes at once. ``entry_key`` and ``refund_key`` are the ledger's. The collection code
    of a prize is kept sealed too.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    reward = models.ForeignKey(
        "rewards.Reward", on_delete=models.PROTECT, related_name="redemptions"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField("rewards.Unit", on_delete=models.PROTECT, related_name="redemption")
    points = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RedemptionState.choices)
    key = models.CharField(max_length=80, unique=True)
    slot = models.PositiveIntegerField(null=True, blank=True)
    entry_key = models.CharField(max_length=80, unique=True)
    refund_key = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()
    #: Of a prize: the sealed collection code, when it was laid out, and until when it is kept.
    slip_sealed = models.CharField(
        max_length=SEALED_MAXIMUM, blank=True, default="", editable=False
    )
    slip_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    ready_at = models.DateTimeField(null=True, blank=True)
    collect_by = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Of a supplier's code: how often it was asked, and when it is asked next.
    asked = models.PositiveIntegerField(default=0)
    ask_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")

    AUDITED_FIELDS = (
        "public_id",
        "reward_id",
        "person_id",
        "unit_id",
        "points",
        "state",
        "entry_key",
        "refund_key",
        "at",
        "ready_at",
        "collected_at",
        "ended_at",
        "reason",
    )

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "person", "slot"],
                condition=Q(slot__isnull=False),
                name="redemption_slot_once",
            ),
            models.UniqueConstraint(
                fields=["refund_key"], condition=~Q(refund_key=""), name="redemption_refund_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RedemptionState.values), name="redemption_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RedemptionState.REFUNDED) | ~Q(refund_key=""),
                name="redemption_refund_named",
            ),
            models.CheckConstraint(
                condition=~Q(state=RedemptionState.COLLECTED) | Q(collected_at__isnull=False),
                name="redemption_collected_when",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="redemption_of_person"),
            models.Index(
                fields=["ask_at"],
                condition=Q(state=RedemptionState.WAITING),
                name="redemption_to_ask",
            ),
            models.Index(
                fields=["collect_by"],
                condition=Q(state__in=[RedemptionState.RESERVED, RedemptionState.READY]),
                name="redemption_to_collect",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def points_back(self) -> bool:
        """Whether its points were returned."""
        return self.refund_key != ""


class Showing(models.Model):
    """One time that the code of a redemption was shown; never changed, never taken away.

    ``sign_in`` is when the session signed in: one showing a sign-in, by the constraint.
    """

    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, related_name="showings")
    number = models.PositiveSmallIntegerField()
    sign_in = models.DateTimeField()
    at = models.DateTimeField()

    AUDITED_FIELDS = ("redemption_id", "number", "sign_in", "at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redemption", "number"], name="showing_numbered"),
            models.UniqueConstraint(fields=["redemption", "sign_in"], name="showing_a_sign_in"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=SHOWINGS_MAXIMUM), name="showing_few"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.redemption_id} {self.number}"
