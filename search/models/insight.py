"""What was looked for, as counts of a day. No row tells of fewer than ``core.disclosure.LEAST``."""

from django.db import models


class SearchAsked(models.Model):
    """How many asked one question on one day in one language of the pages.

    ``folded`` is what makes it one question in every script; the row without it is the whole
    day's. ``near`` are those for whom nothing held all of it, ``nothing`` those who found nothing
    at all; a number below the least stands as 0. Written by ``search.insight.gathering`` alone.
    """

    day = models.DateField()
    language = models.CharField(max_length=10)
    folded = models.CharField(max_length=200, blank=True, default="")
    words = models.CharField(max_length=200, blank=True, default="")
    asked = models.PositiveIntegerField()
    near = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "language", "folded"], name="search_asked_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.language} {self.words}"


class SearchOpened(models.Model):
    """How many opened one hit of a question on one day. Of the hit it holds no text and no title:
    whether anybody may still see it is asked whenever it is shown.
    """

    day = models.DateField()
    language = models.CharField(max_length=10)
    folded = models.CharField(max_length=200)
    words = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    opened = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "language", "folded", "kind", "object_id"],
                name="search_opened_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.language} {self.words}: {self.kind} {self.object_id}"
