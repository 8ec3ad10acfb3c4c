"""Searches that people keep, and what was found for them since (docs/adr/0065)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id, receipt_code


class Every(models.TextChoices):
    """How often somebody is told of what is new for a search."""

    SOON = "soon", _("As it appears")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    OFF = "off", _("Not at all")


class SavedQuestion(models.Model):
    """One question with its filters, however many people keep it: what is new is looked for once.

    ``key`` is what makes it one in every script, width and case; ``facets`` are values by facet;
    ``read_as`` tells by which analysis and which synonyms its tokens were chosen. Gone with the
    last who kept it.
    """

    key = models.CharField(max_length=64, unique=True)
    text = models.CharField(max_length=200)
    facets = models.JSONField(default=dict)
    read_as = models.CharField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return f"question {self.pk}"


class SavedToken(models.Model):
    """What every text that answers the question holds: this token, or another of the question's.

    The rarest of what is asked, so that a new text leads to few questions.
    """

    question = models.ForeignKey(SavedQuestion, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "token"], name="saved_token_once")
        ]

    def __str__(self) -> str:
        return f"token of question {self.question_id}"


class SavedSearch(models.Model):
    """A question as somebody keeps it. ``words`` as they typed it; once a person and question.

    ``token`` is the one-click end of its notices. ``from_document`` was the last document there
    when it was saved, ``told_hit`` the last hit that was told of. ``due_at``: when what waits is
    to be told; null where nothing waits.
    """

    AUDITED_FIELDS = ("public_id", "account_id", "question_id", "every")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    question = models.ForeignKey(SavedQuestion, on_delete=models.PROTECT, related_name="searches")
    words = models.CharField(max_length=200)
    sort = models.CharField(max_length=16)
    every = models.CharField(max_length=8, choices=Every.choices)
    token = models.CharField(max_length=32, unique=True, default=receipt_code, editable=False)
    created_at = models.DateTimeField()
    from_document = models.BigIntegerField(default=0)
    told_hit = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "question"], name="saved_search_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="saved_search_due"
            )
        ]

    def __str__(self) -> str:
        return f"saved search {self.public_id}"


class SavedHit(models.Model):
    """Something new that answers a question. Kept until everybody was told, and a while longer.

    ``document`` is the last of its documents; ``since`` the last time before at which everything
    public was known, whether anything arrived then or not: it was not there yet.
    """

    question = models.ForeignKey(SavedQuestion, on_delete=models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    document = models.BigIntegerField()
    since = models.DateTimeField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "kind", "object_id"], name="saved_hit_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} for question {self.question_id}"


class SearchArrival(models.Model):
    """That something was found to be public for the first time: it is new once, however often it
    is changed, hidden and shown again.

    One row, without a kind, says when everything public was last known.
    """

    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_arrival_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
