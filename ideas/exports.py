"""What a contest's bureaux take away: ideas, comments, and results once everybody may see them.

Texts as they were written, without who wrote them: no name, address or number of a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock, dates
from core.exceptions import Absent
from core.texts import pick
from feedback.files.table import Column, Row
from feedback.section_comments import READABLE
from ideas import totals
from ideas.ballots import has_ended, vote_of
from ideas.models import (
    ContestVote,
    Distinction,
    Idea,
    IdeaStatus,
    JuryPlace,
    ResultPlace,
    Screened,
)
from ideas.reading import district_name, imported_of
from ideas.result_reading import jury_places, published_places
from participation.models import Comment, Engagement, Side
from participation.register import support_counts

CHUNK = 1000
WHATS = ("ideas", "comments", "results")
NUMBER = Column("id", _("Number in the register"))


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dates.ZONE).isoformat(timespec="seconds")


def _label(labels: Callable[[Any], Any]) -> Callable[[Any], str]:
    """A key in people's words."""
    return lambda key: str(labels(key).label) if key else ""


IDEAS = [
    NUMBER,
    Column("led_by", _("Put together with")),
    Column("title", pgettext_lazy("report", "Title")),
    Column("text", pgettext_lazy("report", "Text")),
    Column("language", _("Language of the text")),
    Column("category", pgettext_lazy("report", "Category"), lambda name: pick(name).text),
    Column("tags", _("Tags"), lambda tags: " ".join(f"#{tag}" for tag in tags)),
    Column("district", pgettext_lazy("report", "District"), lambda key: str(district_name(key))),
    Column("place", pgettext_lazy("of an idea", "Place")),
    Column("received_at", pgettext_lazy("time", "Received at")),
    Column("version", pgettext_lazy("report", "Version")),
    Column("screening", pgettext_lazy("of ideas", "Screening"), _label(Screened)),
    Column("status", pgettext_lazy("report", "Status"), _label(IdeaStatus)),
    Column("comments", pgettext_lazy("report", "Comments")),
    Column("cost", _("Cost (HK$)")),
    Column("supports_at_source", _("Supports at the source")),
]
COMMENTS = [
    NUMBER,
    Column("idea", _("Idea’s number")),
    Column("reply_to", _("Reply to")),
    Column("side", pgettext_lazy("report", "Side"), _label(Side)),
    Column("state", pgettext_lazy("report", "State")),
    Column("official", _("Reply of the bureau"), lambda value: _("yes") if value else ""),
    Column("text", pgettext_lazy("report", "Text")),
    Column("language", _("Language of the text")),
    Column("received_at", pgettext_lazy("time", "Received at")),
    Column("supports", _("People who agree")),
]


def _ideas(engagement: Engagement) -> Iterator[Row]:
    rows = (
        Idea.objects.filter(engagement=engagement, contribution__state="published")
        .with_card()
        .with_comments()
        .select_related("merged_into__contribution")
        .order_by("received_at", "pk")
    )
    found: Any = rows.iterator(chunk_size=CHUNK)
    for idea in found:
        entry = idea.contribution
        yield {
            "id": entry.public_id,
            "led_by": idea.merged_into.contribution.public_id if idea.merged_into else None,
            "title": idea.title,
            "text": idea.text,
            "language": entry.language,
            "category": dict(idea.category.name) if idea.category else None,
            "tags": sorted(tag.name for tag in idea.tags.all()),
            "district": idea.district or None,
            "place": idea.place,
            "received_at": _moment(idea.received_at),
            "version": idea.number,
            "screening": idea.screened or None,
            "status": idea.status,
            "comments": idea.comments,
            "cost": idea.cost.amount if hasattr(idea, "cost") else None,
            "supports_at_source": getattr(imported_of(idea), "supports", None),
        }


def _comments(engagement: Engagement) -> Iterator[Row]:
    """What is public and what was sent to the bureau alone, as in the report."""
    rows = (
        Comment.objects.filter(
            contribution__engagement=engagement, contribution__state__in=READABLE
        )
        .select_related("contribution", "parent__contribution", "thread__idea__contribution")
        .order_by("contribution__received_at", "pk")
    )
    for start in range(0, rows.count(), CHUNK):
        some = list(rows[start : start + CHUNK])
        supports = support_counts([row.pk for row in some])
        for row in some:
            entry, idea = row.contribution, getattr(row.thread, "idea", None)
            yield {
                "id": entry.public_id,
                "idea": idea.contribution.public_id if idea else None,
                "reply_to": row.parent.contribution.public_id if row.parent else None,
                "side": row.side or None,
                "state": entry.state,
                "official": row.official,
                "text": entry.text,
                "language": entry.language,
                "received_at": _moment(entry.received_at),
                "supports": supports.get(row.pk, 0),
            }


