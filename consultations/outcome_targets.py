"""What an outcome answers to on a paper: its chapters and its statements."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.actions.opinion import open_grouping
from consultations.models import Chapter, OpinionGrouping, Statement
from consultations.opinion_map import LETTERS
from consultations.statements import NONE, counts_of, is_sealed
from core import clock
from core.texts import LANGUAGES, pick
from feedback.sections import words
from participation import outcome_targets
from participation.models import Contribution, Engagement
from participation.outcome_targets import Figure, TargetKind, TargetView
from participation.register import ContributionQuerySet

#: The groups are answered to together: a group's letter goes by size and may change.
ALL_GROUPS = "all"
_SIDES = ("agree", "disagree")
_ALL = {
    "agree": _("All groups agree: %(statement)s"),
    "disagree": _("All groups disagree: %(statement)s"),
}
_IN_GROUP = _("Agree in group %(group)s")


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
    by_group = [
        Figure("group", cell[0], sum(cell), words(_IN_GROUP, group=LETTERS[place]))
        for place, cell in enumerate(_cells(engagement, key))
        if cell
    ]
    return [
        Figure("voters", counts.voters),
        Figure("agree", counts.agree, counts.voters),
        Figure("disagree", counts.disagree, counts.voters),
        Figure("pass", counts.passed, counts.voters),
        *by_group,
    ]


def _grouping(engagement: Engagement) -> dict[str, Any]:
    kept = OpinionGrouping.objects.filter(engagement=engagement).first()
    return kept.data if kept is not None else {"groups": []}


def _cells(engagement: Engagement, key: str) -> list[list[int] | None]:
    """The counts by group of one statement that may be shown."""
    rows = _grouping(engagement).get("statements", ())
    return next((row["counts"] for row in rows if row["statement"] == key), [])


def _group_views(engagement: Engagement) -> list[TargetView]:
    """One target: the groups together. Only where there are groups to speak of, or may be.

    While results are sealed nobody knows whether there are any, so that alone must not tell.
    """
    kept = OpinionGrouping.objects.filter(engagement=engagement).first()
    if kept is None:
        statements = Statement.objects.filter(engagement=engagement, state="published")
        offered = is_sealed(engagement, clock.now()) and statements.exists()
    else:
        offered = bool(kept.data["groups"])
    if not offered:
        return []
    return [
        TargetView(
            kind="groups",
            key=ALL_GROUPS,
            title=words(_("Opinion groups")),
            path={
                code: f"/{code}/e/{engagement.public_id}/statements/groups/" for code in LANGUAGES
            },
        )
    ]


def _shared(engagement: Engagement, key: str) -> list[Figure]:
    """What all groups share, by group-informed consensus, the most first: how many, of how many."""
    data = _grouping(engagement)
    counts = {row["statement"]: row["counts"] for row in data.get("statements", ())}
    texts = dict(
        Statement.objects.filter(
            engagement=engagement, state="published", public_id__in=counts
        ).values_list("public_id", "text")
    )
    figures = []
    for each in data.get("shared", ()):
        cells = [cell for cell in counts[each["statement"]] if cell]
        if each["statement"] not in texts:
            continue
        side = _SIDES.index(each["side"])
        label = {
            code: sentence % {"statement": pick(texts[each["statement"]], code).text}
            for code, sentence in words(_ALL[each["side"]]).items()
        }
        figures.append(
            Figure(
                "shared",
                sum(cell[side] for cell in cells),
                sum(map(sum, cells)),
                label,
                about=each["statement"],
            )
        )
    return figures


def _withheld_statements(keys: Collection[str]) -> list[str]:
    rows = Statement.objects.filter(public_id__in=keys).exclude(state="published")
    return list(rows.values_list("public_id", flat=True))


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
    withheld=_withheld_statements,
)


GROUPS = TargetKind(
    kind="groups",
    label=_("Opinion groups"),
    order=35,
    views=_group_views,
    # Nobody writes on the groups: they are found from votes.
    entries=lambda key: Q(pk__in=[]),
    keys_of=lambda contribution: [],
    figures=_shared,
    withheld=_withheld_statements,
    open_results=open_grouping,
)


def register() -> None:
    """Called from ``ready()``."""
    outcome_targets.register(CHAPTER)
    outcome_targets.register(STATEMENT)
    outcome_targets.register(GROUPS)
