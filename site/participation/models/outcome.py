"""What came of it: for each target what was asked, heard and decided, approved by a second officer.

An outcome may be published in two steps: first what was heard, later what was decided. What stands
in public is never rewritten: items heard are sealed, a published outcome is closed.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id


class OutcomeStep(models.TextChoices):
    """What was sent for approval."""

    HEARD = "heard", _("What we heard")
    OUTCOME = "outcome", _("The outcome")


class Outcome(models.Model):
    """One an engagement. Public from ``published_at``; approved by another than its author.

    ``text`` is the answer in short, by language; the first outcomes had nothing else. ``heard_at``
    is when the items with ``heard_at`` became public, before anything was decided. ``revision``
    grows with every change of the text, an item or a quote: an approver says which was read.
    """

    engagement = models.OneToOneField(
        "participation.Engagement", on_delete=models.PROTECT, related_name="outcome"
    )
    text = models.JSONField(default=dict)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_step = models.CharField(
        max_length=8, choices=OutcomeStep.choices, blank=True, default=""
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_back_note = models.CharField(max_length=500, blank=True, default="")
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    # What stood here when the first entries were written: their digests are of these fields.
    AUDITED_FIELDS = ("engagement_id", "text", "approved_by_id", "published_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="outcome_approved_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"outcome {self.engagement_id}"


class Verdict(models.TextChoices):
    """What became of what was asked or said."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Adopted in part")
    NOT_ADOPTED = "not-adopted", _("Not adopted")
    NOTED = "noted", _("Noted")


class OutcomeItem(models.Model):
    """One target of the outcome: asked, said, decided, why, what changes and when.

    The target is what a room registered (``participation.outcome_targets``): ``target_kind`` and
    the opaque ``target_key``. ``figures`` are frozen when they are pulled: ``{"as_at": ISO,
    "rows": [{"key", "value", "of", "label"}], "sealed": bool}``. Taken out, an item keeps its row.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    outcome = models.ForeignKey(
        "participation.Outcome", on_delete=models.PROTECT, related_name="items"
    )
    order = models.PositiveIntegerField(default=0)
    target_kind = models.CharField(max_length=12)
    target_key = models.CharField(max_length=40, blank=True, default="")
    asked = models.JSONField(default=dict, blank=True)
    said = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True, default="")
    decided = models.JSONField(default=dict, blank=True)
    why = models.JSONField(default=dict, blank=True)
    change = models.JSONField(default=dict, blank=True)
    change_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    #: When asked, said, figures and quotes of this item became public: they stand from then on.
    heard_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "outcome_id",
        "order",
        "target_kind",
        "target_key",
        "asked",
        "said",
        "figures",
        "verdict",
        "decided",
        "why",
        "change",
        "change_on",
        "heard_at",
        "removed_at",
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "target_kind", "target_key"],
                condition=Q(removed_at__isnull=True),
                name="outcome_item_once",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Citation(models.Model):
    """A contribution an item rests on, quoted in public while its text is public.

    The text is read from the contribution when it is shown, never copied: what is withheld or
    withdrawn later is gone from here too. ``part`` is the public id of one answer of a response,
    empty for a comment or statement.
    """

    item = models.ForeignKey(
        "participation.OutcomeItem", on_delete=models.CASCADE, related_name="citations"
    )
    contribution = models.ForeignKey(
        "participation.Contribution", on_delete=models.CASCADE, related_name="citations"
    )
    part = models.CharField(max_length=16, blank=True, default="")
    order = models.PositiveIntegerField(default=0)

    AUDITED_FIELDS = ("item_id", "contribution_id", "part")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "contribution", "part"], name="cited_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.contribution_id}"
