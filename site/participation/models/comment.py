"""Comments hang on threads; rooms hang their own rows on the same threads."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

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


class Side(models.TextChoices):
    """What a comment says of what it is on, where the thread takes sides."""

    FOR = "for", pgettext_lazy("side", "For")
    AGAINST = "against", pgettext_lazy("side", "Against")
    THOUGHT = "thought", pgettext_lazy("side", "Question or thought")


def label_of(side: str) -> str | Promise:
    """A side in the reader's words; '' for none."""
    return Side(side).label if side in Side.values else ""


class Comment(models.Model):
    """The comment's own part; its text, state and author are the contribution's.

    One level of reply: ``parent`` is a comment without a parent (checked by the action).
    ``official`` marks the bureau's own reply. ``paper_version`` is what the author read.
    ``side`` is that of the version that counts (``SideTaken``), kept here for lists to filter by;
    '' for replies, where the thread takes none, and for what was brought in from elsewhere.
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
    side = models.CharField(max_length=8, choices=Side.choices, blank=True, default="")

    AUDITED_FIELDS = ("contribution_id", "thread_id", "parent_id", "official", "paper_version")

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(official=False) | models.Q(bureau__isnull=False),
                name="official_reply_names_bureau",
            ),
            models.CheckConstraint(
                condition=models.Q(side="")
                | models.Q(side__in=["for", "against", "thought"], parent__isnull=True),
                name="comment_side_possible",
            ),
        ]
        indexes = [models.Index(fields=["thread", "parent"])]

    def __str__(self) -> str:
        return str(self.contribution_id)

    def side_at(self, number: int) -> str:
        """The side of a version: the one last taken up to it; '' for none. ``sides`` may be
        prefetched.
        """
        taken = [row.side for row in self.sides.all() if row.number <= number]
        return taken[-1] if taken else ""


class SideTaken(models.Model):
    """The side a comment took from this version of its entry on; append-only, and proved.

    A version that says nothing of it has the side of the one before.
    """

    comment = models.ForeignKey(
        "participation.Comment", on_delete=models.CASCADE, related_name="sides"
    )
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)

    AUDITED_FIELDS = ("comment_id", "number", "side")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="side_once")]

    def __str__(self) -> str:
        return f"{self.comment_id} v{self.number} {self.side}"


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
