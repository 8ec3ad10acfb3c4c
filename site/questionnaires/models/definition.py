"""What is asked. Publishing writes these rows from blocks, one for each block id (decision 1).

Texts are by language. Nothing is deleted: a question is retired, an option is closed. From the
first submitted response (``Questionnaire.frozen_at``) no wording changes any more.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id


class QuestionKind(models.TextChoices):
    """Each has one class in ``questionnaires.kinds``; a test holds the two lists equal."""

    ONE = "one", _("One choice")
    SEVERAL = "several", _("Several choices")
    SCALE = "scale", _("Scale")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    CONSENT = "consent", _("Statement of consent")
    INFORMATION = "information", _("Information page")


class Questionnaire(models.Model):
    """One set of questions of an engagement. ``key`` tells several apart."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    engagement = models.ForeignKey(
        "participation.Engagement", on_delete=models.PROTECT, related_name="questionnaires"
    )
    key = models.CharField(max_length=20, default="main")
    intro = models.JSONField(default=dict, blank=True)
    organisations = models.BooleanField(default=True)
    ask_about_you = models.BooleanField(default=True)
    #: When the first response was submitted: wording stands from then on.
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    #: Kept by publishing for lists: questions asked, and whole minutes for all and for the key ones
    #: (none: no key questions).
    asked = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=0)
    key_minutes = models.PositiveSmallIntegerField(default=0)
    #: Grows with each publication that changes words, which is possible until ``frozen_at``.
    edition = models.PositiveIntegerField(default=1)

    AUDITED_FIELDS = (
        "public_id",
        "engagement_id",
        "key",
        "intro",
        "organisations",
        "ask_about_you",
        "frozen_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="questionnaire_once")
        ]

    def __str__(self) -> str:
        return self.public_id


class Section(models.Model):
    """A page of questions under one heading."""

    questionnaire = models.ForeignKey(
        "questionnaires.Questionnaire", on_delete=models.PROTECT, related_name="sections"
    )
    block_id = models.CharField(max_length=36)
    order = models.PositiveIntegerField()
    title = models.JSONField(default=dict)
    intro = models.JSONField(default=dict, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("questionnaire_id", "block_id", "order", "title", "intro", "retired_at")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "block_id"], name="section_once")
        ]

    def __str__(self) -> str:
        return self.block_id


class Question(models.Model):
    """One question. ``block_id`` is its key in conditions and drafts, ``anchor`` in addresses.

    ``settings`` are the kind's own (least, most, labels of a scale, unit, limits of choices).
    ``condition`` is ``{"join": "all"|"any", "tests": [{"question": block_id, "test": name,
    "values": [...]}]}`` on earlier questions, or empty. ``number`` counts from 1 without
    information pages and is for reading only.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    questionnaire = models.ForeignKey(
        "questionnaires.Questionnaire", on_delete=models.PROTECT, related_name="questions"
    )
    section = models.ForeignKey(
        "questionnaires.Section", on_delete=models.PROTECT, related_name="questions"
    )
    block_id = models.CharField(max_length=36)
    anchor = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    title = models.JSONField(default=dict)
    hint = models.JSONField(default=dict, blank=True)
    background = models.JSONField(default=dict, blank=True)
    required = models.BooleanField(default=False)
    #: Why an answer is required, shown to citizens; never empty where ``required``.
    reason = models.JSONField(default=dict, blank=True)
    is_key = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)
    condition = models.JSONField(default=dict, blank=True)
    #: The questionnaire's edition in which its words, or its section's, last changed.
    edition = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "questionnaire_id",
        "block_id",
        "order",
        "kind",
        "title",
        "hint",
        "required",
        "is_key",
        "settings",
        "condition",
        "retired_at",
    )

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "block_id"], name="question_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "anchor"], name="question_anchor_once"
            ),
            models.CheckConstraint(
                condition=Q(required=False) | ~Q(reason={}), name="required_question_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.block_id


class Option(models.Model):
    """One choice of a question of kind 'one' or 'several'. Closed, never removed."""

    question = models.ForeignKey(
        "questionnaires.Question", on_delete=models.PROTECT, related_name="options"
    )
    block_id = models.CharField(max_length=36)
    order = models.PositiveIntegerField()
    label = models.JSONField(default=dict)
    #: 'Other': asks for a few words.
    other = models.BooleanField(default=False)
    #: Stands alone ('None of these'): cannot be chosen together with others.
    alone = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("question_id", "block_id", "order", "label", "other", "alone", "closed_at")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["question", "block_id"], name="option_once")]

    def __str__(self) -> str:
        return self.block_id
