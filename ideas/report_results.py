"""What a contest came to in a report: the public vote, sealed as its rules say, and the jury."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext, pgettext_lazy

from feedback.sections import Cell, Column, Section, SectionData, Step, Table, told, words
from feedback.sections import register as add
from ideas import totals
from ideas.actions.contest import KIND
from ideas.ballots import has_begun, has_ended, vote_of
from ideas.juries import jury_phase
from ideas.models import ContestVote, Idea, JuryPlace
from ideas.report import NUMBER, TITLE
from ideas.result_reading import jury_places
from ideas.voting import Standing
from participation import live as turnout
from participation.models import Engagement

SHOWN = 10
PLACE = Column("place", pgettext_lazy("in a result", "Place"))
#: What may be given where it is not one vote or none.
_GIVEN = {
    1: _("1 star"),
    2: _("2 stars"),
    3: _("3 stars"),
    4: _("4 stars"),
    5: _("5 stars"),
}


def title_of(idea: Idea | None) -> Cell:
    """An idea's title as written; nothing of one that is not public now."""
    if idea is None or not idea.is_public:
        return words(_("An idea that is not public now"))
    return told(idea.title, idea.contribution.language)


def votes_here(engagement: Engagement) -> bool:
    """Whether the public votes on ideas here."""
    return engagement.kind == KIND and vote_of(engagement) is not None


def _may_tell(vote: ContestVote, now: dt.datetime) -> bool:
    """Whether a report tells totals, apart from the section's own seal.

    While people vote totals may be for those alone who have voted: never a report's readers.
    """
    return has_ended(vote.ballot.engagement, now) or (
        totals.counted_live(vote, now) and not vote.after_own
    )


def _counted_now(vote: ContestVote) -> list[Standing]:
    """The order of the result; before it is made, as the votes stand at this moment."""
    if hasattr(vote, "result"):
        return totals.standings(vote)
    return vote.way.order(totals.counted(vote), totals.costs_of(vote), vote.rules)


def _line(vote: ContestVote, one: Standing, idea: Idea | None) -> list[Cell]:
    given = [one.counts.get(value, 0) for value in reversed(vote.way.values)]
    cost = idea.cost.amount if idea is not None and hasattr(idea, "cost") else None
    return [
        title_of(idea),
        one.place,
        one.votes,
        *([*given, one.score] if len(given) > 1 else []),
        *([cost, words(_("yes")) if one.funded else None] if vote.way.needs_cost else []),
        one.public_id,
    ]


def _columns(vote: ContestVote) -> list[Column]:
    stars = [Column(f"given-{value}", _GIVEN[value]) for value in reversed(vote.way.values)]
    money = [
        Column("cost", _("Cost (HK$)")),
        Column("funded", _("Within the budget"), "words"),
    ]
    return [
        TITLE,
        PLACE,
        Column("votes", pgettext_lazy("report", "Votes")),
        *([*stars, Column("score", _("Score"))] if len(vote.way.values) > 1 else []),
        *(money if vote.way.needs_cost else []),
        NUMBER,
    ]


def _vote_tables(vote: ContestVote, standings: list[Standing]) -> list[Table]:
    columns, first = _columns(vote), standings[:SHOWN]

    def every() -> Iterator[list[Cell]]:
        ideas = _ideas(vote)
        for one in standings:
            yield _line(vote, one, ideas.get(one.public_id))

    ideas = _ideas(vote, contribution__public_id__in=[one.public_id for one in first])
    return [
        Table(
            key="votes-first",
            title=_("Ideas most supported in the public vote"),
            columns=columns,
            rows=[_line(vote, one, ideas.get(one.public_id)) for one in first],
            chart=("votes",),
        ),
        Table(
            key="votes",
            title=_("All ideas of the public vote"),
            columns=columns,
            rows=every(),
            long=True,
        ),
    ]


def _ideas(vote: ContestVote, **narrowed: Any) -> dict[str, Idea]:
    rows = Idea.objects.filter(engagement=vote.pk, **narrowed)
    return {
        idea.contribution.public_id: idea for idea in rows.select_related("contribution", "cost")
    }


