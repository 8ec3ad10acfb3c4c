"""Rows that publishing writes from a paper's blocks, one for each block id (decision 1)."""

from django.db import models


class Chapter(models.Model):
    """A chapter's heading. ``anchor`` comes from the block id, never from the number."""

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="chapters"
    )
    block_id = models.CharField(max_length=36)
    anchor = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    number = models.CharField(max_length=12)
    title = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("engagement_id", "block_id", "order", "number", "title", "retired_at")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "block_id"], name="chapter_once"),
            models.UniqueConstraint(fields=["engagement", "anchor"], name="chapter_anchor_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Paragraph(models.Model):
    """A numbered paragraph that can be quoted and commented on, in all languages at once.

    ``text`` holds sanitised HTML by language; ``version`` is the paper version that last changed
    it. Retired, never deleted: comments on it stay readable.
    """

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="paragraphs"
    )
    chapter = models.ForeignKey(
        "consultations.Chapter", on_delete=models.PROTECT, related_name="paragraphs"
    )
    thread = models.OneToOneField(
        "participation.Thread", on_delete=models.PROTECT, related_name="paragraph"
    )
    block_id = models.CharField(max_length=36)
    anchor = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    number = models.CharField(max_length=12)
    text = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("engagement_id", "block_id", "order", "number", "text", "version")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "block_id"], name="paragraph_once"),
            models.UniqueConstraint(fields=["engagement", "anchor"], name="paragraph_anchor_once"),
        ]

    def __str__(self) -> str:
        return self.number


class PaperVersion(models.Model):
    """A public version: 1 at opening, one more for each change of a paragraph after it."""

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="paper_versions"
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    #: Anchors of what changed: {"changed": [...], "added": [...], "removed": [...]}.
    changes = models.JSONField(default=dict)

    AUDITED_FIELDS = ("engagement_id", "number", "at", "changes")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="paper_version_once")
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class ParagraphVersion(models.Model):
    """A paragraph's text as it stood from a paper version on."""

    paragraph = models.ForeignKey(
        "consultations.Paragraph", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField()
    text = models.JSONField(default=dict)

    AUDITED_FIELDS = ("paragraph_id", "number", "text")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "number"], name="paragraph_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.paragraph_id} v{self.number}"
