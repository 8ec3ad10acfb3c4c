"""The result of a contest: what decided, where each idea stands, who is awarded and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """What the places are made of."""

    BOTH = "both"
    JURY = "jury"
    VOTE = "vote"
    BUREAU = "bureau"


class Distinction(models.TextChoices):
    """What the result makes of an idea, and its status after it; '' is nothing."""

    AWARDED = "awarded", _("Awarded")
    SHORTLISTED = "shortlisted", _("Shortlisted")


class ContestResult(models.Model):
    """Drawn up once, from what is counted and closed; places stand from then on.

    It is published with the outcome of the engagement, whose text a second officer approves.
    ``jury_weight`` in per cent, of the rules as they stood at the opening (``rules``).
    """

    contest = models.OneToOneField(
        "ideas.Contest", primary_key=True, on_delete=models.PROTECT, related_name="result"
    )
    basis = models.CharField(max_length=8, choices=Basis.choices)
    jury_weight = models.PositiveSmallIntegerField()
    rules = models.ForeignKey(
        "ideas.RulesVersion", on_delete=models.PROTECT, related_name="results"
    )
    drawn_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    AUDITED_FIELDS = (
        "contest_id",
        "basis",
        "jury_weight",
        "rules_id",
        "drawn_at",
        "published_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(jury_weight__lte=100), name="jury_weight_is_per_cent"
            )
        ]

    def __str__(self) -> str:
        return str(self.contest_id)


class ResultPlace(models.Model):
    """Where an idea stands and what it is given. Without a place where the bureau alone decides.

    ``jury_share``, ``vote_share`` and ``together`` are from 0 to 1 (``ideas.scoring.shares``);
    ``score`` is what the vote orders by, ``votes`` how many people chose the idea.
    """

    result = models.ForeignKey(
        "ideas.ContestResult", on_delete=models.CASCADE, related_name="places"
    )
    idea = models.OneToOneField("ideas.Idea", on_delete=models.CASCADE, related_name="result_place")
    place = models.PositiveIntegerField(null=True, blank=True)
    together = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    jury_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    vote_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    votes = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    #: Whether the money of a budget that people spent reaches it.
    funded = models.BooleanField(default=False)
    distinction = models.CharField(
        max_length=12, choices=Distinction.choices, blank=True, default=""
    )
    #: What it is awarded, and why it stands here; by language.
    prize = models.JSONField(default=dict, blank=True)
    reason = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    AUDITED_FIELDS = (
        "result_id",
        "idea_id",
        "place",
        "together",
        "jury_share",
        "vote_share",
        "votes",
        "score",
        "distinction",
        "prize",
        "reason",
    )

    class Meta:
        ordering = [models.F("place").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["result", "place"])]

    def __str__(self) -> str:
        return f"{self.result_id} {self.place}"
