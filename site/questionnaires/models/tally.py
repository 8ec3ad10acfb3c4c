"""Figures kept by a job, so that a public page of 100,000 responses asks few rows."""

from django.db import models


class Totals(models.Model):
    """Of one questionnaire: when its figures were last counted, and over how many responses.

    ``stale_since`` is set by a write and cleared by the count that began after it.
    """

    questionnaire = models.OneToOneField(
        "questionnaires.Questionnaire",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="totals",
    )
    responses = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)
    stale_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.questionnaire_id)


class Tally(models.Model):
    """How many live responses gave this answer.

    ``bucket`` is an option's block id, a scale's step, a number or date as ISO text, 'text' for a
    written answer, and 'answered' for how many answered the question at all. Numbers of which
    hundreds differ are not counted one by one here: a ``Spread`` says how they lie.
    """

    question = models.ForeignKey(
        "questionnaires.Question", on_delete=models.CASCADE, related_name="tallies"
    )
    bucket = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "bucket"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.bucket}"


class Spread(models.Model):
    """How the numbers given to one question lie, where more than a few of them differ.

    ``data`` is ``statistics.spread``'s: n, mean, median, quartiles, least and most, and counts by
    stretches between round numbers.
    """

    question = models.OneToOneField(
        "questionnaires.Question",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="spread",
    )
    data = models.JSONField()

    def __str__(self) -> str:
        return str(self.question_id)
