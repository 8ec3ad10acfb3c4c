"""One thing that points can be spent on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from crowdtasks.rewards.querysets import RewardQuerySet

#: The dearest reward, and the most that one person may be allowed of one.
POINTS_MAXIMUM = 1_000_000
PER_PERSON_MAXIMUM = 100


class RewardKind(models.TextChoices):
    VOUCHER = "voucher", _("Voucher")
    PRIZE = "prize", _("Prize to collect")


class RewardState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OFFERED = "offered", _("Offered")
    WITHDRAWN = "withdrawn", _("Taken out")


class Reward(models.Model):
    """What is offered, for how many points, to whom how often, and until when.

    Texts stand by language. ``bureau`` offers it and, for a prize, hands it out at its counter.
    ``supplier`` names an outside supplier of codes (``rewards.suppliers``), ``product`` what it
    calls the thing; a voucher without one takes its codes from imported batches.
    ``closes_at`` is exclusive. What is in stock are rows (``Unit``), never a number here.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    bureau = models.ForeignKey("accounts.Bureau", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RewardKind.choices)
    state = models.CharField(max_length=10, choices=RewardState.choices, default=RewardState.DRAFT)
    name = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    collect_at = models.JSONField(default=dict)
    picture = models.ForeignKey(
        "core.MediaImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    picture_alt = models.JSONField(default=dict)
    points = models.PositiveIntegerField()
    per_person = models.PositiveSmallIntegerField(null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    supplier = models.CharField(max_length=40, blank=True, default="")
    product = models.CharField(max_length=80, blank=True, default="")
    #: Days that a prize is kept for who reserved it, and whether its points come back after them.
    collect_days = models.PositiveSmallIntegerField(default=30)
    returns_uncollected = models.BooleanField(default=True)
    #: Administrators are told once when no more than this are left.
    low_at = models.PositiveIntegerField(default=10)
    low_told = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    #: How many can be given now; there after ``with_left``.
    left: int

    AUDITED_FIELDS = (
        "public_id",
        "bureau_id",
        "kind",
        "state",
        "name",
        "summary",
        "terms",
        "collect_at",
        "picture_alt",
        "points",
        "per_person",
        "opens_at",
        "closes_at",
        "supplier",
        "product",
        "collect_days",
        "returns_uncollected",
    )

    objects = RewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=POINTS_MAXIMUM), name="reward_costs_points"
            ),
            models.CheckConstraint(
                condition=Q(per_person__isnull=True)
                | Q(per_person__gte=1, per_person__lte=PER_PERSON_MAXIMUM),
                name="reward_limit_a_person",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="reward_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(supplier="") | Q(kind=RewardKind.VOUCHER),
                name="reward_supplier_of_vouchers",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RewardKind.values), name="reward_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RewardState.values), name="reward_state_known"
            ),
            models.CheckConstraint(condition=Q(collect_days__gte=1), name="reward_collect_days"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_prize(self) -> bool:
        """Whether it is a thing handed out at a counter."""
        return self.kind == RewardKind.PRIZE
