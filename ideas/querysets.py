"""Reads of ideas: what everybody may see, in the orders a list may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Mod

from core.text import fold

if TYPE_CHECKING:
    from ideas.models import Idea  # noqa: F401

#: A prime above every lot and seed; products of two stay below 2 to the 62nd.
_PRIME = 2_147_483_647
#: Words a query is cut into at most; more would only slow the database down.
TERMS = 8


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Ideas of contests."""

    def public(self) -> IdeaQuerySet:
        """What everybody may read."""
        # A bare boolean in WHERE hides the columns behind it in an index from SQLite; a list of
        # one does not.
        return self.filter(is_public__in=[True])

    def votable(self) -> IdeaQuerySet:
        """What people may vote on: public, led by no other idea, and accepted.

        An idea that was not screened counts where its contest has no screening phase. One that is
        to be completed, or was declined, is not on the ballot.
        """
        from participation.models import Phase

        screening = Phase.objects.filter(engagement=OuterRef("engagement"), key="screening")
        unscreened = Q(screened="") & ~Exists(screening)
        return self.public().filter(Q(screened="accepted") | unscreened)

    def with_card(self) -> IdeaQuerySet:
        """With what a card shows, in one query and one for the tags."""
        return self.select_related(
            "contribution__imported", "category", "thread", "cost"
        ).prefetch_related("tags")

    def with_comments(self) -> IdeaQuerySet:
        """Each row carries ``comments``: how many the public can read, replies included, with
        those on ideas it leads.
        """
        from participation.models import Comment

        public = Comment.objects.filter(contribution__state="published", official=False).order_by()
        own = public.filter(thread=OuterRef("thread")).values("thread")
        led = public.filter(
            thread__idea__merged_into=OuterRef("pk"),
            thread__idea__contribution__state="published",
        ).values("thread__idea__merged_into")
        counts = [
            Coalesce(Subquery(rows.annotate(total=Count("pk")).values("total")), 0)
            for rows in (own, led)
        ]
        return self.annotate(comments=counts[0] + counts[1])

    def found(self, text: str) -> IdeaQuerySet:
        """Ideas that hold every word, in whatever script; all of them for no words."""
        rows: Any = self
        for term in [term for term in fold(text).split() if term][:TERMS]:
            rows = rows.filter(search__contains=term)
        return rows

    def shuffled(self, seed: int) -> IdeaQuerySet:
        """An order that depends on the seed and on each idea's lot alone, the same on every
        database: ``(lot * (2 * seed + 1) + seed) mod prime``; multiplying is one to one, so no two
        lots meet.
        """
        factor = 2 * (seed * 7919 % 1_000_000) + 1
        return self.annotate(
            shuffled_to=Mod(F("lot") * factor + seed, _PRIME, output_field=models.BigIntegerField())
        ).order_by("shuffled_to", "pk")

    def most_supported(self) -> IdeaQuerySet:
        """By the score of the public vote; whoever asks has asked ``ideas.totals.shown``."""
        rows: Any = self.select_related("total")
        return rows.order_by(F("total__score").desc(nulls_last=True), "pk")

    def newest(self) -> IdeaQuerySet:
        return self.order_by("-received_at", "-pk")

    def most_discussed(self) -> IdeaQuerySet:
        """Most comments first; among equals the newest."""
        rows: Any = self.with_comments()
        return rows.order_by("-comments", "-received_at", "-pk")

    def most_supported_at_source(self) -> IdeaQuerySet:
        """Most supports counted where ideas were imported from, those first; they are no votes."""
        supports = F("contribution__imported__supports").desc(nulls_last=True)
        return self.order_by(supports, "pk")
