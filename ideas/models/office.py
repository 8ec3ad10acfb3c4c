"""What the bureau decides on ideas: screened, merged, how far each has come. Append-only rows.

The idea keeps the newest beside what lists filter by (``screened``, ``merged_into``, ``status``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import public_id
from ideas.models.idea import IdeaStatus, Screened


class Decided(models.Model):
    """An officer's act on an idea, in public: when, and in what words."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The officer's own sentence, in ``language``.
    sentence = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10)

    class Meta:
        abstract = True
        ordering = ["at", "id"]


class Screening(Decided):
    """One decision of screening; ``reason`` is a ready one (``ideas.reasons``) or ''.

    ``number`` is the version that was read; ``until`` the exclusive end of the time to complete it.
    """

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="screenings")
    verdict = models.CharField(max_length=10, choices=Screened.choices)
    reason = models.CharField(max_length=20, blank=True, default="")
    number = models.PositiveIntegerField()
    until = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("idea_id", "at", "verdict", "reason", "sentence", "number", "until")

    class Meta(Decided.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="complete", until__isnull=False)
                | (~Q(verdict="complete") & Q(until__isnull=True)),
                name="time_to_complete_is_stated",
            ),
            models.CheckConstraint(
                condition=Q(verdict="accepted") | ~Q(reason="", sentence=""),
                name="screening_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} {self.verdict}"


class Merge(models.Model):
    """An idea led on to another of the same contest, from ``at`` until it was undone."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey("ideas.Idea", on_delete=models.PROTECT, related_name="led")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("idea_id", "into_id", "at", "undone_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["idea"], condition=Q(undone_at__isnull=True), name="merged_once"
            ),
            models.CheckConstraint(condition=~Q(idea=models.F("into")), name="merged_into_another"),
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} into {self.into_id}"


class OfficialReply(Decided):
    """What a bureau says to an idea in its own name, marked so; ``sentence`` may be long."""

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="replies")
    bureau = models.ForeignKey("accounts.Bureau", on_delete=models.PROTECT, related_name="+")

    AUDITED_FIELDS = ("idea_id", "bureau_id", "at", "sentence")

    def __str__(self) -> str:
        return f"{self.idea_id} {self.public_id}"


class StatusChange(Decided):
    """A step of an idea on its way, with the reason; the public timeline is made of these.

    A step that the contest's result took (``result``) has its reason in other languages too.
    """

    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=12, choices=IdeaStatus.choices)
    #: The same sentence by language, where there are several.
    sentences = models.JSONField(default=dict, blank=True)
    result = models.ForeignKey(
        "ideas.ContestResult",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steps",
    )

    AUDITED_FIELDS = ("idea_id", "at", "status", "sentence")

    def __str__(self) -> str:
        return f"{self.idea_id} {self.status}"

    @property
    def said(self) -> dict[str, str]:
        """The reason by language."""
        return self.sentences or {self.language: self.sentence}
