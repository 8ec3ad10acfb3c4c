"""What publishing a contest writes beside its engagement: categories, criteria, rules.

Later parts hang here too: the ballot (one for each contest, its choices child rows), jurors and
their scores, awards. See docs/adr.
"""

from django.db import models


class Contest(models.Model):
    """One contest, or a standing ideas box; phases, dates and levels are the engagement's."""

    engagement = models.OneToOneField(
        "participation.Engagement",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="contest",
    )
    standing = models.BooleanField(default=False)

    AUDITED_FIELDS = ("engagement_id", "standing")

    def __str__(self) -> str:
        return str(self.engagement_id)


class Listed(models.Model):
    """One row for each block id, texts by language; retired, never deleted (decision 1)."""

    block_id = models.CharField(max_length=40)
    name = models.JSONField(default=dict)
    order = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["order", "id"]


class Category(Listed):
    """What ideas are sorted into; ``key`` stands in addresses."""

    contest = models.ForeignKey(
        "ideas.Contest", on_delete=models.PROTECT, related_name="categories"
    )
    key = models.CharField(max_length=16)

    AUDITED_FIELDS = ("contest_id", "key", "name", "retired_at")

    class Meta(Listed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["contest", "block_id"], name="category_block_once"),
            models.UniqueConstraint(fields=["contest", "key"], name="category_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Criterion(Listed):
    """What ideas are judged by. ``weight`` in per cent; those not retired make 100."""

    contest = models.ForeignKey("ideas.Contest", on_delete=models.PROTECT, related_name="criteria")
    detail = models.JSONField(default=dict)
    weight = models.PositiveSmallIntegerField()

    AUDITED_FIELDS = ("contest_id", "block_id", "name", "detail", "weight", "retired_at")

    class Meta(Listed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["contest", "block_id"], name="criterion_block_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="criterion_weight_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.block_id


class RulesVersion(models.Model):
    """The rules as they stood from an instant on, with their fingerprint; append-only.

    The version that stands at the opening is the one people entered under; each later one came
    with a public notice.
    """

    contest = models.ForeignKey("ideas.Contest", on_delete=models.PROTECT, related_name="rules")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    rules = models.JSONField()
    #: SHA-256 of the rules in one written form, in hexadecimal (``ideas.rules.fingerprint``).
    fingerprint = models.CharField(max_length=64)

    AUDITED_FIELDS = ("contest_id", "number", "at", "fingerprint")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="rules_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} v{self.number}"