def public_vote(engagement: Engagement) -> ContestVote | None:
    """The vote, once everybody may see its result."""
    vote, now = vote_of(engagement), clock.now()
    over = vote is not None and has_ended(engagement, now) and totals.shown(vote, now)
    return vote if over else None


def public_places(engagement: Engagement) -> dict[int, JuryPlace]:
    """The jury's places by idea, once published."""
    return {row.idea_id: row for row in jury_places(engagement)}


def has_results(engagement: Engagement) -> bool:
    """Whether there is anything in the file of results yet."""
    return (
        public_vote(engagement) is not None
        or bool(public_places(engagement))
        or bool(published_places(engagement))
    )


def _results(engagement: Engagement) -> tuple[list[Column], Iterator[Row]]:
    """Each idea with what the result makes of it, its votes and its place by the jury: what of
    them is public.

    Raises Absent while nothing is.
    """
    vote, places = public_vote(engagement), public_places(engagement)
    decided = published_places(engagement)
    if vote is None and not places and not decided:
        raise Absent
    columns = [NUMBER, Column("title", pgettext_lazy("report", "Title"))]
    values: list[int] = []
    if decided:
        columns += [
            Column("result_place", _("Place in the result")),
            Column("together", pgettext_lazy("jury and vote", "Together")),
            Column("distinction", _("Distinction"), _label(Distinction)),
            Column("prize", _("Prize")),
            Column("reason", _("Reason")),
        ]
    if vote is not None:
        values = list(vote.way.values) if len(vote.way.values) > 1 else []
        columns += [
            Column("place", pgettext_lazy("in a result", "Place")),
            Column("votes", pgettext_lazy("report", "Votes")),
            *(Column(f"given_{value}", f"★ {value}") for value in values),
            Column("score", _("Score")),
            *([Column("funded", _("Within the budget"), _yes)] if vote.way.needs_cost else []),
        ]
    if places:
        columns += [
            Column("jury_place", _("Place by the jury")),
            Column("normalised", _("Normalised")),
            Column("plain", _("Without normalisation")),
            Column("jurors", _("Jurors")),
        ]
    return columns, _result_rows(engagement, vote, places, decided, values)


def _yes(value: bool) -> str | Promise:
    return _("yes") if value else ""


def _result_rows(
    engagement: Engagement,
    vote: ContestVote | None,
    places: dict[int, JuryPlace],
    decided: dict[int, ResultPlace],
    values: list[int],
) -> Iterator[Row]:
    standings = {one.public_id: one for one in totals.standings(vote)} if vote else {}
    rows = Idea.objects.filter(engagement=engagement).select_related("contribution")
    found: list[tuple[tuple[int, int, int], Row]] = []
    for idea in rows.iterator(chunk_size=CHUNK):
        one, row = standings.get(idea.contribution.public_id), places.get(idea.pk)
        last = decided.get(idea.pk)
        if one is None and row is None and last is None:
            continue
        line: dict[str, Any] = {
            "id": idea.contribution.public_id,
            # A result stands when an idea is hidden later; its words do not.
            "title": idea.title if idea.is_public else None,
            "result_place": last.place if last else None,
            "together": float(last.together) if last and last.together is not None else None,
            "distinction": (last.distinction or None) if last else None,
            "prize": (pick(last.prize).text or None) if last else None,
            "reason": (pick(last.reason).text or None) if last else None,
            "place": one.place if one else None,
            "votes": one.votes if one else None,
            **{f"given_{value}": one.counts.get(value, 0) if one else None for value in values},
            "score": one.score if one else None,
            "funded": one.funded if one else None,
            "jury_place": row.place if row else None,
            "normalised": float(row.normal) if row else None,
            "plain": float(row.plain) if row else None,
            "jurors": row.jurors if row else None,
        }
        first = last.place if last and last.place else len(decided) + 1
        order = (first, row.place if row else len(places) + 1, one.place if one else 0)
        found.append((order, line))
    found.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    yield from (line for _order, line in found)


def table(engagement: Engagement, what: str) -> tuple[list[Column], Iterator[Row]]:
    """The columns and rows of one of ``WHATS``. Raises Absent for results that are not public."""
    if what == "ideas":
        return IDEAS, _ideas(engagement)
    if what == "comments":
        return COMMENTS, _comments(engagement)
    return _results(engagement)
