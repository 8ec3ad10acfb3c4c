"""The anchor of participation: what a page is the face of (decision 1)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import public_id
from participation.querysets import EngagementQuerySet

#: The kind where none is named. Rooms have kinds of their own, each with a page that is its face
#: (``participation.faces``); nothing here depends on which there are.
DEFAULT_KIND = "consultation"


class EngagementState(models.TextChoices):
    """What officers made of it. Whether it is open is told by time alone (``stages.stage``)."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ModerationPolicy(models.TextChoices):
    BEFORE = "before", "Before publication"
    AFTER = "after", "After publication"


class ResultsFrom(models.TextChoices):
    LIVE = "live", "While open"
    CLOSE = "close", "At the close"
    OUTCOME = "outcome", "With the outcome"


def default_levels() -> dict[str, int]:
    """Least level for each verb; anyone may never vote (decision 5)."""
    return {"comment": 1, "support": 1, "statement": 1, "vote": 1, "answer": 1, "submit": 1}


class Engagement(models.Model):
    """One time-boxed activity of one owning bureau, one row for its three language pages.

    Made with the first saved draft of the page; the schedule is written by publishing through
    ``actions.engagement.publish_engagement`` only. ``opens_at`` is inclusive and ``closes_at``
    exclusive, both instants; "until 31 December" is closes_at = 1 January 00:00 Hong Kong.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=16)
    state = models.CharField(
        max_length=12, choices=EngagementState.choices, default=EngagementState.DRAFT
    )
    owner = models.ForeignKey(
        "accounts.Bureau", on_delete=models.PROTECT, related_name="engagements"
    )
    partners = models.ManyToManyField(
        "accounts.Bureau", blank=True, related_name="partnered_engagements"
    )
    translation_key = models.UUIDField(unique=True, null=True, blank=True)
    source_language = models.CharField(max_length=10, default="en")
    title = models.JSONField(default=dict)
    #: Chinese titles and headings by themselves, with a mark between words (core.segments).
    title_words = models.JSONField(default=dict, blank=True)
    summary = models.JSONField(default=dict)
    file_number = models.CharField(max_length=60, blank=True, default="")
    topics = models.JSONField(default=list, blank=True)
    districts = models.JSONField(default=list, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    response_due = models.DateField(null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(default=30)
    levels = models.JSONField(default=default_levels)
    moderation_policy = models.CharField(
        max_length=8, choices=ModerationPolicy.choices, default=ModerationPolicy.BEFORE
    )
    results_from = models.CharField(
        max_length=8, choices=ResultsFrom.choices, default=ResultsFrom.LIVE
    )
    #: Public path of each language version, kept by the page: {"en": "/en/consultations/..."}.
    paths = models.JSONField(default=dict, blank=True)
    #: Printed wherever imported data is shown.
    attribution = models.JSONField(default=dict, blank=True)
    import_source = models.CharField(max_length=80, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "kind",
        "state",
        "owner_id",
        "opens_at",
        "closes_at",
        "response_due",
        "grace_minutes",
        "levels",
        "moderation_policy",
        "results_from",
    )

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="engagement_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="published_engagement_has_dates",
            ),
            models.UniqueConstraint(
                fields=["import_source"],
                condition=~Q(import_source=""),
                name="engagement_imported_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"])]

    def __str__(self) -> str:
        from core.texts import pick

        return pick(self.title).text or self.public_id


class Phase(models.Model):
    """A named window that says which verbs are open. Nothing outside a phase is allowed."""

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.CASCADE, related_name="phases"
    )
    key = models.CharField(max_length=20)
    verbs = models.JSONField(default=list)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    AUDITED_FIELDS = ("engagement_id", "key", "verbs", "opens_at", "closes_at")

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="phase_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="phase_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PublicNotice(models.Model):
    """Something announced about an engagement after opening: extended, corrected, changed."""

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="public_notices"
    )
    kind = models.CharField(max_length=20)
    text = models.JSONField(default=dict)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    AUDITED_FIELDS = ("engagement_id", "kind", "text", "data", "at")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.kind
