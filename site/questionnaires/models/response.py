"""A submitted response and its answers. The entry of the register is the contribution."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from questionnaires.models.draft import Route
from questionnaires.querysets import AnswerQuerySet, ResponseQuerySet


class Capacity(models.TextChoices):
    INDIVIDUAL = "individual", _("As an individual")
    ORGANISATION = "organisation", _("For an organisation")


class TextState(models.TextChoices):
    """Of one text that its author agreed to publish; the response's own state is not touched."""

    NONE = "none", "Nothing to publish"
    HELD = "held", "Held"
    PUBLISHED = "published", "Published"
    WITHHELD = "withheld", "Withheld"


class Response(models.Model):
    """One entry: who answered in which capacity. Its state and publish choice are the entry's.

    One live response a person, questionnaire and capacity, by constraint; a response without a
    person (an engagement that 'anyone' may answer) makes no such promise. ``live`` ends when the
    entry is withdrawn. ``signature_state`` is for the alias or the organisation's name.
    """

    contribution = models.OneToOneField(
        "participation.Contribution",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="response",
    )
    questionnaire = models.ForeignKey(
        "questionnaires.Questionnaire", on_delete=models.PROTECT, related_name="responses"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    capacity = models.CharField(
        max_length=12, choices=Capacity.choices, default=Capacity.INDIVIDUAL
    )
    organisation = models.CharField(max_length=200, blank=True, default="")
    route = models.CharField(max_length=8, choices=Route.choices, default=Route.WHOLE)
    signature_state = models.CharField(
        max_length=10, choices=TextState.choices, default=TextState.NONE
    )
    live = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()

    AUDITED_FIELDS = (
        "contribution_id",
        "questionnaire_id",
        "person_id",
        "capacity",
        "organisation",
        "route",
        "live",
        "level",
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "person", "capacity"],
                condition=Q(live=True, person__isnull=False),
                name="one_live_response",
            ),
            models.CheckConstraint(
                condition=Q(capacity="individual", organisation="")
                | (Q(capacity="organisation") & ~Q(organisation="")),
                name="organisation_is_named",
            ),
        ]
        indexes = [models.Index(fields=["questionnaire", "live"])]

    def __str__(self) -> str:
        return str(self.contribution_id)


class Answer(models.Model):
    """One answer to one question; which columns hold it is the kind's affair.

    Choices are ``AnswerChoice`` rows. ``text`` is what was typed (also beside 'other').
    ``state`` is of that text alone: held until a moderator cleared it, where it is to be public.
    ``public_id`` stays the same over edits: it stands in links to single answers.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    response = models.ForeignKey(
        "questionnaires.Response", on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        "questionnaires.Question", on_delete=models.PROTECT, related_name="answers"
    )
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True, default="")
    #: ``core.fold.fold`` of the text, for distinct texts and groups of alike ones.
    folded = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.NONE)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "response_id",
        "question_id",
        "number",
        "date",
        "text",
        "state",
        "version",
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]
        indexes = [models.Index(fields=["question", "state", "published_at"])]

    def __str__(self) -> str:
        return self.public_id


class AnswerChoice(models.Model):
    """One option that was chosen."""

    answer = models.ForeignKey(
        "questionnaires.Answer", on_delete=models.CASCADE, related_name="choices"
    )
    option = models.ForeignKey(
        "questionnaires.Option", on_delete=models.PROTECT, related_name="choices"
    )

    AUDITED_FIELDS = ("answer_id", "option_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "option"], name="answer_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.option_id}"


class AboutYou(models.Model):
    """Demographics, asked after the submit and never needed; figures only, never beside a name.

    ``facts`` maps a fact's key to a choice of ``questionnaires.about_you``, 'prefer-not' among
    them.
    """

    response = models.OneToOneField(
        "questionnaires.Response",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="about_you",
    )
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    AUDITED_FIELDS = ("response_id", "facts")

    def __str__(self) -> str:
        return str(self.response_id)
