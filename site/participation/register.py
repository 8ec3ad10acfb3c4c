"""Reads of the register: what the public may see, in the orders it may ask for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q, Window
from django.db.models.functions import Coalesce, RowNumber

if TYPE_CHECKING:
    from participation.models import Engagement


def shown(prefix: str = "") -> Q:
    """What the public list shows: public texts, and stubs of what was public or withheld.

    An entry withdrawn before anybody could read it leaves no trace in public.
    """
    state = f"{prefix}state"
    return (
        Q(**{state: "published"})
        | Q(**{state: "withheld", f"{prefix}publish_choice": "name"})
        | Q(**{state: "withdrawn", f"{prefix}published_at__isnull": False})
    )


class ContributionQuerySet(models.QuerySet[Any]):
    """Entries of the register."""

    def published(self) -> ContributionQuerySet:
        """What everybody may read."""
        return self.filter(state="published")

    def by_citizens(self) -> ContributionQuerySet:
        """Without the bureau's own replies, which are no contributions of the public."""
        return self.exclude(comment__official=True)


class CommentQuerySet(models.QuerySet[Any]):
    """Comments as the public list needs them."""

    def of_threads(self, threads: list[int]) -> CommentQuerySet:
        return self.filter(thread__in=threads)

    def shown(self) -> CommentQuerySet:
        """Public texts, and stubs of withheld and withdrawn ones. Never held or confidential."""
        return self.filter(shown("contribution__"))

    def top_level(self) -> CommentQuerySet:
        return self.filter(parent__isnull=True)

    def with_text(self) -> CommentQuerySet:
        """With the entry and the replying bureau, in the same query."""
        return self.select_related("contribution", "bureau")

    def on_side(self, side: str) -> CommentQuerySet:
        """Public comments of one side; a withheld or withdrawn one is on none any more."""
        return self.filter(side=side, contribution__state="published")

    def newest(self) -> CommentQuerySet:
        return self.order_by("-contribution__received_at", "-pk")

    def oldest(self) -> CommentQuerySet:
        return self.order_by("contribution__received_at", "pk")

    def before(self, received_at: dt.datetime, pk: int) -> CommentQuerySet:
        """Those that come before this one where the oldest come first."""
        earlier = Q(contribution__received_at__lt=received_at)
        return self.filter(earlier | Q(contribution__received_at=received_at, pk__lt=pk))

    def most_supported(self) -> CommentQuerySet:
        """Most agreed with first; among equals the newest."""
        return self.annotate(support_order=Count("supports")).order_by(
            "-support_order", "-contribution__received_at", "-pk"
        )

    def first_replies(self, parents: list[int], limit: int) -> CommentQuerySet:
        """The first ``limit`` shown replies of each parent, the bureau's first, then oldest.

        Each row carries ``reply_count``, how many its parent has in all.
        """
        return (
            self.filter(parent__in=parents)
            .shown()
            .with_text()
            .annotate(
                reply_place=Window(
                    RowNumber(),
                    partition_by=F("parent_id"),
                    order_by=[F("official").desc(), F("contribution__received_at").asc(), "pk"],
                ),
                reply_count=Window(Count("*"), partition_by=F("parent_id")),
            )
            .filter(reply_place__lte=limit)
            .order_by("parent_id", "reply_place")
        )


def counts_by_thread(engagement: Engagement) -> dict[str, int]:
    """How many public comments each thread key has, replies included; one query for all."""
    from participation.models import Comment

    rows = (
        Comment.objects.filter(
            thread__engagement=engagement, contribution__state="published", official=False
        )
        .order_by()
        .values_list("thread__key")
        .annotate(total=Count("pk"))
    )
    return dict(rows)


def side_counts(threads: list[int]) -> dict[str, int]:
    """How many people take each side in public comments on these threads; one query.

    One person counts once a side, however often and wherever they said so.
    """
    from participation.models import Comment

    rows = (
        Comment.objects.filter(thread__in=threads, contribution__state="published")
        .exclude(side="")
        .order_by()
        .values_list("side")
        .annotate(total=Count(Coalesce("contribution__person", -F("pk")), distinct=True))
    )
    return dict(rows)


def support_counts(comments: list[int]) -> dict[int, int]:
    """How many agree with each of these comments; one query for all."""
    from participation.models import Support

    rows = (
        Support.objects.filter(comment__in=comments)
        .order_by()
        .values_list("comment_id")
        .annotate(total=Count("pk"))
    )
    return dict(rows)
