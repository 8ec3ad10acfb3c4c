"""A response being written: kept on the server, never in the register until it is submitted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import receipt_code
from questionnaires.querysets import DraftQuerySet


class Route(models.TextChoices):
    """Two ways over one model: the key questions alone, or all."""

    KEY = "key", _("Key questions")
    WHOLE = "whole", _("All questions")


class Draft(models.Model):
    """What somebody has answered so far. The ``token`` opens it, and nothing else does.

    It stands in the session of one visit. A mailed link has a secret of its own (``DraftLink``);
    opening it changes the token, so that one visit at a time holds the draft. ``answers`` maps a
    question's ``block_id`` to the kind's JSON value. ``revision`` grows with each save, so that
    two tabs notice each other. ``response`` is set while a submitted response is being changed,
    and once the draft was submitted (``submitted_at``), so that a second submit finds the first.
    ``begun_at`` decides the grace; it is never changed.
    """

    token = models.CharField(max_length=32, unique=True, default=receipt_code, editable=False)
    questionnaire = models.ForeignKey(
        "questionnaires.Questionnaire", on_delete=models.PROTECT, related_name="drafts"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    route = models.CharField(max_length=8, choices=Route.choices, default=Route.WHOLE)
    language = models.CharField(max_length=10)
    answers = models.JSONField(default=dict)
    #: By question: the questionnaire's edition whose words stood on the page that was answered.
    seen = models.JSONField(default=dict, blank=True)
    #: What the check page asked: capacity, organisation, publish choice, alias.
    signing = models.JSONField(default=dict, blank=True)
    #: Block ids of sections the writer has passed; the task list shows them as done.
    passed = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    response = models.ForeignKey(
        "questionnaires.Response",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="drafts",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(answers={}),
                name="submitted_draft_is_empty",
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
