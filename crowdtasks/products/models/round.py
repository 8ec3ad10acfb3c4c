"""A round: one build, the steps people are asked to try, and how each try went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from crowdtasks.models import Funded
from crowdtasks.products.querysets import AttemptQuerySet


class WhoTries(models.TextChoices):
    """Who may try a round."""

    ANYONE = "anyone", _("Anyone who comes by")
    INVITED = "invited", _("Invited volunteers")


class Round(Funded):
    """What publishing a round writes beside its engagement and its questions."""

    engagement = models.OneToOneField(
        "participation.Engagement",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="round",
    )
    build = models.ForeignKey("products.Build", on_delete=models.PROTECT, related_name="rounds")
    who = models.CharField(max_length=8, choices=WhoTries.choices, default=WhoTries.ANYONE)

    #: Whether the questions end with the ten statements of the System Usability Scale.
    asks_sus = models.BooleanField(default=False)
    #: How many people can be rewarded; None: nobody is.
    reward_places = models.PositiveIntegerField(null=True, blank=True)
    #: When what no claim code waits for went back after the close; ``returned_at``: when the rest.
    closed_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "engagement_id",
        "build_id",
        "who",
        "asks_sus",
        "reward",
        "reward_places",
        "hold_days",
        "seconds",
        "checks",
        "set_aside",
        "closed_at",
        "returned_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reward=0) | Q(reward_places__gt=0), name="round_reward_has_places"
            )
        ]

    def __str__(self) -> str:
        return str(self.engagement_id)

    @property
    def most(self) -> int:
        """How many people can be rewarded."""
        return self.reward_places or 0


class Step(models.Model):
    """One thing to do, by its block id; retired, never deleted, as long as nobody has tried."""

    round = models.ForeignKey("products.Round", on_delete=models.PROTECT, related_name="steps")
    block_id = models.CharField(max_length=40)
    order = models.PositiveIntegerField(default=0)
    title = models.JSONField(default=dict)
    task = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = ("round_id", "block_id", "order", "title", "task", "retired_at")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "block_id"], name="step_block_once")
        ]

    def __str__(self) -> str:
        return self.block_id


class Attempt(models.Model):
    """Somebody tries the build, from the first step to what was handed in.

    It goes with the draft of the feedback form, which holds it until it is handed in, and is
    deleted with it. ``contribution`` is the entry of the register afterwards.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    round = models.ForeignKey("products.Round", on_delete=models.PROTECT, related_name="attempts")
    draft = models.OneToOneField(
        "questionnaires.Draft",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attempt",
    )
    contribution = models.OneToOneField(
        "participation.Contribution",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attempt",
    )
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    #: Whether the visit had handed in a try of this round before: without an account only the
    #: first has a reward.
    again = models.BooleanField(default=False)
    #: Whether more were begun from one place before than rewards are held for: see ``one_place``.
    many = models.BooleanField(default=False)

    AUDITED_FIELDS = (
        "public_id",
        "round_id",
        "contribution_id",
        "begun_at",
        "finished_at",
        "again",
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, finished_at__isnull=False)
                | Q(draft__isnull=False, contribution__isnull=True, finished_at__isnull=True),
                name="attempt_is_begun_or_handed_in",
            )
        ]
        indexes = [models.Index(fields=["round", "finished_at"])]

    def __str__(self) -> str:
        return self.public_id


class Went(models.TextChoices):
    """How a step went, as who tried it says."""

    DONE = "done", _("I did it")
    TROUBLE = "trouble", _("I did it, with trouble")
    FAILED = "failed", _("I could not do it")


class StepResult(models.Model):
    """How one step of one try went; made when its page is first shown, told when it is answered.

    ``seconds`` is from there to the first answer; None where the person was interrupted or it took
    longer than a step can (``timing.MOST``). ``difficulty`` is the Single Ease Question turned into
    a scale from 1 (very difficult) to 7 (very easy).
    """

    attempt = models.ForeignKey(
        "products.Attempt", on_delete=models.CASCADE, related_name="results"
    )
    step = models.ForeignKey("products.Step", on_delete=models.PROTECT, related_name="results")
    begun_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    went = models.CharField(max_length=8, choices=Went.choices, blank=True, default="")
    seconds = models.PositiveIntegerField(null=True, blank=True)
    difficulty = models.PositiveSmallIntegerField(null=True, blank=True)

    AUDITED_FIELDS = ("attempt_id", "step_id", "went", "seconds", "difficulty")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "step"], name="step_result_once"),
            models.CheckConstraint(
                condition=Q(difficulty__isnull=True) | Q(difficulty__gte=1, difficulty__lte=7),
                name="step_difficulty_of_seven",
            ),
            models.CheckConstraint(
                condition=Q(went="", answered_at__isnull=True)
                | (~Q(went="") & Q(answered_at__isnull=False)),
                name="step_answered_when_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.step_id}"
