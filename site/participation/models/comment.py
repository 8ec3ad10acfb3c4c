"""Comments hang on threads; rooms hang their own rows on the same threads."""

from django.db import models

from core.ids import public_id
from participation.register import CommentQuerySet


class Thread(models.Model):
    """What a comment is on: a paragraph, an idea, or the whole engagement (``key`` 'whole').

    Rooms point to it by a OneToOne (``consultations.Paragraph.thread``), so comments need no
    generic relation. ``key`` stands in addresses and never changes; a thread is retired, never
    deleted.
    """

    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="threads"
    )
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, default="whole")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "key"], name="thread_once")]

    def __str__(self) -> str:
        return self.key


class Comment(models.Model):
    """The comment's own part; its text, state and author are the contribution's.

    One level of reply: ``parent`` is a comment without a parent (checked by the action).
    ``official`` marks the bureau's own reply. ``paper_version`` is what the author read.
    """

    contribution = models.OneToOneField(
        "participation.Contribution",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="comment",
    )
    thread = models.ForeignKey(
        "participation.Thread", on_delete=models.PROTECT, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    official = models.BooleanField(default=False)
    bureau = models.ForeignKey(
        "accounts.Bureau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    paper_version = models.PositiveIntegerField(default=1)

    AUDITED_FIELDS = ("contribution_id", "thread_id", "parent_id", "official", "paper_version")

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(official=False) | models.Q(bureau__isnull=False),
                name="official_reply_names_bureau",
            )
        ]
        indexes = [models.Index(fields=["thread", "parent"])]

    def __str__(self) -> str:
        return str(self.contribution_id)


class Support(models.Model):
    """'I agree with this': one a person and comment."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    comment = models.ForeignKey(
        "participation.Comment", on_delete=models.CASCADE, related_name="supports"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="support_once")]

    def __str__(self) -> str:
        return self.public_id
