"""What an officer has at hand while writing what was heard: the most agreed with, letters sent by
many, and a list of public texts to quote from. For the bureau's own officers only.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from core.simplified import to_simplified
from participation import outcome_targets
from participation.alike import groups_of
from participation.models import Contribution, Engagement
from participation.register import ContributionQuerySet

#: Texts that are read for groups: beyond so many the newest count.
MOST_TEXTS = 5_000
SHOWN = 5
LISTED = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A public text that can be quoted; ``supports`` people agree with it."""

    public_id: str
    part: str
    text: str
    language: str
    name: str
    supports: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts that read alike: how many, one of them, and which of them is public ('' for none)."""

    size: int
    text: str
    language: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Letters:
    """How many texts there are, how many distinct, and the largest groups."""

    total: int
    distinct: int
    groups: list[Letter]


def _on(engagement: Engagement, kind: str, key: str) -> ContributionQuerySet:
    target = outcome_targets.find(kind)
    entries = target.entries(key) if target else Q()
    rows: ContributionQuerySet = Contribution.objects.filter(entries, engagement=engagement)
    return rows.by_citizens().exclude(text="")


def _source(row: Contribution, supports: int = 0) -> Source:
    return Source(
        public_id=row.public_id,
        part="",
        text=row.text,
        language=row.language,
        name="" if row.name_withheld else row.author_name,
        supports=supports,
    )


def most_supported(engagement: Engagement, kind: str, key: str) -> list[Source]:
    """The public comments on a target that most people agree with, the most first."""
    rows = (
        _on(engagement, kind, key)
        .published()
        .filter(kind="comment")
        .annotate(agreed=Count("comment__supports", distinct=True))
        .order_by("-agreed", "received_at", "pk")[:SHOWN]
    )
    return [_source(row, row.agreed) for row in rows]


def letters(engagement: Engagement, kind: str, key: str) -> Letters:
    """The largest groups of alike texts on a target, of those the bureau may read."""
    rows = list(
        _on(engagement, kind, key)
        .filter(state__in=["published", "confidential"])
        .order_by("-received_at", "-pk")
        .values_list("public_id", "text", "language", "state")[:MOST_TEXTS]
    )
    # Public texts first, so that one of them speaks for its group where there is one.
    rows.sort(key=lambda row: row[3] != "published")
    found = groups_of(row[1] for row in rows)
    groups = [
        Letter(
            size=group.size,
            text=rows[group.first][1],
            language=rows[group.first][2],
            public_id=rows[group.first][0] if rows[group.first][3] == "published" else "",
        )
        for group in found.groups[:SHOWN]
    ]
    return Letters(found.total, found.distinct, groups)


def quotable(
    engagement: Engagement, kind: str, key: str, words: str, *, everywhere: bool = False
) -> list[Source]:
    """Public texts that hold all the words, on the target or (``everywhere``) on anything.

    The most agreed with first; at most ``LISTED``. Traditional words find Simplified texts too.
    """
    rows = _on(engagement, "whole" if everywhere else kind, "" if everywhere else key).published()
    for word in words.split()[:8]:
        rows = rows.filter(Q(text__icontains=word) | Q(text__icontains=to_simplified(word)))
    found = [
        _source(row, row.agreed)
        for row in rows.annotate(agreed=Count("comment__supports", distinct=True)).order_by(
            "-agreed", "-received_at", "-pk"
        )[:LISTED]
    ]
    parts = outcome_targets.list_parts(engagement, kind, key, words)
    found += [
        Source(row.public_id, part, text, row.language, row.author_name)
        for row, part, text in parts
    ]
    return found[: LISTED * 2]


def spoken_on(engagement: Engagement) -> set[tuple[str, str]]:
    """Targets that something was said on, and the whole; a query for each kind of entry."""
    rows = (
        Contribution.objects.filter(engagement=engagement)
        .by_citizens()
        .exclude(state__in=["withdrawn", "withheld"])
        .select_related("comment__thread")[:MOST_TEXTS]
    )
    found = {(outcome_targets.WHOLE, "")}
    threads: set[int] = set()
    for row in rows:
        comment = getattr(row, "comment", None)
        if comment is not None:
            # One entry of each thread says what all of it is about.
            if comment.thread_id in threads:
                continue
            threads.add(comment.thread_id)
        found |= outcome_targets.keys_of(row)
    return found
