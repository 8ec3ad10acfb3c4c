"""The opinion groups of a consultation's statements, as they may be shown."""

from django.db import models


class OpinionGrouping(models.Model):
    """One row an engagement, written anew by a job after votes changed; figures, no people.

    Who is in which group is stored nowhere. ``data`` holds what may be shown and nothing else (see
    ``consultations.opinion.publishing``): groups of at least five, figures that no single answer
    can be worked out from. It is not written while results are sealed.

    ``events``, ``last_event`` and ``rejected`` say which votes it was made of; ``at`` is when they
    were read.
    """

    engagement = models.OneToOneField(
        "participation.Engagement",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="opinion_grouping",
    )
    events = models.PositiveIntegerField()
    last_event = models.PositiveBigIntegerField()
    rejected = models.PositiveIntegerField()
    #: How many people answered anything, and how many were placed in a group of any size.
    people = models.PositiveIntegerField()
    placed = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.engagement_id)
