"""What an officer has at hand while writing what was heard: the most agreed with, letters sent by
many, and a list of public texts to quote from. For the bureau's own officers only.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from core import clock
from core.simplified import to_simplified
from participation import outcome_targets
from participation.alike import groups_of
from participation.models import Contribution, ContributionKind, Engagement
from participation.outcome_targets import TextRow
from participation.policies import can_see_results
from participation.register import ContributionQuerySet
from participation.stages import stage

#: Texts that are read for groups: beyond so many the newest count.
MOST_TEXTS = 5_000
SHOWN = 5
LISTED = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A public text that can be quoted; ``supports`` people agree with it.

    None for what nobody can agree with: only comments are supported.
    """

    public_id: str
    part: str
    text: str
    language: str
    name: str
    supports: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts that read alike: how many, one of them, and whether that one is public."""

    size: int
    text: str
    language: str
    public: bool


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
    # A response has no text of its own: its answers are parts.
    return rows.by_citizens().exclude(kind=ContributionKind.RESPONSE).exclude(text="")


def _source(row: Contribution, supports: int) -> Source:
    return Source(
        public_id=row.public_id,
        part="",
        text=row.text,
        language=row.language,
        name="" if row.name_withheld else row.author_name,
        supports=supports if row.kind == ContributionKind.COMMENT else None,
    )


def answers_wait(engagement: Engagement) -> bool:
    """Whether answers may not be read yet, by its own officers either: sealed, and still open.

    After the close they are read to write the outcome; the public reads them with the results.
    """
    now = clock.now()
    sealed = not can_see_results(engagement=engagement, now=now).allowed
    return sealed and not stage(engagement, now).is_past


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
    target = outcome_targets.find(kind)
    if target is not None and target.texts is not None:
        rows = [] if answers_wait(engagement) else target.texts(engagement, key)
    else:
        rows = [
            TextRow(text, language, state == "published")
            for text, language, state in _on(engagement, kind, key)
            .filter(state__in=["published", "confidential"])
            .order_by("-received_at", "-pk")
            .values_list("text", "language", "state")[:MOST_TEXTS]
        ]
    # Public texts first, so that one of them speaks for its group where there is one.
    rows.sort(key=lambda row: not row.public)
    found = groups_of(row.text for row in rows)
    groups = [
        Letter(
            size=group.size,
            text=rows[group.first].text,
            language=rows[group.first].language,
            public=rows[group.first].public,
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
    waits = answers_wait(engagement)
    parts = [] if waits else outcome_targets.list_parts(engagement, kind, key, words)
    found += [
        Source(row.contribution.public_id, row.part, row.text, row.contribution.language, row.name)
        for row in parts
    ]
    return found[: LISTED * 2]
