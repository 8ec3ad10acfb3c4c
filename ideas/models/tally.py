"""What a vote came to: totals while it is counted, the result at its close with its file."""

from __future__ import annotations

from django.db import models


class IdeaTotal(models.Model):
    """What an idea was given so far, for lists; whoever reads it asks ``ideas.totals`` first.

    Written behind the votes, never by a vote, and not at all while totals are sealed.
    """

    idea = models.OneToOneField(
        "ideas.Idea", primary_key=True, on_delete=models.CASCADE, related_name="total"
    )
    votes = models.PositiveIntegerField(default=0)
    score = models.FloatField(default=0.0)
    #: How many gave each value, by the value.
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["score"])]

    def __str__(self) -> str:
        return f"{self.idea_id} {self.votes}"


class VoteResult(models.Model):
    """The result, written once at the close, and what its file begins and ends with."""

    vote = models.OneToOneField(
        "ideas.ContestVote", primary_key=True, on_delete=models.PROTECT, related_name="result"
    )
    at = models.DateTimeField()
    voters = models.PositiveIntegerField()
    #: Votes that count; the others are spoiled: nothing in them was still on the ballot.
    votes = models.PositiveIntegerField()
    spoiled = models.PositiveIntegerField()
    #: How many gave each value, by idea and value.
    totals = models.JSONField()
    #: SHA-256 of the file up to its last line, which names it.
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    AUDITED_FIELDS = ("vote_id", "at", "voters", "votes", "spoiled", "totals", "digest")

    def __str__(self) -> str:
        return self.digest


class ResultPiece(models.Model):
    """A compressed piece of a result's file."""

    result = models.ForeignKey("ideas.VoteResult", on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["result", "number"], name="result_piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.result_id} {self.number}"
