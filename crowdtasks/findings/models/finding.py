"""A finding: an entry of the register, and what a board of findings is filtered by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ids import public_id
from crowdtasks.findings.querysets import FindingQuerySet


class Severity(models.TextChoices):
    """How bad it is, as who found it says; the worst first."""

    STOPPED = "stopped", _("I could not go on")
    HARD = "hard", _("I got on, but only with a way round or with help")
    HINDERED = "hindered", _("It held me up a little")
    SMALL = "small", _("A small thing, such as a spelling mistake")


class Triage(models.TextChoices):
    """Where a finding stands with the bureau."""

    NEW = "new", pgettext_lazy("of a finding", "New")
    CONFIRMED = "confirmed", pgettext_lazy("of a finding", "Confirmed")
    PLANNED = "planned", pgettext_lazy("of a finding", "Planned")
    MENDED = "mended", pgettext_lazy("of a finding", "Mended")
    DECLINED = "declined", pgettext_lazy("of a finding", "Will not be mended")


class Finding(models.Model):
    """Text, state of publication, language and author are the contribution's; nothing is edited.

    ``engagement`` is where it was reported: a round, or the product itself. ``attempt`` is the try
    it came from, which says whose it is where nobody was signed in.

    ``mended_version`` is the version of the build that mends it, as the bureau named it;
    ``mended_in`` that build, from the moment it is public. ``merged_into`` is the finding it was
    put to, ``lead`` the one at the end of that chain, which is triaged for all. ``search`` is
    folded (``core.text.fold``).
    """

    contribution = models.OneToOneField(
        "participation.Contribution",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="finding",
    )
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="findings"
    )
    product = models.ForeignKey(
        "products.Product", on_delete=models.PROTECT, related_name="findings"
    )
    build = models.ForeignKey(
        "products.Build",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
    )
    step = models.ForeignKey(
        "products.Step",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="findings",
    )
    #: The number the step had then: until somebody tries a round its steps may be numbered anew.
    #: None for those from before it was kept.
    step_number = models.PositiveSmallIntegerField(null=True, blank=True)
    attempt = models.ForeignKey(
        "products.Attempt",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="findings",
    )
    #: The officer who wrote it down while watching somebody.
    observer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    happened = models.TextField()
    expected = models.TextField(blank=True, default="")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    device = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=Triage.choices, default=Triage.NEW)
    mended_version = models.CharField(max_length=40, blank=True, default="")
    mended_in = models.ForeignKey(
        "products.Build",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mended_findings",
    )
    reason = models.TextField(blank=True, default="")
    reason_language = models.CharField(max_length=10, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_findings"
    )
    lead = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="led_findings"
    )
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = models.TextField(blank=True, default="")

    AUDITED_FIELDS = (
        "contribution_id",
        "engagement_id",
        "product_id",
        "build_id",
        "step_id",
        "happened",
        "expected",
        "severity",
        "device",
        "state",
        "mended_version",
        "mended_in_id",
        "reason",
        "merged_into_id",
        "lead_id",
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["product", "lead", "state", "received_at"]),
            models.Index(fields=["engagement", "state"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(happened=""), name="finding_says_what_happened"),
            models.CheckConstraint(
                condition=(Q(state="mended") & ~Q(mended_version=""))
                | (~Q(state="mended") & Q(mended_version="", mended_in__isnull=True)),
                name="finding_mended_names_a_build",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="finding_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, lead__isnull=True)
                | Q(merged_into__isnull=False, lead__isnull=False),
                name="finding_merged_has_a_lead",
            ),
            models.CheckConstraint(
                condition=~Q(lead=F("contribution")) & ~Q(merged_into=F("contribution")),
                name="finding_leads_not_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.happened[:60]

    @property
    def public_id(self) -> str:
        """The entry's."""
        return self.contribution.public_id

    @property
    def asked_step(self) -> int | None:
        """The number of the step it was reported at, as the report named it."""
        if self.step_number is not None or self.step is None:
            return self.step_number
        return self.step.order

    @property
    def title(self) -> str:
        """Its first line, for lists."""
        return self.happened.split("\n", 1)[0]


class Change(models.Model):
    """One step on the board; append-only."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    finding = models.ForeignKey(
        "findings.Finding", on_delete=models.CASCADE, related_name="changes"
    )
    state = models.CharField(max_length=10, choices=Triage.choices)
    version = models.CharField(max_length=40, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    AUDITED_FIELDS = ("public_id", "finding_id", "state", "version", "reason", "at")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.state}"
