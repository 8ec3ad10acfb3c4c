"""Who judges a contest, with what interests, and what each thinks of each idea."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import public_id
from ideas.scoring import HIGHEST, LOWEST


class Juror(models.Model):
    """A seat on the jury of one contest. It names the person, so two accounts are one juror.

    Appointed by e-mail, the seat waits for its invitation to be accepted; until then it has no
    person. Ended, never deleted: ``ended_at`` takes the right and the scores out of the count.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    contest = models.ForeignKey("ideas.Contest", on_delete=models.PROTECT, related_name="jurors")
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="jury_seats",
    )
    invitation = models.ForeignKey(
        "accounts.Invitation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    appointed_at = models.DateTimeField()
    #: When the conflicts of interest were declared; "none" is a declaration too.
    declared_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "public_id",
        "contest_id",
        "person_id",
        "declared_at",
        "submitted_at",
        "ended_at",
    )

    class Meta:
        ordering = ["appointed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "person"],
                condition=Q(person__isnull=False, ended_at__isnull=True),
                name="juror_sits_once",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(declared_at__isnull=False),
                name="juror_declared_before_submitting",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Interest(models.Model):
    """A conflict of interest that a juror declared with an idea; taken back by nobody."""

    juror = models.ForeignKey("ideas.Juror", on_delete=models.CASCADE, related_name="interests")
    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="interests")
    #: For the chair alone; may be empty.
    reason = models.CharField(max_length=500, blank=True, default="")
    declared_at = models.DateTimeField()

    AUDITED_FIELDS = ("juror_id", "idea_id", "declared_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "idea"], name="interest_once")]

    def __str__(self) -> str:
        return f"{self.juror_id} {self.idea_id}"


class Judgement(models.Model):
    """What a juror thinks of an idea, a draft until the juror submits.

    ``note`` is to oneself and read by nobody else; ``comment`` goes to the chair, for the
    published reasons.
    """

    juror = models.ForeignKey("ideas.Juror", on_delete=models.CASCADE, related_name="judgements")
    idea = models.ForeignKey("ideas.Idea", on_delete=models.CASCADE, related_name="judgements")
    note = models.TextField(blank=True, default="")
    comment = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10)
    saved_at = models.DateTimeField()

    AUDITED_FIELDS = ("juror_id", "idea_id", "comment")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["juror", "idea"], name="judgement_once")]

    def __str__(self) -> str:
        return f"{self.juror_id} {self.idea_id}"


class Mark(models.Model):
    """One juror's mark for one idea on one criterion."""

    judgement = models.ForeignKey("ideas.Judgement", on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey("ideas.Criterion", on_delete=models.PROTECT, related_name="marks")
    value = models.PositiveSmallIntegerField()

    AUDITED_FIELDS = ("judgement_id", "criterion_id", "value")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judgement", "criterion"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(value__gte=LOWEST, value__lte=HIGHEST), name="mark_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.value}"