def _vote_data(engagement: Engagement, now: dt.datetime, standings: Any) -> SectionData | None:
    vote = vote_of(engagement)
    if vote is None or not has_begun(engagement, now):
        return None
    voters = turnout.counts(engagement)["voters"]
    said = words(
        lambda: (
            npgettext("on ideas", "%(count)d person voted.", "%(count)d people voted.", voters)
            % {"count": voters}
        )
    )
    if not _may_tell(vote, now):
        sealed = words(_("While people vote, totals are shown to those alone who have voted."))
        return SectionData(figures={"voters": voters}, lines=[said, sealed])
    found = standings(vote)
    result = getattr(vote, "result", None)
    figures = {
        "voters": voters,
        "votes": result.votes if result else None,
        "spoiled": result.spoiled if result else None,
        "digest": result.digest if result else None,
        "ideas": [
            {
                "id": one.public_id,
                "place": one.place,
                "votes": one.votes,
                "score": one.score,
                "counts": {str(value): number for value, number in sorted(one.counts.items())},
            }
            for one in found
        ],
    }
    more = [] if result else [words(_("The result with its file is made after the close."))]
    tables = _vote_tables(vote, found) if found else []
    return SectionData(figures=figures, lines=[said, *more], tables=tables)


def build_vote(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """Every idea with its votes, counted at this moment where the result is still to be made."""
    return _vote_data(engagement, as_of, _counted_now) or SectionData()


def live_vote(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """The same from what is counted behind the votes; None before the vote has opened."""
    if engagement.kind != KIND:
        return None
    return _vote_data(engagement, as_of, totals.standings)


def judges(engagement: Engagement) -> bool:
    """Whether a jury's result is public."""
    return (
        engagement.kind == KIND
        and jury_phase(engagement) is not None
        and bool(jury_places(engagement))
    )


def live_jury(engagement: Engagement, as_of: dt.datetime) -> SectionData | None:
    """The jury's places with the published reasons; None before they are public."""
    places = jury_places(engagement) if engagement.kind == KIND else []
    if not places:
        return None

    def line(row: JuryPlace) -> list[Cell]:
        return [
            title_of(row.idea),
            row.place,
            float(row.normal),
            row.plain_place,
            float(row.plain),
            row.jurors,
            row.idea.contribution.public_id,
            row.idea.result_place.reason,
        ]

    columns = [
        TITLE,
        PLACE,
        Column("normal", _("Normalised")),
        Column("plain_place", _("Place without normalisation")),
        Column("plain", _("Without normalisation")),
        Column("jurors", _("Jurors")),
        NUMBER,
        Column("reason", _("Reason"), "words"),
    ]
    figures = {
        "jurors": places[0].result.jurors,
        "places": [
            {
                "id": row.idea.contribution.public_id,
                "place": row.place,
                "normal": float(row.normal),
                "plain_place": row.plain_place,
                "plain": float(row.plain),
            }
            for row in places
        ],
    }
    title = _("Result of the jury")
    return SectionData(
        figures=figures,
        tables=[
            Table(
                key="jury-first",
                title=title,
                columns=columns,
                rows=[line(row) for row in places[:SHOWN]],
            ),
            Table(
                key="jury",
                title=_("All places of the jury"),
                columns=columns,
                rows=map(line, places),
                long=True,
            ),
        ],
    )


def build_jury(engagement: Engagement, as_of: dt.datetime, step: Step) -> SectionData:
    """The same."""
    return live_jury(engagement, as_of) or SectionData()


def register() -> None:
    """Votes are results, sealed until the moment the contest states; a jury's result is public or
    not there at all."""
    add(
        Section(
            key="idea-votes",
            title=pgettext_lazy("report", "Public vote"),
            order=26,
            build=build_vote,
            live=live_vote,
            sealed=True,
            applies=votes_here,
        )
    )
    add(
        Section(
            key="jury",
            title=pgettext_lazy("report", "Jury"),
            order=28,
            build=build_jury,
            live=live_jury,
            applies=judges,
        )
    )
