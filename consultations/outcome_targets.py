"""What an outcome answers to on a paper: its chapters and its statements."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models import Chapter, Statement
from consultations.statements import NONE, counts_of
from core.texts import LANGUAGES
from participation import outcome_targets
from participation.models import Contribution, Engagement
from participation.outcome_targets import Figure, TargetKind, TargetView
from participation.register import ContributionQuerySet


def _chapters(engagement: Engagement) -> list[TargetView]:
    paths = engagement.paths or {}
    return [
        TargetView(
            kind="chapter",
            key=row.anchor,
            title={language: f"{row.number}. {text}" for language, text in row.title.items()},
            path={language: f"{path}#{row.anchor}" for language, path in paths.items()},
            retired=row.retired_at is not None,
        )
        for row in Chapter.objects.filter(engagement=engagement)
    ]


def _chapter_of(contribution: Contribution) -> list[str]:
    comment = getattr(contribution, "comment", None)
    paragraph = getattr(comment.thread, "paragraph", None) if comment is not None else None
    return [paragraph.chapter.anchor] if paragraph is not None else []


def _said(engagement: Engagement) -> ContributionQuerySet:
    """What citizens said that may be weighed."""
    rows: ContributionQuerySet = Contribution.objects.filter(engagement=engagement)
    return rows.by_citizens().exclude(state__in=["withdrawn", "withheld"]).order_by()


def _chapters_spoken(engagement: Engagement) -> list[str]:
    rows = _said(engagement).filter(comment__thread__paragraph__isnull=False)
    return list(
        rows.values_list("comment__thread__paragraph__chapter__anchor", flat=True).distinct()
    )


def _statements_spoken(engagement: Engagement) -> list[str]:
    rows = _said(engagement).filter(statement__isnull=False)
    return list(rows.values_list("statement__public_id", flat=True))


def _statements(engagement: Engagement) -> list[TargetView]:
    path = {
        language: f"/{language}/e/{engagement.public_id}/statements/results/"
        for language in LANGUAGES
    }
    rows = Statement.objects.filter(engagement=engagement, state="published")
    return [
        TargetView(
            kind="statement",
            key=row.public_id,
            title=row.text,
            path=path,
            retired=row.retired_at is not None,
        )
        for row in rows.order_by("order", "pk")
    ]


def _statement_of(contribution: Contribution) -> list[str]:
    statement = getattr(contribution, "statement", None)
    return [statement.public_id] if statement is not None else []


def _votes(engagement: Engagement, key: str) -> list[Figure]:
    """How people voted; asked only when results are not sealed."""
    row = Statement.objects.filter(engagement=engagement, public_id=key).first()
    if row is None:
        return []
    counts = counts_of(engagement).get(row.ballot_id, NONE)
    return [
        Figure("voters", counts.voters),
        Figure("agree", counts.agree, counts.voters),
        Figure("disagree", counts.disagree, counts.voters),
        Figure("pass", counts.passed, counts.voters),
    ]


CHAPTER = TargetKind(
    kind="chapter",
    label=_("Chapter"),
    order=20,
    views=_chapters,
    entries=lambda key: Q(comment__thread__paragraph__chapter__anchor=key),
    keys_of=_chapter_of,
    spoken=_chapters_spoken,
)
STATEMENT = TargetKind(
    kind="statement",
    label=_("Statement"),
    order=30,
    views=_statements,
    entries=lambda key: Q(statement__public_id=key),
    keys_of=_statement_of,
    spoken=_statements_spoken,
    figures=_votes,
)


def register() -> None:
    """Called from ``ready()``."""
    outcome_targets.register(CHAPTER)
    outcome_targets.register(STATEMENT)
